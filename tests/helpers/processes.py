"""Processes with all that they started: weighed and ended."""

import os
import signal
from pathlib import Path


def family(pid: int) -> dict[int, int]:
    """Pages of memory by process id, of a process and of all that it started and is alive."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has ended meanwhile
                continue
            parents[int(folder.name)] = (int(fields[1]), int(fields[21]))
    found = {pid} & parents.keys()
    while more := {child for child, (parent, _) in parents.items() if parent in found} - found:
        found |= more
    return {member: parents[member][1] for member in found}


def tree_mb(pid: int) -> float:
    """Memory of a process and all that it started, MB; 0 where it is gone."""
    return sum(family(pid).values()) * os.sysconf("SC_PAGE_SIZE") / 2**20


def kill_tree(pid: int) -> None:
    """Ends a process and all that it started, at once."""
    for member in family(pid):
        try:
            os.kill(member, signal.SIGKILL)
        except ProcessLookupError:
            continue
