"""Times the whole way of an X-ray, from the bytes of its file to its overlays."""

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import keras
import numpy as np

from app_pages.pictures import full_overlay
from create_segmentation_model import FILES, Predictor, load_model
from important_variables import GATE, NETWORKS, SAMPLES
from model_card import read_card
from prediction import load_thresholds, predict_fracture
from xray_image import decode_xray

HEIGHT, WIDTH = 2304, 2880
OPACITY = 0.5


def large_jpeg() -> bytes:
    """A synthetic sample enlarged to the size of FracAtlas' largest pictures."""
    image = cv2.imread(str(sorted(SAMPLES.glob("*.png"))[0]))
    large = cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return cv2.imencode(".jpg", large, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()


def cascade_runs(models: Path, rounds: int) -> list[dict]:
    """From the bytes of a 2304 x 2880 JPEG to both overlays, all three networks run.

    "Keras predict" calls model.predict as the older app does; "loaded anew" also reads the
    networks before each picture, as that app does at every rerun of its page. All else is the
    same code.

    Returns:
        Rows {"runtime", "median_ms", "p95_ms", "per_second"}; the stage medians of the INT8 way
        are under "stages_ms" of its row.
    """
    data = large_jpeg()
    ways = {
        "LiteRT, INT8": _fixed({n: load_model(n, "int8", models) for n in NETWORKS}),
        "Keras, ours": _fixed({n: load_model(n, "float32", models) for n in NETWORKS}),
        "Keras predict": _fixed(_predict_networks(models)),
        "Keras predict, loaded anew": lambda: _predict_networks(models),
    }
    thresholds = load_thresholds(models)
    times: dict[str, list[list[float]]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, networks in ways.items():
            stages = _one_picture(data, networks, thresholds)
            if number:  # the first round warms up
                times[name].append(stages)
    return [_row(name, np.array(stages)) for name, stages in times.items()]


def _fixed(networks: dict) -> Callable[[], dict]:
    return lambda: networks


def _one_picture(data: bytes, networks: Callable[[], dict], thresholds) -> list[float]:
    """Seconds of loading, decoding, predicting, and drawing both overlays."""
    marks = [time.perf_counter()]
    loaded = networks()
    marks.append(time.perf_counter())
    image = decode_xray(data)
    marks.append(time.perf_counter())
    found = predict_fracture(
        image,
        gate=loaded[GATE],
        segmenters={name: network for name, network in loaded.items() if name != GATE},
        thresholds=thresholds,
        always_segment=True,
    )
    marks.append(time.perf_counter())
    for name in found.segmentations:
        full_overlay(image, found, name, OPACITY)
    marks.append(time.perf_counter())
    return np.diff(marks).tolist()


def _predict_networks(models: Path) -> dict[str, Predictor]:
    """The networks as the older app runs them."""
    loaded = {}
    for name in NETWORKS:
        model = keras.saving.load_model(models / name / FILES["float32"], compile=False)
        infer = lambda batch, model=model: model.predict(batch, verbose=0)  # noqa: E731
        loaded[name] = Predictor(infer, model.input_shape[1], read_card(name, models), "float32")
    return loaded


def _row(name: str, stages: np.ndarray) -> dict:
    total = stages.sum(axis=1)
    median = float(np.median(total))
    labels = ("load", "decode", "predict", "draw")
    return {
        "runtime": name,
        "median_ms": 1000 * median,
        "p95_ms": 1000 * float(np.quantile(total, 0.95)),
        "per_second": 1 / median,
        "stages_ms": dict(zip(labels, (1000 * np.median(stages, axis=0)).tolist(), strict=True)),
    }
