"""Measures what averaging over the mirror image costs: the time of a network with and without."""

import time
from collections.abc import Iterable

import numpy as np

from create_segmentation_model import Predictor
from prediction import network_inputs
from training.dataset import Xray, load_image
from training.scores import score_picture

TIMED = 20
"""Pictures that are timed, each with and without in turn, so that both meet the same load."""


def flip_cost(predictors: Iterable[Predictor], xrays: list[Xray]) -> dict:
    """Time of all given networks on one picture, with and without its mirror image.

    Args:
        predictors: the networks; their first call, which prepares them, is not counted.
        xrays: the first `TIMED` of them are timed.

    Returns:
        {"images", "once_ms", "flips_ms"}: pictures timed, and the median milliseconds of each.
        Preparing the picture is part of both, reading it from disk of neither.
    """
    predictors = list(predictors)
    images = [load_image(xray) for xray in xrays[:TIMED]]
    for predictor in predictors:
        predictor(network_inputs(images[0])(predictor.input_size))
    times = {flips: np.zeros(len(images)) for flips in (False, True)}
    for place, image in enumerate(images):
        for flips, taken in times.items():
            start = time.perf_counter()
            for predictor in predictors:
                score_picture(predictor, image, flips)
            taken[place] = time.perf_counter() - start
    once, both = (float(np.median(times[flips])) * 1000 for flips in (False, True))
    return {"images": len(images), "once_ms": once, "flips_ms": both}
