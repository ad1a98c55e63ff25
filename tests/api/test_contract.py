"""Schemathesis sends what the description allows and what it forbids: no answer surprises."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.api_server import serve_api
from tests.helpers.missing import skip_unless_ci

EXAMPLES = 25
# The description cannot say which bytes are an X-ray: others are refused with status 422.
UNTOLD = "positive_data_acceptance"


@pytest.fixture
def schemathesis():
    """The command; it has an environment of its own, since its plugin slows every test down."""
    own = Path(sys.prefix) / "schemathesis" / "bin"
    found = shutil.which("schemathesis", path=f"{own}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        skip_unless_ci("schemathesis is missing: `make test-all` installs and runs it")
    return found


@pytest.mark.slow
def test_no_server_error_and_no_undocumented_answer(schemathesis, tmp_path):
    with serve_api(tmp_path) as address:
        words = ["run", f"{address}/openapi.json", "--checks", "all", "--exclude-checks", UNTOLD]
        words += ["--max-examples", str(EXAMPLES), "--seed", "1", "--no-color"]
        done = subprocess.run([schemathesis, *words], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:]
    assert "9 selected / 9 total" in done.stdout
