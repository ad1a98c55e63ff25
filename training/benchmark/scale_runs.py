"""Runs `predict` and watches it: films done, and the memory of the run and of its workers."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from fracturelens.batch.earlier import RECORDS
from fracturelens.scale.shards import Shards
from important_variables import ROOT
from training.benchmark.memory import NOW, family, memory_mb

THREADS = "FRACTURELENS_THREADS"
NICENESS = "RAY_worker_niceness"
"""Ray would let its workers wait for whatever else runs."""
WORKER = "ray::MapWorker"
"""How Ray calls a worker's process."""
EVERY = 0.2
"""Seconds between two looks at a run that is timed."""


class ScaleError(RuntimeError):
    """A run failed; the text says which."""


@dataclass(frozen=True)
class Moment:
    """What was seen at one moment of a run.

    Attributes:
        seconds: since it was started.
        films: that are done.
        driver_mb: resident memory of the command itself, MB of 2**20 bytes.
        worker_mb: of the largest worker; 0 without Ray.
        all_mb: of the command and all that it started, shared pages counted in each.
    """

    seconds: float
    films: int
    driver_mb: float
    worker_mb: float
    all_mb: float


@dataclass(frozen=True)
class Run:
    """One run of the command.

    Attributes:
        seconds: from its start to its end.
        core_seconds: of processor that it took itself; workers not counted.
        moments: what was seen meanwhile.
    """

    seconds: float
    core_seconds: float
    moments: tuple[Moment, ...] = ()


def write_films(drawn: Sequence[tuple[str, bytes]], number: int, folder: Path) -> Path:
    """Writes `number` files, (ending, bytes) again and again, into a new folder; returns it."""
    folder.mkdir(parents=True)
    for place, (ending, data) in enumerate(islice(cycle(drawn), number)):
        (folder / f"{place:06}{ending}").write_bytes(data)
    return folder


def run_predict(
    films: Path,
    out: Path,
    words: Sequence[str] = (),
    threads: int | None = 1,
    every: float | None = None,
    broken: bool = False,
) -> Run:
    """Runs the command on a folder of films.

    Args:
        films: the folder.
        out: of the results.
        words: further arguments.
        threads: of each network; as the command chooses where None.
        every: seconds between two looks; None looks at nothing.
        broken: whether films may be among them that cannot be read.

    Raises:
        ScaleError: it failed.
    """
    command = [sys.executable, str(ROOT / "command_line.py"), "predict", str(films)]
    command += ["--out", str(out), "--accept-any", "--runtime", "litert", *words]  # as on workers
    settings = {NICENESS: "0"} | ({} if threads is None else {THREADS: str(threads)})
    started, moments = time.perf_counter(), []
    process = subprocess.Popen(
        command,
        env={key: value for key, value in os.environ.items() if key != THREADS} | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while True:
        ended, status, used = os.wait4(process.pid, os.WNOHANG if every else 0)
        if every:
            moments.append(_moment(process.pid, out, time.perf_counter() - started))
        if ended:
            break
        time.sleep(every or 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ((0, 1) if broken else (0,)):
        raise ScaleError(f"{' '.join(command)} failed. Run it by hand to see why.")
    seconds = time.perf_counter() - started
    return Run(seconds, used.ru_utime + used.ru_stime, tuple(moments))


def films_a_second(moments: Sequence[Moment], first: int, last: int) -> float:
    """The rate between the moments at which `first` and `last` films were done.

    What comes before, the start, and what comes after, when workers run out of films, is left out.
    """
    start = next(each for each in moments if each.films >= first)
    end = next(each for each in moments if each.films >= last)
    return (end.films - start.films) / (end.seconds - start.seconds)


def _moment(process: int, out: Path, seconds: float) -> Moment:
    members = family(process)
    megabytes = {member: memory_mb(member, NOW) for member in members}
    workers = (mb for member, mb in megabytes.items() if _name(member).startswith(WORKER))
    return Moment(
        round(seconds, 2),
        _done(out),
        round(megabytes.get(process, 0.0), 1),
        round(max(workers, default=0.0), 1),
        round(sum(megabytes.values()), 1),
    )


def _done(out: Path) -> int:
    """Films with results: lines of a plain run's records, or all that stands in whole shards."""
    records = out / RECORDS
    return (
        records.read_bytes().count(b"\n") if records.exists() else len(Shards(str(out)).finished())
    )


def _name(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:  # it has ended meanwhile
        return ""
