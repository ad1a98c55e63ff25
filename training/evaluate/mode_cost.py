"""Measures what another mode costs: the time of networks asked as usual and asked otherwise."""

import time
from collections.abc import Iterable
from itertools import product

import numpy as np

from fracturelens.measured.conditions import ModeCost
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import Mode
from training.data.dataset import Xray, load_image
from training.evaluate.scores import score_picture

TIMED = 20
"""Pictures that are timed, asked about in both ways in turn, so that both meet the same load."""


def mode_cost(predictors: Iterable[Predictor], xrays: list[Xray], mode: Mode) -> ModeCost:
    """Time of all given networks on one picture, as usual and in another mode.

    Preparing the picture is part of both, reading it from disk of neither.

    Args:
        predictors: the networks; the first answer in each way, which prepares them, is not counted.
        xrays: the first `TIMED` of them are timed.
        mode: the other one.
    """
    predictors = list(predictors)
    pictures = [load_image(xray) for xray in xrays[:TIMED]]
    times = {way: np.zeros(len(pictures)) for way in (Mode.USUAL, mode)}
    for predictor, way in product(predictors, times):
        score_picture(predictor, pictures[0], way)
    for place, pixels in enumerate(pictures):
        for way, taken in times.items():
            start = time.perf_counter()
            for predictor in predictors:
                score_picture(predictor, pixels, way)
            taken[place] = time.perf_counter() - start
    usual, other = (float(np.median(taken)) * 1000 for taken in times.values())
    return ModeCost(len(pictures), usual, other)
