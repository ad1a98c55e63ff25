"""Asks a gate about several small changes of one X-ray and averages what it says.

A network of strides answers a picture and the same picture moved by a pixel differently. The mean
over a few such views moves less, and is right more often.
"""

from collections.abc import Callable

import numpy as np

from fracturelens.networks.calibration import logit
from fracturelens.networks.inference import AveragedView

SquareOf = Callable[[int], np.ndarray]
"""Side in pixels -> float32 (1, side, side, 3) in [0, 1], letterboxed."""
LEAST = 1 / 512
"""Probabilities are kept this far from 0 and 1: half a step of an INT8 output, so that a view whose
answer was rounded to 0 does not outweigh all others."""


def views_of(square_of: SquareOf, size: int, views: tuple[AveragedView, ...]) -> np.ndarray:
    """The views of one X-ray.

    Args:
        square_of: the letterboxed X-ray by its side in pixels.
        size: side of the network's input, pixels.
        views: at least one.

    Returns:
        float32 (views, size, size, 3) in [0, 1].
    """
    made = np.zeros((len(views), size, size, 3), np.float32)
    for place, view in zip(made, views, strict=True):
        side = round(view.scale * size)
        margin = (size - side) // 2
        shown = place[:, ::-1] if view.mirrored else place
        _lay(square_of(side)[0], shown, margin + view.down, margin + view.right)
    return made


def mean_probability(probabilities: np.ndarray) -> np.ndarray:
    """The sigmoid of the mean logit over views.

    Args:
        probabilities: float32 (views, 1) in [0, 1].

    Returns:
        float32 (1,).
    """
    mean = logit(np.clip(probabilities, LEAST, 1 - LEAST)).mean(axis=0)
    return (1 / (1 + np.exp(-mean))).astype(np.float32)


def _lay(square: np.ndarray, view: np.ndarray, down: int, right: int) -> None:
    """Lays a square picture on a black view, moved by whole pixels; what juts out is cut off."""
    rows, columns = (_seen(len(square), len(view), move) for move in (down, right))
    view[rows, columns] = square[
        rows.start - down : rows.stop - down, columns.start - right : columns.stop - right
    ]


def _seen(side: int, size: int, move: int) -> slice:
    """Where a square of `side` that was moved lies in a view of `size`; empty where it left it."""
    start = min(max(0, move), size)
    return slice(start, max(start, min(size, side + move)))
