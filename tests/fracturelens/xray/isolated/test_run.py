"""The worker process: its limits, and what becomes of its end."""

import subprocess
import sys

import pytest

from fracturelens.xray.isolated import run, worker
from fracturelens.xray.isolated.run import run_isolated
from fracturelens.xray.read import UnreadableXrayError


@pytest.fixture
def acting(monkeypatch):
    """Gives a function that makes the worker run a piece of code instead."""
    real = subprocess.run

    def act(code: str):
        monkeypatch.setattr(
            run.subprocess, "run",
            lambda _, **options: real([sys.executable, "-c", code], **options),
        )  # fmt: skip

    return act


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os; os.abort()", "the photo is damaged or incomplete"),
        ("raise ValueError", "the photo is damaged or incomplete"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "takes more than 3 s"),
        ('print(\'{"missing": "some-package"}\')', "pip install some-package"),
        ("print('no JSON')", "Expecting value"),
    ],
)
def test_a_worker_that_fails_ends_nothing_but_itself(acting, code, words):
    acting(code)
    with pytest.raises(ValueError, match=words):
        run_isolated("picture", b"x", "photo")


def test_a_worker_that_waits_is_ended(acting, monkeypatch):
    monkeypatch.setattr(run, "PATIENCE", 0.3)
    acting("import time; time.sleep(60)")
    with pytest.raises(UnreadableXrayError, match="the photo takes more than 3 s"):
        run_isolated("picture", b"x", "photo")


def test_a_worker_answers(acting):
    acting("print('{\"width\": 5}')")
    assert run_isolated("picture", b"x", "photo") == ({"width": 5}, b"")


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux alone")
def test_memory_is_bounded():
    code = (
        "from fracturelens.xray.isolated.worker import limit_memory; limit_memory(50 << 20);"
        "a = bytearray(20 << 20); b = bytearray(100 << 20)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=run.ROOT, capture_output=True)
    assert b"MemoryError" in done.stderr


def test_a_missing_package_is_answered(monkeypatch):
    monkeypatch.setattr(worker, "HEIF_PACKAGES", ("no_such_package",))
    assert worker.find_opener("heic") is None
    assert worker.find_opener("avif").format == "AVIF"
