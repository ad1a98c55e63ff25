"""Ray: this machine's cores or a cluster, and rows that go through a pool of workers there."""

import logging
import os
import re
import secrets
import socket
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from typing import Any

from fracturelens.batch.names import printable
from fracturelens.scale.errors import ClusterError
from important_variables import ROOT

LOCAL = "local"
"""In place of a cluster's address: this machine."""
TRIES = 1
"""How often a row is begun again after its worker died."""
CLUSTERS = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
"""Whether other machines may join, on Linux too; Ray reads it when it is imported. Without them its
servers listen on this machine's own interface alone."""
TOKEN, TOKEN_FILE = "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"
"""What all processes of a cluster must know, or the file that holds it."""
SPARE = 1
"""Cores that a Ray of our own says it has besides those of the workers, for what else it runs."""
PATIENCE = 10
"""Seconds for a cluster's port to answer."""
MEMORY = 128 * 1024 * 1024
"""Bytes that Ray sets aside on this machine for what its processes share: rows of names."""


@dataclass(frozen=True)
class Cluster:
    """Where a run is spread, and how.

    Attributes:
        address: of a Ray cluster, such as "auto" or "ray://head:10001"; `LOCAL` for this machine.
        workers: most at once, a core each; None for one on each core.
        shard: films that are written together.
    """

    address: str = LOCAL
    workers: int | None = None
    shard: int = 200


@contextmanager
def connected(cluster: Cluster) -> Iterator[int]:
    """Starts Ray here, or connects to a cluster, until the block ends; yields the most workers.

    Raises:
        ClusterError: it cannot be reached, or gave up; said within the block too.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would tell its makers of us
    if cluster.address == LOCAL:
        _prepare()
    import ray
    from ray.exceptions import RayError

    _check_answers(cluster.address)
    try:
        with chdir(ROOT):  # workers import from the current folder first, whatever lies there
            ray.init(
                cluster.address,
                log_to_driver=False,
                logging_level="ERROR",
                runtime_env={"env_vars": variables()},
                **(_here(cluster) if cluster.address == LOCAL else {}),
            )
    except (OSError, RuntimeError, ValueError) as error:
        raise _unreachable(cluster.address, error) from error
    try:
        cores = int(ray.cluster_resources().get("CPU", 1))
        cores -= SPARE if cluster.address == LOCAL else 0
        yield min(cluster.workers or cores, cores)
    except RayError as error:
        raise ClusterError(
            f"Ray at {cluster.address} gave up. {_lines(error)[-1]} What is done stays; the same "
            "command goes on."
        ) from error
    finally:
        ray.shutdown()


def _prepare() -> None:
    """Sets what a Ray of our own is to be told before it is imported."""
    if "ray" not in sys.modules:
        os.environ.setdefault(CLUSTERS, "0")
    if TOKEN_FILE not in os.environ:  # Ray would write one into a home that may be read-only
        os.environ.setdefault(TOKEN, secrets.token_hex(32))


def variables() -> dict[str, str]:
    """The environment of the workers, as far as it is another than that of their machine."""
    paths = (str(ROOT), os.environ.get("PYTHONPATH"))  # this very code, and what it needs
    return {
        "FRACTURELENS_THREADS": "1",  # the other cores have workers of their own
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
    }


def results_of(
    rows: Sequence[Mapping[str, str]],
    worker: Callable[..., Callable],
    settings: object,
    workers: int,
    reasons: list[str],
) -> Iterator[dict[str, Any]]:
    """What the workers make of each row, in the order in which they are done.

    Ray starts a worker anew that died. A row on which they die again and again, or fail, is left
    out.

    Args:
        rows: of text.
        worker: class of the workers; `worker(settings)` is called with one row after the other.
        settings: of all of them.
        workers: how many, as far as the cluster has cores for them.
        reasons: takes why, for each row that is left out.
    """
    import ray.data
    from ray.util.annotations import RayDeprecationWarning

    _listen(reasons)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.max_errored_blocks = -1
    pool = ray.data.ActorPoolStrategy(  # one that may grow would stay at its smallest size
        size=min(workers, len(rows)), max_tasks_in_flight_per_actor=1
    )
    data = ray.data.from_items(list(rows), override_num_blocks=len(rows))
    with warnings.catch_warnings():  # of Ray 2.64, which takes `max_task_retries` away
        warnings.simplefilter("ignore", RayDeprecationWarning)
        done = data.map(
            worker,
            fn_constructor_args=(settings,),
            compute=pool,
            num_cpus=1,
            max_task_retries=TRIES,
        )
    yield from done.iter_rows()


class _Listener(logging.Handler):
    """Notes the errors that Ray goes on from; it tells them nobody else."""

    def __init__(self, reasons: list[str]):
        super().__init__(logging.ERROR)
        self._reasons = reasons

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            self._reasons.append(reason_of(record.exc_info[1]))


def reason_of(error: BaseException) -> str:
    """What was raised in a worker, or how it ended, on one line."""
    lines = str(error).splitlines() or [type(error).__name__]
    raised = (line for line in lines if re.match(r"[\w.]+(Error|Exception)\b", line))
    return printable(next(raised, lines[0]).strip())


def _listen(reasons: list[str]) -> None:
    """Keeps what Ray Data says off the terminal; its log files still have it."""
    log = logging.getLogger("ray.data")
    for handler in list(log.handlers):
        if isinstance(handler, logging.StreamHandler | _Listener):
            log.removeHandler(handler)
    log.addHandler(_Listener(reasons))


def _check_answers(address: str) -> None:
    """Looks whether somebody listens there: Ray itself would go on trying for minutes."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if not (host and port.isdigit()):
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), PATIENCE).close()
    except OSError as error:
        raise _unreachable(address, error) from error


def _unreachable(address: str, error: Exception) -> ClusterError:
    return ClusterError(
        f"There is no Ray at {address} ({_lines(error)[0].rstrip('.')}). Check the address, or "
        "leave it out to use this machine's cores."
    )


def _here(cluster: Cluster) -> dict[str, Any]:
    """Settings of a Ray that this process starts and ends, heard by no other machine."""
    return {
        "num_cpus": (cluster.workers or os.cpu_count() or 1) + SPARE,
        "include_dashboard": False,
        "object_store_memory": MEMORY,
    }


def _lines(error: Exception) -> list[str]:
    """What an error says; the last line of an error in a worker is what was raised there."""
    return str(error).strip().splitlines() or [type(error).__name__]
