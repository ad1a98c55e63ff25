"""A Ray of this machine's own is heard by no other machine."""

import json
import os
import subprocess
import sys

import pytest

from important_variables import ROOT
from tests.helpers.missing import need
from tests.helpers.processes import LOOPBACK

need("ray", "requirements-ray.txt")

CODE = """
import json, os
from fracturelens.scale.cluster import Cluster, connected
from tests.helpers.processes import heard_at
with connected(Cluster(workers=1)) as workers:
    print(json.dumps([workers, sorted(heard_at(os.getpid()))]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_only_this_machine_is_listened_to(tmp_path):
    token = {"RAY_AUTH_TOKEN_PATH": str(tmp_path / "token"), "RAY_AUTH_MODE": "token"}
    (tmp_path / "token").write_text("0" * 64)
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=ROOT, env=os.environ | token, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    workers, addresses = json.loads(done.stdout.splitlines()[-1])
    assert workers == 1
    assert addresses and set(addresses) <= LOOPBACK
