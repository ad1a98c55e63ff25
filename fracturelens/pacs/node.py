"""The node at work: a thread that judges quiet studies, one for each destination that sends."""

import logging
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from fracturelens.pacs.destinations import Destination, NotTakenError, UnreachableError
from fracturelens.pacs.judge import Judge
from fracturelens.pacs.metrics import Metrics
from fracturelens.pacs.spool import Entry, Parcel, Spool

POLL = 0.5
"""Seconds between two looks at the spool."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a failed sending is tried again; doubled each time."""
MOST_TRIES = 3
"""Of a film that ends the process."""
MOST_REFUSALS = 5
"""Of an object that a destination does not take."""

log = logging.getLogger("fracturelens.pacs")


@dataclass(eq=False)
class Node:
    """Everything behind the door.

    Attributes:
        spool: where films and results lie.
        judge: examines them.
        destinations: where results go.
        metrics: where all is counted.
        quiet: seconds without a new film after which a study is judged.
        stopping: set to end all threads after what they are at.
        broken: set where a thread ended by an error that nobody foresaw.
    """

    spool: Spool
    judge: Judge
    destinations: Sequence[Destination]
    metrics: Metrics
    quiet: float
    stopping: threading.Event = field(default_factory=threading.Event)
    broken: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Starts all threads."""
        self.spool.settle(one.name for one in self.destinations)
        work: list[tuple[str, Callable[[], None]]] = [("judge", self.judge_quiet_studies)]
        for one in self.destinations:
            work.append((f"send to {one.name}", partial(self.send_all, one)))
        for name, step in work:
            thread = threading.Thread(target=self._repeat, args=(step,), name=name, daemon=True)
            self.threads.append(thread)
            thread.start()

    def stop(self, patience: float = 60.0) -> None:
        """Ends all threads after what they are at."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(patience)

    def judge_quiet_studies(self) -> None:
        """Judges every film of the studies that are quiet now."""
        for study in self.spool.quiet_studies(self.quiet):
            for entry in study:
                if self.stopping.is_set():
                    return
                self.judge_film(entry, is_last=entry is study[-1])

    def judge_film(self, entry: Entry, is_last: bool) -> None:
        """Judges one film; one that ended the process again and again is laid aside.

        With the results of the last film of a study goes the report on all of them.
        """
        if self.spool.try_again(entry) > MOST_TRIES:
            self.spool.give_up(entry)
            self.metrics.judged.labels("failed").inc()
            log.error("film %s ended the process %d times: laid aside", entry.key[:12], MOST_TRIES)
            return
        started = time.perf_counter()
        judged = self.judge.judge(entry.path.read_bytes())
        results = list(judged.results)
        if judged.film is not None and judged.verdict is not None:
            digest = self.judge.author.digest
            self.spool.note_verdict(entry, judged.verdict, digest)
            if is_last:
                known = self.spool.verdicts(entry, digest)
                results += self.judge.study_results(judged.film, known)
        self.spool.judged(entry, results, judged.outcome)
        seconds = time.perf_counter() - started
        self.metrics.seconds.observe(seconds)
        self.metrics.judged.labels(judged.outcome).inc()
        reason = f", {judged.reason}" if judged.reason else ""
        log.info("film %s: %s in %.1f s%s", entry.key[:12], judged.outcome, seconds, reason)

    def send_all(self, destination: Destination) -> None:
        """Sends everything that a destination lacks; waits and tries again where it is down."""
        pause = FIRST_PAUSE
        refusals: dict[str, int] = {}
        while (parcels := self.spool.parcels(destination.name)) and not self.stopping.is_set():
            for parcel in parcels:
                if self.stopping.is_set():
                    return
                if self._is_sent(parcel, destination, refusals):
                    pause = FIRST_PAUSE
                    continue
                self.stopping.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                break

    def _is_sent(self, parcel: Parcel, destination: Destination, refusals: dict[str, int]) -> bool:
        """Sends the results of one film; False where it has to be tried again."""
        try:
            destination.send([path.read_bytes() for path in parcel.files()])
        except UnreachableError as error:
            self._note_failure(parcel, destination, error)
            return False
        except NotTakenError as error:
            self._note_failure(parcel, destination, error)
            refusals[parcel.key] = refusals.get(parcel.key, 0) + 1
            if refusals[parcel.key] < MOST_REFUSALS:
                return False
            log.error(
                "film %s: gave up on what %s does not take", parcel.key[:12], destination.name
            )
        self.spool.sent(parcel, destination.name, [one.name for one in self.destinations])
        self.metrics.sent.labels(destination.name).inc()
        log.info("film %s: results sent to %s", parcel.key[:12], destination.name)
        return True

    def _note_failure(self, parcel: Parcel, destination: Destination, error: Exception) -> None:
        self.metrics.failures.labels(destination.name).inc()
        log.warning("film %s: not sent, %s", parcel.key[:12], error)

    def _repeat(self, step: Callable[[], None]) -> None:
        """Takes a step again and again; an error that nobody foresaw ends the node.

        Whoever supervises the node starts it anew, and the spool says where it was.
        """
        try:
            while not self.stopping.wait(POLL):
                step()
                waiting, unsent = self.spool.counts()
                self.metrics.waiting.set(waiting)
                self.metrics.unsent.set(unsent)
        finally:
            if not self.stopping.is_set():
                self.broken.set()


def hush_libraries() -> None:
    """Keeps the values of headers, which libraries quote in their warnings, out of the log.

    For programs of their own alone: it holds for the whole process.
    """
    warnings.simplefilter("ignore")
    for name in ("pydicom", "highdicom", "pynetdicom", "dicomweb_client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def log_uncaught(arguments: Any) -> None:
    """For `threading.excepthook`: the kind of an error and where it was, not what it says."""
    frame = arguments.exc_traceback
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
    log.critical("%s in %s, thread %r", arguments.exc_type.__name__, place,
                 arguments.thread.name if arguments.thread else "?")  # fmt: skip
