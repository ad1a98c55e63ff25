"""The servers of a soak: started, weighed, killed without warning and started again."""

import math
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from important_variables import ROOT
from tests.helpers.processes import tree_mb
from tests.helpers.serving import free_port, wait_for_health


class Server:
    """A server of ours on a port that stays the same.

    Attributes:
        url: its address.
        downs: from when to when it was killed and not back, seconds of time.monotonic().
        weights: (seconds, MB) of the server with all processes that it started.
    """

    def __init__(self, command: str, health: str, log: Path, *words: str):
        """Starts it; arguments: of the command line, the address that answers, and the log."""
        self.url = f"http://127.0.0.1:{free_port()}"
        self.downs: list[list[float]] = []
        self.weights: list[tuple[float, float]] = []
        port = self.url.rpartition(":")[2]
        self._words = [sys.executable, str(ROOT / "command_line.py"), command, "--port", port]
        self._words += words
        self._health, self._log = health, log
        self._lock = threading.Lock()
        self._start()

    def kill(self) -> None:
        """Ends it as a lack of memory does, and starts it again."""
        with self._lock:
            self.downs.append([time.monotonic(), math.inf])
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._start()
            self.downs[-1][1] = time.monotonic()

    def weigh(self) -> None:
        """Notes its memory."""
        with self._lock:
            self.weights.append((time.monotonic(), tree_mb(self._process.pid)))

    def stop(self) -> None:
        """Ends it."""
        with self._lock:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def was_down_since(self, moment: float) -> bool:
        """Whether it was down at any time since, so that a request may have ended with it."""
        return any(end >= moment for _, end in self.downs)

    def _start(self) -> None:
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                self._words, stdout=log, stderr=subprocess.STDOUT, cwd=self._log.parent
            )
        wait_for_health(self.url + self._health, self._process, self._log)
