"""Asks a gate about several small changes of one X-ray and averages what it says.

A network of strides answers a picture and the same picture moved by a pixel differently. The mean
over a few such views moves less, and is right more often.
"""

from collections.abc import Callable

import cv2
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
    return np.stack([_view(square_of, size, view) for view in views])


def mean_probability(probabilities: np.ndarray) -> np.ndarray:
    """The sigmoid of the mean logit over views.

    Args:
        probabilities: float32 (views, 1) in [0, 1].

    Returns:
        float32 (1,).
    """
    mean = logit(np.clip(probabilities, LEAST, 1 - LEAST)).mean(axis=0)
    return (1 / (1 + np.exp(-mean))).astype(np.float32)


def _view(square_of: SquareOf, size: int, view: AveragedView) -> np.ndarray:
    """The letterboxed picture, scaled, then moved, then mirrored; what is open is black."""
    side = round(view.scale * size)
    margin = (size - side) // 2
    move = np.array([[1, 0, margin + view.right], [0, 1, margin + view.down]], np.float32)
    moved = cv2.warpAffine(square_of(side)[0], move, (size, size), flags=cv2.INTER_NEAREST)
    return moved[:, ::-1] if view.mirrored else moved
