"""Starts a Ray cluster of this machine as an administrator does."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from tests.helpers.processes import kill_tree
from tests.helpers.serving import free_port

RAY = str(Path(sys.executable).with_name("ray"))


@contextmanager
def ray_head(folder, patch, cores=2):
    """Runs a head node until the block ends; yields its address.

    Args:
        folder: of its log.
        patch: a pytest.MonkeyPatch, which tells this process and the head of each other.
        cores: that the head says it has.
    """
    set_token(folder, patch)
    port, temporary = free_port(), Path("/tmp") / f"ray-test-{os.getpid()}"  # a socket's name
    words = [
        RAY, "start", "--head", "--block", "--disable-usage-stats", "--include-dashboard=false",
        f"--port={port}", f"--num-cpus={cores}", f"--temp-dir={temporary}",
        "--object-store-memory=100000000",
    ]  # fmt: skip
    with (folder / "ray.log").open("w") as log:
        head = subprocess.Popen(words, stdout=log, stderr=log, cwd=folder)
        try:
            _wait(port, head, folder / "ray.log")
            yield f"127.0.0.1:{port}"
        finally:
            kill_tree(head.pid)  # asked to end, it takes half a minute
            head.wait(60)
            shutil.rmtree(temporary, ignore_errors=True)


def set_token(folder, patch):
    """Lets this process, and the clusters that it starts, take no token of the user's own."""
    (folder / "token").write_text(_token())
    patch.setenv("RAY_AUTH_MODE", "token")
    patch.setenv("RAY_AUTH_TOKEN_PATH", str(folder / "token"))
    patch.setenv("RAY_USAGE_STATS_ENABLED", "0")


@lru_cache(1)
def _token():
    """One for all clusters: a process keeps the first that it has read."""
    return secrets.token_hex(32)


def _wait(port, head, log):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and head.poll() is None:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"Ray did not start:\n{log.read_text()}")
