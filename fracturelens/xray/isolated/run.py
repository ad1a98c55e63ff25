"""Starts the worker process for one file and brings back what it decoded."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from fracturelens.xray.errors import UnreadableXrayError, damaged, missing_package
from fracturelens.xray.isolated import worker
from important_variables import ROOT

PATIENCE = 20
"""Seconds after which a worker is ended, however little processor time it took."""


def run_isolated(task: str, data: bytes, title: str, **options: object) -> tuple[Mapping, bytes]:
    """Decodes a file in a process of its own, with bounds on its time and memory.

    Args:
        task: one of `worker.TASKS`.
        data: the file.
        title: what the file is, for people, such as "JPEG 2000 picture".
        options: what the task needs to know; JSON values.

    Returns:
        What the task answers, and the bytes that it wrote.

    Raises:
        UnreadableXrayError: the decoder gave up, crashed, took too long or is not installed.
    """
    with TemporaryDirectory(prefix="fracturelens-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "target"
        source.write_bytes(data)
        answer = _ask([task, str(source), str(target), json.dumps(options)], title)
        if "missing" in answer:
            raise missing_package(title, answer["missing"])
        return answer, target.read_bytes() if target.exists() else b""


def _ask(arguments: list[str], title: str) -> Mapping:
    command = [sys.executable, "-P", str(Path(worker.__file__)), *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _too_slow(title) from error
    if done.returncode in worker.OUT_OF_TIME:
        raise _too_slow(title)
    if done.returncode:
        raise damaged(title)
    return json.loads(done.stdout)


def _too_slow(title: str) -> UnreadableXrayError:
    return UnreadableXrayError(
        f"the {title} takes more than {worker.MOST_SECONDS} s to decode; save the X-ray as PNG."
    )
