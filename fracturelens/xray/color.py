"""Color pictures to gray, and how colorful they were."""

from collections.abc import Callable

import cv2
import numpy as np

from fracturelens.xray.contrast import STRIP

HALVINGS = 2
GRAIN = 2**HALVINGS
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
        differences += (bottom - top) * channel_differences(_averaged(rows))
    return pixels, float(differences.max() / height)


def channel_differences(colors: np.ndarray) -> np.ndarray:
    """Mean difference in gray levels of each pair of channels.

    Args:
        colors: uint8 (H, W, 3), noise averaged out.

    Returns:
        float64 (3,).
    """
    red, green, blue = cv2.split(colors)
    pairs = ((red, green), (green, blue), (red, blue))
    return np.array([cv2.absdiff(first, second).mean() for first, second in pairs])


def _averaged(strip: np.ndarray) -> np.ndarray:
    """The mean of each block; what is left over at the right and the bottom is left out.

    Halving twice takes a third of the time of one step: OpenCV has vectors for halves alone.
    """
    height, width = strip.shape[:2]
    if min(height, width) < GRAIN:
        size = (max(1, width // GRAIN), max(1, height // GRAIN))
        return cv2.resize(strip, size, interpolation=cv2.INTER_AREA)
    whole = strip[: height - height % GRAIN, : width - width % GRAIN]
    for halvings in range(1, HALVINGS + 1):
        size = (width // GRAIN * GRAIN >> halvings, height // GRAIN * GRAIN >> halvings)
        whole = cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
    return whole
