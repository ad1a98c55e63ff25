"""Stretches a picture's contrast, so that a network sees films of all hospitals alike."""

import numpy as np

from fracturelens.networks.inference import Stretch

STRETCH = Stretch(1.0, 99.5)
"""What new networks are trained with."""


def levels_of(picture: np.ndarray, stretch: Stretch) -> tuple[float, float]:
    """The gray levels that become black and white.

    Args:
        picture: uint8 (H, W) without padding.
        stretch: the percentiles.
    """
    low, high = np.percentile(picture, (stretch.low, stretch.high))
    return float(low), float(max(high, low + 1))


def stretched(picture: np.ndarray, levels: tuple[float, float]) -> np.ndarray:
    """The picture with its contrast stretched; padding of 0 stays 0.

    Args:
        picture: gray levels 0 to 255, uint8 or float32, any shape.
        levels: of `levels_of`.

    Returns:
        float32 of the same shape, in [0, 1].
    """
    low, high = levels
    return np.clip((picture - np.float32(low)) / np.float32(high - low), 0, 1)
