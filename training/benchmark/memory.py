"""Reads how much memory a process holds, and which processes it started (Linux)."""

import re
from pathlib import Path

NOW, MOST = "VmRSS", "VmHWM"
"""Resident memory as /proc/<pid>/status calls it: at the moment, and the most so far."""


def memory_mb(process: int | str, kind: str) -> float:
    """Memory of a process, MB of 2**20 bytes; 0 where it has ended, or the system has no /proc.

    Args:
        process: its id, or "self".
        kind: `NOW` or `MOST`.
    """
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(rf"{kind}:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def family(process: int) -> set[int]:
    """The ids of a process and of all that it started and is alive; without it where it is gone."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        parents[int(folder.name)] = int(fields[1])
    found = {process} & parents.keys()
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found
