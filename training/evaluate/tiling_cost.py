"""Measures what another look costs: the time of a network asked as usual and asked otherwise."""

import time
from collections.abc import Iterable
from itertools import product

import numpy as np

from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import Look
from training.data.dataset import Xray, load_image
from training.evaluate.scores import score_picture

TIMED = 20
"""Pictures that are timed, asked in both ways in turn, so that both meet the same load."""


def look_cost(predictors: Iterable[Predictor], xrays: list[Xray], look: Look) -> dict:
    """Time of all given networks on one picture, as usual and with another look.

    Args:
        predictors: the networks; the first look of each kind, which prepares them, is not counted.
        xrays: the first `TIMED` of them are timed.
        look: the other one.

    Returns:
        {"images", "usual_ms", "look_ms"}: pictures timed, and the median milliseconds of each.
        Preparing the picture is part of both, reading it from disk of neither.
    """
    predictors = list(predictors)
    images = [load_image(xray) for xray in xrays[:TIMED]]
    times = {way: np.zeros(len(images)) for way in (Look.USUAL, look)}
    for predictor, way in product(predictors, times):
        score_picture(predictor, images[0], way)
    for place, image in enumerate(images):
        for way, taken in times.items():
            start = time.perf_counter()
            for predictor in predictors:
                score_picture(predictor, image, way)
            taken[place] = time.perf_counter() - start
    usual, other = (float(np.median(taken)) * 1000 for taken in times.values())
    return {"images": len(images), "usual_ms": usual, "look_ms": other}
