"""Times the app from the drop of X-rays to verdict and marks, in Chromium: `make app-times`.

Writes benchmarks/app.json; `fracturelens benchmark --tables-only` writes its table. The X-rays are
the synthetic samples, each with a grain of its own, so that no two are the same.
"""

import json
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import Browser, Page, expect, sync_playwright

from important_variables import BENCHMARK, SAMPLES
from tests.helpers.serving import (
    CHROMIUM_ARGUMENTS,
    PATIENCE,
    SETTLED,
    bring,
    find_chromium,
    keyed,
    serve_process,
)
from training.benchmark.machine import describe_machine
from training.benchmark.memory import MOST, memory_mb

RESULT = BENCHMARK.parent / "app.json"
COUNTS = (1, 12, 30)
LARGE = (3000, 4000)
"""Width and height of the large X-ray, pixels."""
ROUNDS = 3
PEOPLE = 8
FILMS_OF_A_PERSON = 4
GRAIN = 3
"""Standard deviation of the noise, gray levels."""


def main() -> int:
    """Measures and writes the result."""
    expect.set_options(timeout=PATIENCE)
    folder = Path(tempfile.mkdtemp())
    films = draw_films(folder, max(*COUNTS, PEOPLE * FILMS_OF_A_PERSON))
    drops = {str(count): films[:count] for count in COUNTS} | {"large": [draw_large(folder)]}
    with serve_process(folder / "log.txt") as (url, pid), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS
        )
        timed(browser, url, films[-1:])  # loads the networks, as the day's first person does
        report = {
            "machine": describe_machine(),
            "date": time.strftime("%Y-%m-%d"),
            "drops": {
                name: [timed(browser, url, paths) for _ in range(ROUNDS)]
                for name, paths in drops.items()
            },
            "people": PEOPLE,
            "films_each": FILMS_OF_A_PERSON,
            "memory_alone_mib": round(memory_mb(pid, MOST), 1),
            "memory_with_people_mib": memory_with_people(browser, url, pid, films),
        }
        browser.close()
    RESULT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{RESULT}\n")
    return 0


def timed(browser: Browser, url: str, paths: list[Path]) -> dict[str, float]:
    """Seconds from the drop until the verdict is read, and until every X-ray has its marks."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=url)
    context.set_default_timeout(PATIENCE)
    page = open_dashboard(context.new_page())
    start = time.perf_counter()
    bring(page, paths)
    keyed(page, "verdict", "h2").wait_for()
    verdict = time.perf_counter()
    keyed(page, "film_viewer", "canvas[data-sharp=true]").first.wait_for()
    page.wait_for_selector(SETTLED)
    marks = time.perf_counter()
    context.close()
    return {"verdict": round(verdict - start, 2), "marks": round(marks - start, 2)}


def memory_with_people(browser: Browser, url: str, pid: int, films: list[Path]) -> float:
    """Peak memory of the server, MiB, after several people have each looked at their X-rays."""
    contexts = [browser.new_context(base_url=url) for _ in range(PEOPLE)]
    coming = iter(films)
    for context in contexts:
        context.set_default_timeout(PATIENCE)
        bring(open_dashboard(context.new_page()), list(islice(coming, FILMS_OF_A_PERSON)))
    for context in contexts:
        keyed(context.pages[0], "verdict", "h2").wait_for()
        context.pages[0].wait_for_selector(SETTLED)
    peak = round(memory_mb(pid, MOST), 1)
    for context in contexts:
        context.close()
    return peak


def open_dashboard(page: Page) -> Page:
    page.goto("/dashboard")
    keyed(page, "upload", "input[type=file]").wait_for(state="attached")
    page.wait_for_selector(SETTLED)
    return page


def draw_films(folder: Path, count: int) -> list[Path]:
    """That many X-rays, the samples in turn."""
    samples = sorted(SAMPLES.glob("*.png"))
    random = np.random.default_rng(0)
    return [
        _write(
            folder / f"film_{place:02}.png", cv2.imread(str(sample), cv2.IMREAD_GRAYSCALE), random
        )
        for place in range(count)
        for sample in [samples[place % len(samples)]]
    ]


def draw_large(folder: Path) -> Path:
    """One X-ray of `LARGE`."""
    drawn = cv2.imread(str(SAMPLES / "lower_leg_broken.png"), cv2.IMREAD_GRAYSCALE)
    drawn = cv2.resize(drawn, LARGE, interpolation=cv2.INTER_CUBIC)
    return _write(folder / "large.png", drawn, np.random.default_rng(1))


def _write(path: Path, drawn: np.ndarray, random: np.random.Generator) -> Path:
    grainy = drawn + random.normal(0, GRAIN, drawn.shape)
    cv2.imwrite(str(path), np.rint(grainy.clip(0, 255)).astype(np.uint8))
    return path


if __name__ == "__main__":
    sys.exit(main())
