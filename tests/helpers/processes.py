"""Processes with all that they started: weighed and ended."""

import os
import signal
from pathlib import Path

from training.benchmark.memory import NOW, family, memory_mb

LISTENING = "0A"
LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}
"""127.0.0.1, the same within IPv6, and ::1, as /proc/net writes them."""


def tree_mb(pid: int) -> float:
    """Memory of a process and all that it started, MB; 0 where it is gone."""
    return sum(memory_mb(member, NOW) for member in family(pid))


def kill_tree(pid: int) -> None:
    """Ends a process and all that it started, at once."""
    for member in family(pid):
        try:
            os.kill(member, signal.SIGKILL)
        except ProcessLookupError:
            continue


def heard_at(pid: int) -> set[str]:
    """Addresses, as /proc/net writes them, at which a process and all that it started listen."""
    sockets = {link for member in family(pid) for link in _links(member)}
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and f"socket:[{fields[9]}]" in sockets:
                found.add(fields[1].partition(":")[0])
    return found


def _links(pid: int) -> list[str]:
    found = []
    try:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            found.append(str(entry.readlink()))
    except OSError:  # it has ended, or closed the file, meanwhile
        pass
    return found
