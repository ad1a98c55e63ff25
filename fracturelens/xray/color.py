"""Color pictures to gray, and how colorful they were."""

from collections.abc import Callable

import cv2
import numpy as np

from fracturelens.xray.contrast import STRIP

GRAIN = 4
"""Side in pixels of the blocks over which color is averaged: the noise of JPEG is no color."""


def gray_of_color(
    height: int, width: int, strip: Callable[[int, int], np.ndarray]
) -> tuple[np.ndarray, float]:
    """Luminance, strip by strip: a whole RGB copy of a large X-ray would take three times it.

    Args:
        height: rows.
        width: columns.
        strip: gives uint8 (bottom - top, W, 3) RGB of the rows from `top` up to `bottom`.

    Returns:
        uint8 (H, W); and the mean difference, in gray levels, between the two channels that
        differ most.
    """
    pixels = np.empty((height, width), np.uint8)
    differences = np.zeros(3)
    for top in range(0, height, STRIP):
        bottom = min(top + STRIP, height)
        rows = np.ascontiguousarray(strip(top, bottom))
        cv2.cvtColor(rows, cv2.COLOR_RGB2GRAY, dst=pixels[top:bottom])
        differences += (bottom - top) * _channel_differences(rows)
    return pixels, float(differences.max() / height)


def _channel_differences(strip: np.ndarray) -> np.ndarray:
    """Mean difference in gray levels of each pair of channels, noise averaged out, float64 (3,)."""
    size = (max(1, strip.shape[1] // GRAIN), max(1, strip.shape[0] // GRAIN))
    red, green, blue = cv2.split(cv2.resize(strip, size, interpolation=cv2.INTER_AREA))
    pairs = ((red, green), (green, blue), (red, blue))
    return np.array([cv2.absdiff(first, second).mean() for first, second in pairs])
