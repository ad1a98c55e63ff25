"""Memory of a process is read as the system tells it."""

import os
import subprocess
import sys

from training.benchmark.memory import MOST, NOW, memory_mb


def test_a_process_has_had_at_least_what_it_holds():
    now, most = memory_mb(os.getpid(), NOW), memory_mb("self", MOST)
    assert 10 < now <= most


def test_a_process_that_has_ended_holds_nothing():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert memory_mb(ended.pid, NOW) == 0
