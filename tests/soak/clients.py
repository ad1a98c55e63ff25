"""Clients of a soak: programs that post films, and people who bring them in Chromium."""

import asyncio
import json
import time
from collections.abc import Coroutine
from random import Random

from playwright.async_api import Error as BrowserError

from fracturelens.export.records import REFUSED, UNREADABLE
from fracturelens.measured.words import HEADLINES
from tests.helpers.serving import SETTLED
from tests.soak.counts import Counts, judge_api
from tests.soak.films import SoakFile
from tests.soak.servers import Server
from training.benchmark import api_load

WORDS = {**HEADLINES, REFUSED: "was not analyzed", UNREADABLE: "could not be read"}
"""What a page says of each answer."""
PATIENCE = 180_000
"""Milliseconds for a page; eight at once share two cores with the clients."""
PAUSE = 1.0
"""Seconds after a fault, so that a server that is down is not asked a thousand times."""


def post_films(
    number: int, files: list[SoakFile], server: Server, counts: Counts, end: float
) -> None:
    """Posts random files, one after the other, until `end` (time.monotonic())."""
    random, client, sent = Random(number), f"api {number}", 0
    while time.monotonic() < end:
        file, sent = random.choice(files), sent + 1
        name, started = f"api-{number}-{sent}{file.ending}", time.monotonic()
        status, body = api_load._post(server.url, name, file.data)
        if status == api_load.BUSY:
            counts.add(client, "turned away")
            time.sleep(PAUSE)
            continue
        results = json.loads(body)["results"] if status == 200 else None
        outcome, what = judge_api(name, file.answers, file.digests, results)
        if outcome == "lost" and server.was_down_since(started):
            outcome = "interrupted"
        counts.add(client, outcome, f"{what} (status {status}: {body[:200]!r})")
        if outcome != "right":
            time.sleep(PAUSE)


async def bring_films(
    number: int, browser, files: list[SoakFile], server: Server, counts: Counts, end: float
) -> None:
    """Opens the dashboard and brings a random file, again and again."""
    random, client, brought = Random(1000 + number), f"browser {number}", 0
    context = await browser.new_context()
    context.set_default_timeout(PATIENCE)
    while time.monotonic() < end:
        file, brought = random.choice(files), brought + 1
        name, started = f"web-{number}-{brought}{file.ending}", time.monotonic()
        page = await context.new_page()  # the last one may still be on its way to a dead server
        try:
            text = await _while_up(_shown(page, server.url, name, file), server, started)
            outcome, what = judge_page(name, number, file, text)
        except (BrowserError, asyncio.CancelledError) as error:
            outcome, what = "lost", f"{name}: {str(error)[:300]}"
        if outcome != "right" and server.was_down_since(started):
            outcome = "interrupted"
        counts.add(client, outcome, what)
        await page.close()
        if outcome != "right":
            await asyncio.sleep(PAUSE)
    await context.close()


def judge_page(name: str, number: int, file: SoakFile, text: str) -> tuple[str, str]:
    """The outcome of one visit by what the page says, and what was wrong."""
    if any(word.startswith("web-") and not word.startswith(f"web-{number}-")
           for word in text.split()):  # fmt: skip
        return "mixed", f"{name}: {text[:300]}"
    if len(file.answers) > 1:
        return ("right", "") if name in text else ("lost", f"{name}: {text[:300]}")
    if name not in text:
        return "lost", f"{name}: {text[:300]}"
    said = WORDS[file.answers[0]]
    return ("right", "") if said in text else ("wrong", f"{name}, not {said!r}: {text[:300]}")


async def _while_up(visit: Coroutine, server: Server, started: float) -> str:
    """What a visit gives; it ends with the server, whose page would wait for it for minutes.

    Raises:
        asyncio.CancelledError: the server went down.
    """
    task = asyncio.create_task(visit)
    while not task.done():
        await asyncio.wait({task}, timeout=PAUSE)
        if server.was_down_since(started):
            task.cancel()
    return await task


async def _shown(page, url: str, name: str, file: SoakFile) -> str:
    """What a new page says once it has settled on a file."""
    await page.goto(f"{url}/dashboard")
    field = page.locator(".st-key-upload input[type=file]")
    payload = {"name": name, "mimeType": "application/octet-stream", "buffer": file.data}
    await field.set_input_files(payload)
    # The uploader names a file before the app has it: the answer has its own places.
    answer = page.locator(".fl-verdict-file, .st-key-refused").filter(has_text=name).first
    await answer.wait_for(state="attached")
    for _ in range(2):
        await page.wait_for_timeout(500)
        await page.wait_for_selector(SETTLED)
    return await page.locator("[data-testid=stMain]").inner_text()
