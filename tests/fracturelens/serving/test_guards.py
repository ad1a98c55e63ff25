"""Guards of the servers: host names and headers, for pages and REST interface alike."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from fracturelens.serving.guards import (
    API_POLICY,
    HOSTS_VARIABLE,
    PAGES_POLICY,
    HostCheck,
    SecurityHeaders,
    own_names,
)


async def hello(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-a", b"1")]})
    await send({"type": "http.response.body", "body": b"hello"})


def ask(app, *hosts, kind="http"):
    """Status, headers and body; of a web socket the type of the first message."""
    sent = []

    async def send(message):
        sent.append(message)

    headers = [(b"host", host.encode()) for host in hosts]
    answered = app({"type": kind, "headers": headers}, None, send)
    with ThreadPoolExecutor(1) as pool:  # Playwright's own loop may run in this thread
        pool.submit(asyncio.run, answered).result()
    if kind == "websocket":
        return sent[0]["type"]
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8501", "LocalHost.", "127.0.0.1:8501", "[::1]:8501", "[::1]",
     "192.168.1.5", "films.localhost", "xray.hospital.example:80"],
)  # fmt: skip
def test_own_names_and_plain_addresses_are_answered(host):
    guard = HostCheck(hello, ["localhost", "XRAY.hospital.example"])
    assert ask(guard, host)[::2] == (200, b"hello")


@pytest.mark.parametrize(
    "hosts",
    [("evil.example",), ("localhost.evil.example",), ("evil.example:8501",), (), ("",),
     ("localhost", "evil.example"), ("127.0.0.1.evil.example",), ("127.0.0.1@evil.example",)],
)  # fmt: skip
def test_a_name_that_was_led_here_gets_nothing(hosts):
    status, headers, body = ask(HostCheck(hello, ["localhost"]), *hosts)
    assert status == 421 and b"hello" not in body
    assert headers[b"content-type"] == b"application/problem+json"


def test_web_sockets_are_guarded_too():
    assert ask(HostCheck(hello, ["localhost"]), "evil.example", kind="websocket") == (
        "websocket.close"
    )


def test_names_come_from_the_machine_and_the_environment(monkeypatch):
    monkeypatch.setenv(HOSTS_VARIABLE, " films.example , ,b.example")
    monkeypatch.setattr("socket.gethostname", lambda: "reading-room")
    assert own_names() == ["localhost", "reading-room", "films.example", "b.example"]


@pytest.mark.parametrize("policy", [PAGES_POLICY, API_POLICY])
def test_headers_bind_the_browser(policy):
    _, headers, body = ask(SecurityHeaders(hello, policy), "localhost")
    assert body == b"hello" and headers[b"x-a"] == b"1"
    assert b"frame-ancestors 'none'" in headers[b"content-security-policy"]
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"x-frame-options"] == b"DENY"


@pytest.mark.parametrize("policy", [PAGES_POLICY, API_POLICY])
def test_no_policy_lets_another_server_in(policy):
    assert not any("http" in sources or "*" in sources for sources in policy.values())


def test_a_header_that_the_app_sends_is_not_doubled():
    async def framed(scope, receive, send):
        headers = [(b"X-Frame-Options", b"SAMEORIGIN")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    assert ask(SecurityHeaders(framed, API_POLICY), "localhost")[1][b"x-frame-options"] == b"DENY"
