"""Starts the app as a user does, and knows how Chromium is started."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

from important_variables import ROOT

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",  # root, as in CI, cannot have one
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
PATIENCE = 240_000
"""Milliseconds: the first X-ray waits for TensorFlow, on a busy machine for long."""


def find_chromium():
    """Path of Chromium: the environment variable CHROMIUM, else the one on PATH, else None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@contextmanager
def serve_app(log, *words):
    """Runs `fracturelens app`, in the log's folder, until the block ends; yields its address.

    `words` are further arguments of the command.
    """
    with serve_process(log, *words) as (url, _):
        yield url


@contextmanager
def serve_process(log, *words):
    """As `serve_app`; yields the address and the process id."""
    port = free_port()
    command = [sys.executable, str(ROOT / "command_line.py"), "app", "--no-browser"]
    command += ["--port", str(port), *words]
    with log.open("w") as file:
        server = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, cwd=log.parent)
        try:
            wait_for_health(f"http://127.0.0.1:{port}/_stcore/health", server, log)
            yield f"http://127.0.0.1:{port}", server.pid
        finally:
            server.terminate()
            server.wait(60)


def wait_for_health(url, server, log):
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:  # refused, or accepted before the app has started
            time.sleep(0.2)
    raise RuntimeError(f"the app did not start:\n{log.read_text()}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def keyed(page, key, inside=""):
    """The element of a widget by its Streamlit key."""
    return page.locator(f".st-key-{key} {inside}".strip())


@contextmanager
def fresh_page(browser, url, width, height, *, has_touch=False):
    """A page on `url` of its own, open until the block ends, which fails if a script of it did."""
    size = {"width": width, "height": height}
    context = browser.new_context(viewport=size, base_url=url, has_touch=has_touch)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    yield page
    context.close()
    assert errors == []


def settled(page):
    """Waits until the app has drawn everything that the last step asked for.

    A click reaches the server a moment later: only what is at rest twice in a row has settled.
    """
    for _ in range(2):
        page.wait_for_timeout(500)
        page.wait_for_selector(SETTLED)


def bring(page, files):
    """Brings files to the dashboard, already open, by their paths."""
    keyed(page, "upload", "input[type=file]").set_input_files(files)
