"""The request log: one line of JSON for each answer, with nothing in it that names a patient."""

import json
import logging
import time
import uuid
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger("fracturelens.api")
HEADER = b"x-request-id"


class RequestLog:
    """Logs method, route, status, bytes and time of each request, under an id of its own.

    Neither the address that was asked for, which may hold anything, nor names of files, keys,
    queries or network addresses are written.
    """

    def __init__(self, app: ASGIApp):
        """Logs the requests of an app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        line: dict[str, Any] = {"id": uuid.uuid4().hex, "status": 0, "received": 0, "sent": 0}
        started = time.perf_counter()

        async def receive_counted() -> Message:
            message = await receive()
            line["received"] += len(message.get("body", b""))
            return message

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                line["status"] = message["status"]
                message["headers"] = [*message.get("headers", ()), (HEADER, line["id"].encode())]
            line["sent"] += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive_counted, send_counted)
        finally:
            route = getattr(scope.get("route"), "path", "unknown")
            milliseconds = round(1000 * (time.perf_counter() - started), 1)
            known = {"method": scope["method"], "route": route, "ms": milliseconds}
            LOG.info(json.dumps(known | line))
