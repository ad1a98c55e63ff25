"""Times the whole way of an X-ray, from the bytes of its file to its overlays."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from fracturelens.findings.views import full_overlay
from fracturelens.networks.card import read_card
from fracturelens.networks.predictor import Predictor
from fracturelens.screening.network import load_screening
from fracturelens.xray.radiograph import Radiograph
from fracturelens.xray.read import decode_xray
from important_variables import SAMPLES, trained_here
from prediction import Engine, examine_xray, make_engine
from training.benchmark.runners import (
    Inference,
    Runner,
    ask_apart,
    bytes_of,
    from_record,
    peak_mb,
    to_record,
)

HEIGHT, WIDTH = 2304, 2880
OPACITY = 0.5
OLDER = "keras_predict"
RELOADED = "keras_reloaded"
STAGES = ("load", "decode", "predict", "draw")
Way = tuple[str, str, int]
"""Runtime, precision and threads."""


def large_jpeg() -> bytes:
    """A synthetic sample enlarged to the size of FracAtlas' largest pictures."""
    image = cv2.imread(str(sorted(SAMPLES.glob("*.png"))[0]))
    large = cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return cv2.imencode(".jpg", large, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()


def cascade_runs(inferences: Mapping[Runner, Inference], models: Path, rounds: int) -> list[dict]:
    """From the bytes of a 2304 x 2880 JPEG to the overlays of all segmenters, in turns.

    Each way examines the file as every front end does, with networks of its own in the engine.
    `RELOADED` reads the networks before each picture, as the older app does at every rerun of its
    page.

    Args:
        inferences: every way to run each network, loaded.
        models: folder of the networks, for their cards.
        rounds: pictures that each way is timed on, after one that warms up.

    Returns:
        Rows {"runtime", "precision", "threads", "median_ms", "p95_ms", "per_second", "stages_ms"
        (medians of `STAGES`; "predict" is all between reading and drawing), "peak_mb" and
        "file_bytes" (of all networks)}.
    """
    ways = group_ways(inferences)
    engines = {way: _engine(runners, inferences, models) for way, runners in ways.items()}
    calls = {way: _fixed(engine) for way, engine in engines.items()}
    older = next(way for way in ways if way[0] == OLDER)
    reloaded = (RELOADED, *older[1:])
    ways[reloaded] = ways[older]
    calls[reloaded] = lambda: replace(engines[older], networks=_load(ways[older], models))
    data = large_jpeg()
    times: dict[Way, list[list[float]]] = {way: [] for way in ways}
    for number in range(rounds + 1):
        for way, engine in calls.items():
            stages = _one_picture(data, engine)
            if number:  # the first round warms up
                times[way].append(stages)
    return [
        _row(way, np.array(times[way])) | _weigh_apart(runners, models)
        for way, runners in ways.items()
    ]


def group_ways(runners: Iterable[Runner]) -> dict[Way, list[Runner]]:
    """The runners of all networks by the way they run; a way that lacks one is left out."""
    ways: dict[Way, list[Runner]] = {}
    for runner in runners:
        ways.setdefault((runner.runtime, runner.precision, runner.threads), []).append(runner)
    return {way: found for way, found in ways.items() if len(found) == len(trained_here())}


def weigh_way(runners: list[Runner], models: Path) -> dict:
    """Peak memory of this process once one large picture went all the way, and size of the files.

    Returns:
        {"peak_mb", "file_bytes"}.
    """
    engine = _engine(runners, {runner: runner.load() for runner in runners}, models)
    _one_picture(large_jpeg(), _fixed(engine))
    return {"peak_mb": peak_mb(), "file_bytes": sum(bytes_of(x.path) for x in runners)}


def _weigh_apart(runners: list[Runner], models: Path) -> dict:
    """`weigh_way` in a process of its own, where no other runtime adds to the memory."""
    content = {"models": str(models.resolve()), "runners": [to_record(x) for x in runners]}
    return ask_apart("training.benchmark.cascade", content)


def _engine(runners: list[Runner], inferences: Mapping[Runner, Inference], models: Path) -> Engine:
    """An engine of one way; formats without thresholds of their own are judged as float32."""
    networks, precision = _networks(runners, inferences, models), runners[0].precision
    return make_engine(networks, precision, models, load_screening(models))


def _load(runners: list[Runner], models: Path) -> dict[str, Predictor]:
    return _networks(runners, {runner: runner.load() for runner in runners}, models)


def _networks(
    runners: list[Runner], inferences: Mapping[Runner, Inference], models: Path
) -> dict[str, Predictor]:
    """Stand-ins for the shipped networks: their cards, run by another runtime."""
    return {
        x.network: Predictor(inferences[x], read_card(x.network, models), x.precision)
        for x in runners
    }


def _fixed(engine: Engine) -> Callable[[], Engine]:
    return lambda: engine


def _one_picture(data: bytes, engine: Callable[[], Engine]) -> list[float]:
    """Seconds of each of `STAGES`."""
    marks = [time.perf_counter()]
    loaded = engine()
    marks.append(time.perf_counter())

    def decode(content: bytes) -> Radiograph:
        radiograph = decode_xray(content)
        marks.append(time.perf_counter())
        return radiograph

    found = examine_xray(data, loaded, always_segment=True, accept_any=True, decode=decode)
    marks.append(time.perf_counter())
    for name in found.prediction.segmentations:
        full_overlay(found.radiograph.pixels, found.prediction, name, OPACITY)
    marks.append(time.perf_counter())
    return np.diff(marks).tolist()


def _row(way: Way, stages: np.ndarray) -> dict:
    total = stages.sum(axis=1)
    median = float(np.median(total))
    return {
        **dict(zip(("runtime", "precision", "threads"), way, strict=True)),
        "median_ms": 1000 * median,
        "p95_ms": 1000 * float(np.quantile(total, 0.95)),
        "per_second": 1 / median,
        "stages_ms": dict(zip(STAGES, (1000 * np.median(stages, axis=0)).tolist(), strict=True)),
    }


def main() -> None:
    """Weighs the way that standard input describes and prints the result as JSON."""
    argparse.ArgumentParser(description=main.__doc__).parse_args()
    content = json.load(sys.stdin)
    runners = [from_record(record) for record in content["runners"]]
    sys.stdout.write(json.dumps(weigh_way(runners, Path(content["models"]))) + "\n")


if __name__ == "__main__":
    main()
