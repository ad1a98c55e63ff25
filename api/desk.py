"""The desk that requests pass: how many are let in, and the threads that examine X-rays."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, ParamSpec, TypeVar

from fastapi import Depends, Request

from api.problems import Problem
from api.settings import ApiSettings
from prediction import Engine

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
WAIT_SECONDS = 1


class Desk:
    """The engine with its bounds.

    Attributes:
        engine: that answers.
        settings: the bounds.
        inside: requests that were let in and are not answered yet.
    """

    def __init__(self, engine: Engine, settings: ApiSettings):
        """Opens the desk; its threads begin with the first request."""
        self.engine, self.settings, self.inside = engine, settings, 0
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="examine")

    @property
    def room(self) -> int:
        """How many requests may still come in."""
        return self.settings.workers + self.settings.queue - self.inside

    @asynccontextmanager
    async def admitted(self) -> AsyncIterator[None]:
        """Lets a request in until the block ends; before its body is read, so that none piles up.

        Raises:
            Problem: 429, there is no room.
        """
        if self.room <= 0:
            raise Problem(
                429,
                f"{self.inside} requests are at work or waiting. Send it again in a moment.",
                {"Retry-After": str(WAIT_SECONDS)},
            )
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1

    async def work(
        self,
        task: Callable[Arguments, Result],
        *arguments: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Result:
        """Does one piece of work in a thread, in the order of arrival."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(task, *arguments, **options))

    def close(self) -> None:
        """Ends the threads when they have done what they are at."""
        self._threads.shutdown(cancel_futures=True)


def _desk_of(request: Request) -> Desk:
    return request.app.state.desk


TheDesk = Annotated[Desk, Depends(_desk_of)]
"""The parameter of a route that holds the server's desk."""
