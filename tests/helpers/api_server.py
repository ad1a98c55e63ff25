"""Starts the REST interface as a user does."""

import os
import subprocess
import sys
from contextlib import contextmanager

from important_variables import ROOT
from tests.helpers.serving import free_port, wait_for_health


@contextmanager
def serve_api(folder, *words, **variables):
    """Runs `fracturelens serve-api` until the block ends; yields its address."""
    port, log = free_port(), folder / "api.log"
    command = [sys.executable, str(ROOT / "command_line.py"), "serve-api", "--port", str(port)]
    with log.open("w") as file:
        server = subprocess.Popen(
            [*command, *words], stdout=file, stderr=subprocess.STDOUT, cwd=folder,
            env=os.environ | variables,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for_health(f"{address}/v1/health", server, log)
            yield address
        finally:
            server.terminate()
            server.wait(60)
