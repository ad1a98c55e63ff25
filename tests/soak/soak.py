"""`make soak`: many people and programs on killed and restarted servers, for as long as you like.

Browsers bring films to the app, programs post them to the REST interface; files are valid, broken
and hostile, and each must get the answer that the library gives it alone. Now and then a server is
killed. A report says what was lost, mixed up or wrong, and how memory went.
"""

import argparse
import asyncio
import json
import statistics
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from playwright.async_api import async_playwright

from important_variables import WORK
from prediction import load_engine
from tests.helpers.serving import CHROMIUM_ARGUMENTS, find_chromium
from tests.soak.clients import bring_films, post_films
from tests.soak.counts import Counts
from tests.soak.films import soak_files
from tests.soak.servers import Server

MOST_MB = 4000
"""Of a server with all that it starts."""
MOST_GROWTH = 1.5
"""Median memory of the last fifth of a run over that of the second fifth without kills."""
WEIGH_EVERY = 2.0
"""Seconds."""


def main(words: list[str] | None = None) -> int:
    """Runs the soak and writes its report; exit code 1 where a fault was found."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--browsers", type=int, default=8)
    parser.add_argument("--programs", type=int, default=4)
    parser.add_argument("--kill-every", type=float, default=120, help="seconds, about")
    parser.add_argument("--files", type=Path, help="folder of further files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=WORK / "soak.json")
    arguments = parser.parse_args(words)
    with TemporaryDirectory() as folder:
        report = soak(arguments, Path(folder))
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(report, indent=1) + "\n")
    sys.stdout.write(f"{json.dumps(report, indent=1)}\n{arguments.out}\n")
    return int(bool(report["problems"]))


def soak(arguments: argparse.Namespace, folder: Path) -> dict:
    """Serves, loads, kills and weighs; returns the report."""
    files = soak_files(load_engine(), Random(arguments.seed), arguments.files)
    sys.stdout.write(f"{len(files)} files\n")
    counts, started = Counts(), datetime.now(UTC)
    servers = {
        "app": Server("app", "/_stcore/health", folder / "app.log", "--no-browser"),
        "api": Server("serve-api", "/v1/health", folder / "api.log"),
    }
    try:
        _load(arguments, servers, files, counts)
    finally:
        for server in servers.values():
            server.stop()
    return report_of(arguments, started, servers, counts, len(files))


def _load(arguments, servers: dict[str, Server], files, counts: Counts) -> None:
    """Runs all clients, and kills servers in the first half of the time."""
    start = time.monotonic()
    end = start + 60 * arguments.minutes
    done = threading.Event()
    helpers = [
        threading.Thread(target=_weigh, args=(servers, done)),
        threading.Thread(target=_kill, args=(arguments, servers, start, end, done)),
    ]
    programs = [
        threading.Thread(target=post_films, args=(number, files, servers["api"], counts, end))
        for number in range(arguments.programs)
    ]
    for thread in [*helpers, *programs]:
        thread.start()
    try:
        asyncio.run(_browse(arguments.browsers, files, servers["app"], counts, end))
        for thread in programs:
            thread.join()
    finally:
        done.set()
        for thread in helpers:
            thread.join()


async def _browse(number: int, files, server: Server, counts: Counts, end: float) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS
        )
        visits = (bring_films(n, browser, files, server, counts, end) for n in range(number))
        await asyncio.gather(*visits)
        await browser.close()


def _weigh(servers: dict[str, Server], done: threading.Event) -> None:
    while not done.wait(WEIGH_EVERY):
        for server in servers.values():
            server.weigh()


def _kill(arguments, servers, start: float, end: float, done: threading.Event) -> None:
    """Kills one server after the other; from half time on none, to see how memory goes."""
    random = Random(arguments.seed)
    for turn in range(1_000_000):
        if done.wait(arguments.kill_every * random.uniform(0.5, 1.5)):
            return
        if time.monotonic() > (start + end) / 2:
            return
        list(servers.values())[turn % len(servers)].kill()


def report_of(arguments, started: datetime, servers, counts: Counts, files: int) -> dict:
    """What happened, with "problems": a sentence for each thing that must not be."""
    memory = {name: memory_of(server) for name, server in servers.items()}
    problems = [f"{fault}: {what}" for fault, all_ in counts.examples.items() for what in all_]
    for name, weights in memory.items():
        if weights["peak_mb"] > MOST_MB:
            problems.append(f"{name} took {weights['peak_mb']:.0f} MB, at most {MOST_MB} are right")
        if weights["growth"] > MOST_GROWTH:
            problems.append(f"{name} grew to {weights['growth']:.2f} times its memory")
    return {
        "started": started.isoformat(timespec="seconds"),
        "minutes": arguments.minutes,
        "browsers": arguments.browsers,
        "programs": arguments.programs,
        "files": files,
        "kills": {name: len(server.downs) for name, server in servers.items()},
        "outcomes": {client: dict(found) for client, found in sorted(counts.outcomes.items())},
        "memory": memory,
        "problems": problems,
    }


def memory_of(server: Server) -> dict[str, float]:
    """Peak, and growth from the second to the last fifth of the time after the last kill."""
    last = max((end for _, end in server.downs), default=0.0)
    calm = [mb for moment, mb in server.weights if moment > last]
    fifth = len(calm) // 5
    growth = 1.0
    if fifth:
        growth = statistics.median(calm[-fifth:]) / statistics.median(calm[fifth : 2 * fifth])
    peak = max((mb for _, mb in server.weights), default=0.0)
    return {"peak_mb": round(peak), "growth": round(growth, 2), "calm_weighings": len(calm)}


if __name__ == "__main__":
    sys.exit(main())
