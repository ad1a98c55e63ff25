"""Guards of a web server: which host names it answers to, and headers that bind the browser.

Plain ASGI, so that the pages and the REST interface share them.
"""

import ipaddress
import os
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

HOSTS_VARIABLE = "FRACTURELENS_HOSTS"
"""Environment variable: further names that the server goes by, with commas between them."""
MISDIRECTED = 421
PAGES_POLICY = {
    "default-src": "'self'",
    # Charts compile their expressions, and Streamlit's page and components hold scripts inline.
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "media-src": "'self' data: blob:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "frame-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""Content-Security-Policy of the pages: nothing comes from, or goes to, another server."""
API_POLICY = {
    "default-src": "'none'",
    "style-src": "'self' 'unsafe-inline'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
"""Content-Security-Policy of the REST interface, whose one page holds text and style alone."""


class SecurityHeaders:
    """Adds headers to every answer that tell the browser what it must not do with it."""

    def __init__(self, app: AsgiApp, policy: Mapping[str, str]):
        """Guards an app.

        Args:
            app: that answers.
            policy: Content-Security-Policy, sources by directive.
        """
        words = "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
        self._app = app
        self._headers = [
            (b"content-security-policy", words.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"no-referrer"),
            (b"cross-origin-resource-policy", b"same-origin"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in self._headers}
                kept = [pair for pair in message.get("headers", ()) if pair[0].lower() not in ours]
                message["headers"] = [*kept, *self._headers]
            await send(message)

        await self._app(scope, receive, send_guarded)


class HostCheck:
    """Answers only to names that the server goes by.

    A page of somebody else's may let its own name lead to this machine (DNS rebinding) and read
    the answers as its own; the browser then sends that name. Plain addresses cannot be rebound.
    """

    def __init__(self, app: AsgiApp, names: Iterable[str]):
        """Guards an app; `names` are those of `own_names`."""
        self._app = app
        self._names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or refuses it with status 421."""
        if scope["type"] not in ("http", "websocket") or self._knows(_host(scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await _refuse(send)

    def _knows(self, host: str) -> bool:
        name = re.sub(r":\d*$", "", host).lower().rstrip(".")
        return name in self._names or name.endswith(".localhost") or _is_address(name)


def own_names() -> list[str]:
    """Names that this machine goes by, and those of the environment variable."""
    further = os.environ.get(HOSTS_VARIABLE, "").split(",")
    names = ["localhost", socket.gethostname(), *(name.strip() for name in further)]
    return [name for name in names if name]


def _host(scope: Scope) -> str:
    """The one Host header of a request; "" where there is none or several."""
    found = [value for name, value in scope["headers"] if name == b"host"]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


async def _refuse(send: Send) -> None:
    body = (
        '{"type": "about:blank", "title": "Misdirected Request", "status": 421, "detail": '
        f'"This server does not go by that name. Add it to {HOSTS_VARIABLE}."}}'
    ).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": MISDIRECTED, "headers": headers})
    await send({"type": "http.response.body", "body": body})
