"""Works on the next X-ray while what came out of this one is written."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from important_variables import inference_threads

AT_ONCE = 2
"""X-rays in memory: one is written while networks run on the other. More would cost the memory of
more and gain little where networks fill the cores."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def films_at_once() -> int:
    """How many X-rays are worked on at once: one where a single core is ours."""
    return min(AT_ONCE, inference_threads())


def work_ahead(
    work: Callable[[Item], Result], items: Iterable[Item], at_once: int, workers: int
) -> Iterator[tuple[Item, Result]]:
    """Each item with what `work` makes of it, in the order given.

    Args:
        work: is called from other threads; what it raises is raised here, in its turn.
        items: taken one by one, each only when there is room for it.
        at_once: items that are worked on, or were and wait to be given back, the one that the
            caller has just got among them.
        workers: that work at the same time. One where the caller has work of its own for what it
            gets; with more, each network is in memory more than once.
    """
    waiting: deque[tuple[Item, Future[Result]]] = deque()
    pool = ThreadPoolExecutor(workers)
    try:
        for item in items:
            waiting.append((item, pool.submit(work, item)))
            del item  # what is given back is the caller's alone
            if len(waiting) == at_once:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)
    finally:
        pool.shutdown(cancel_futures=True)


def _first(waiting: deque[tuple[Item, Future[Result]]]) -> tuple[Item, Result]:
    item, future = waiting.popleft()
    return item, future.result()
