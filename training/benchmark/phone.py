"""Times the phone's web app in Chromium against LiteRT at the desk: benchmarks/phone/latest.json.

    python -m training.benchmark.phone

It needs the built app (`make phone`) and Chromium.
"""

import argparse
import base64
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from fracturelens.networks.card import FILES, read_card
from fracturelens.networks.litert import LitertPredictor
from fracturelens.phone.export import export_phone
from fracturelens.phone.serve import make_server
from fracturelens.screening.network import SCREENING
from important_variables import BENCHMARK, NETWORKS, SAMPLES, models_folder
from prediction import examine_xray, load_engine
from training.benchmark.machine import describe_machine

PHONE_RESULT = BENCHMARK.parent / "phone" / "latest.json"
SAMPLE = SAMPLES / "lower_leg_broken.png"
THREADS = (1, 2)
ROUNDS, TURNS = 5, 6
"""Runs in a row, and how often each way of running has its turn: a slow spell hits all alike."""
PATIENCE = 300_000
"""Milliseconds."""
START = """
async (threads) => {
  const worker = new Worker("worker.js");
  let waiting;
  worker.onmessage = ({ data }) => {
    if (data.type === "done") waiting.resolve(data.value);
    if (data.type === "failed") waiting.reject(new Error(data.words));
  };
  window.ask = (request) => new Promise((resolve, reject) => {
    waiting = { resolve, reject };
    worker.postMessage({ id: 0, ...request });
  });
  await window.ask({ type: "load", threads });
}
"""
MEASURE = "rounds => window.ask({ type: 'measure', rounds })"
EXAMINE = """
async (text) => {
  const file = new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]);
  const options = { alwaysSegment: true, acceptAny: true };
  return (await window.ask({ type: "examine", file, options })).times;
}
"""

Times = dict[str, float]
"""Milliseconds by network, or by step."""


def main() -> None:
    """Measures and writes the result."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    report = measure(models_folder())
    PHONE_RESULT.parent.mkdir(parents=True, exist_ok=True)
    PHONE_RESULT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{PHONE_RESULT}\n")


def measure(models: Path) -> dict:
    """The quickest time of each network, and of the steps of one X-ray, in milliseconds.

    Args:
        models: folder of the networks.
    """
    native = {threads: _native_networks(models, threads) for threads in THREADS}
    engine, data = load_engine("int8", models, "litert"), SAMPLE.read_bytes()
    networks: dict[str, list[Times]] = {}
    steps: dict[str, list[Times]] = {}
    with _pages(models) as pages:
        for _ in range(TURNS):
            for threads in THREADS:
                page = pages[threads]
                networks.setdefault(f"chromium_{threads}", []).extend(
                    page.evaluate(MEASURE, ROUNDS)
                )
                rounds = [_native_times(native[threads]) for _ in range(ROUNDS)]
                networks.setdefault(f"native_{threads}", []).extend(rounds)
                text = base64.b64encode(data).decode()
                steps.setdefault(f"chromium_{threads}", []).append(page.evaluate(EXAMINE, text))
            steps.setdefault("native", []).append(_examined(data, engine))
    return {
        "machine": describe_machine(),
        "date": time.strftime("%Y-%m-%d"),
        "files": {name: read_card(name, models).files[FILES["int8"]] for name in _names()},
        "networks": {way: _quickest(rounds) for way, rounds in networks.items()},
        "steps": {way: _quickest(rounds) for way, rounds in steps.items()},
    }


def _names() -> tuple[str, ...]:
    return (SCREENING, *NETWORKS)


def _quickest(rounds: list[Times]) -> Times:
    """The least time of each, which other work on the machine disturbs least."""
    return {name: round(min(times[name] for times in rounds), 2) for name in rounds[0]}


def _native_networks(models: Path, threads: int) -> dict[str, LitertPredictor]:
    return {
        name: LitertPredictor(models / name / FILES["int8"], threads, workers=1)
        for name in _names()
    }


def _native_times(networks: Mapping[str, LitertPredictor]) -> Times:
    times = {}
    for name, network in networks.items():
        side = read_card(name, models_folder()).input_size
        picture = np.full((1, side, side, 3), 0.5, np.float32)
        started = time.perf_counter()
        network(picture)
        times[name] = 1000 * (time.perf_counter() - started)
    return times


def _examined(data: bytes, engine) -> Times:
    """The whole of one X-ray at the desk; its networks apart."""
    started = time.perf_counter()
    found = examine_xray(data, engine, always_segment=True, accept_any=True)
    whole = 1000 * (time.perf_counter() - started)
    seconds = found.scores.seconds if found.scores else {}
    return {name: 1000 * value for name, value in seconds.items()} | {"whole": whole}


@contextmanager
def _pages(models: Path) -> Iterator[dict[int, object]]:
    """A page of the served app for each number of threads, its worker loaded."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        export_phone(site, models)
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        with make_server(site, 0) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            address = f"http://127.0.0.1:{server.server_port}/manifest.webmanifest"
            yield {threads: _page(browser, address, threads) for threads in THREADS}
            browser.close()
            server.shutdown()


def _page(browser, address: str, threads: int):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.evaluate(START, threads)
    return page


if __name__ == "__main__":
    main()
