"""A Ray of this machine's own is heard by no other machine and needs no home of the user's."""

import json
import os
import subprocess
import sys

import pytest

from fracturelens.scale.cluster import reason_of, variables
from important_variables import ROOT
from tests.helpers.missing import need
from tests.helpers.processes import LOOPBACK

need("ray", "requirements-ray.txt")

CODE = """
import json, os
from fracturelens.scale.cluster import Cluster, connected
from tests.helpers.processes import heard_at
with connected(Cluster()) as workers:
    print(json.dumps([workers, sorted(heard_at(os.getpid()))]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_only_this_machine_is_listened_to(tmp_path):
    (tmp_path / "home").write_text("no folder: nothing can be written into it, by root neither")
    kept = {key: value for key, value in os.environ.items() if not key.startswith("RAY_AUTH")}
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=ROOT, env=kept | {"HOME": str(tmp_path / "home")}, capture_output=True, text=True,
        timeout=240,
    )  # fmt: skip
    assert done.stdout, done.stderr
    workers, addresses = json.loads(done.stdout.splitlines()[-1])
    assert workers == os.cpu_count()
    assert addresses and set(addresses) <= LOOPBACK


@pytest.mark.parametrize(("said", "reason"), [
    ("\x1b[36mray::MapWorker()\x1b[39m (pid=1)\n  File \"a.py\", line 1\nTypeError: no \x1b[2J\n\n"
     "ray.exceptions.UserCodeException: UDF failed", r"TypeError: no \x1b[2J"),
    ("The actor died unexpectedly.\n\tclass_name: MapWorker", "The actor died unexpectedly."),
    ("", "ValueError"),
])  # fmt: skip
def test_a_reason_is_one_line(said, reason):
    assert reason_of(ValueError(said)) == reason


def test_workers_find_our_code_first_and_packages_where_the_user_has_them(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/packages")
    assert variables()["PYTHONPATH"] == f"{ROOT}{os.pathsep}/packages"
    monkeypatch.delenv("PYTHONPATH")
    assert variables()["PYTHONPATH"] == str(ROOT)
