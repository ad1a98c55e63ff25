"""The checks that need no network: color, blank, noise, few gray levels, ruled lines."""

import cv2
import numpy as np

from fracturelens.xray.contrast import STRIP, histogram
from fracturelens.xray.radiograph import Radiograph

COLOR_LIMIT = 12.0
"""Gray levels between the channels, mean; JPEG noise stays below 3."""
BLANK_LIMIT = 4.0
"""Standard deviation, gray levels."""
NOISE_LIMIT = 0.5
"""Correlation of neighboring pixels; in X-rays it is above 0.9."""
FEWEST_LEVELS = 24
"""Gray levels that a picture holds, each on at least one pixel in 10,000; X-rays have more."""
SOME_ROWS = 8
"""Every so many rows are counted first: what is enough there is enough on the whole."""
STRAIGHT = 32
"""Pixels over which a line of a page runs without any change, as no outline of a bone does."""
STEP = 12
"""Gray levels between the two sides of such a line."""
APART = 4
"""Rows; lines that are no farther apart count as one, since JPEG rings along a sharp line."""
MOST_LINES = 7
"""Rows and columns with such a line. X-rays with a frame or a boxed marker have up to four, our
own pages nine to twenty-six."""


def check_picture(radiograph: Radiograph) -> tuple[str, str] | None:
    """The first check that the picture fails.

    Returns:
        None where it passes; else "color", "blank", "noise", "shades" or "lines", and a number
        for the sentence ("" where none belongs there).
    """
    if radiograph.colorfulness > COLOR_LIMIT:
        return "color", ""
    gray = radiograph.network_pixels
    if cv2.meanStdDev(gray)[1].item() < BLANK_LIMIT:
        return "blank", ""
    if _neighbor_correlation(gray) < NOISE_LIMIT:
        return "noise", ""
    levels = levels_held(gray)
    if levels < FEWEST_LEVELS:
        return "shades", str(levels)
    return ("lines", "") if _ruled_lines(gray) > MOST_LINES else None


def levels_held(gray: np.ndarray) -> int:
    """How many gray levels a uint8 (H, W) picture holds, each on at least one pixel in 10,000.

    Of a picture that has enough, only those that were counted until then.
    """
    levels = 0
    for some in (gray[::SOME_ROWS], gray):
        counts = histogram(np.ascontiguousarray(some), 256)
        levels = int(np.count_nonzero(counts * 10_000 >= gray.size))
        if levels >= FEWEST_LEVELS:
            break
    return levels


def ruled_rows(gray: np.ndarray) -> np.ndarray:
    """Rows, rising, that differ by `STEP` from the next one, both even, over `STRAIGHT` pixels.

    Args:
        gray: uint8 (H, W).
    """
    if min(gray.shape) < 2 or gray.shape[1] <= STRAIGHT:
        return np.empty(0, int)
    tops = range(0, len(gray) - 1, STRIP)  # strips stay in the cache
    return np.concatenate([top + _ruled_of_strip(gray[top : top + STRIP + 1]) for top in tops])


def _neighbor_correlation(gray: np.ndarray) -> float:
    """Correlation of each pixel with its right neighbor, over at most a million or so."""
    gray = np.ascontiguousarray(gray[:: 1 + gray.size // 1_000_000])
    left, right = gray[:, :-1], gray[:, 1:]
    (mean, deviation), (next_mean, next_deviation) = (
        [float(found.item()) for found in cv2.meanStdDev(side)] for side in (left, right)
    )
    together = cv2.mean(cv2.multiply(left, right, dtype=cv2.CV_16U))[0]
    return (together - mean * next_mean) / (deviation * next_deviation + 1e-6)


def _ruled_lines(gray: np.ndarray) -> int:
    """Straight lines, across and down, that run between two even grays."""
    rows = (ruled_rows(side) for side in (gray, cv2.transpose(gray)))
    return sum(int(np.count_nonzero(np.diff(found, prepend=-APART - 1) > APART)) for found in rows)


def _ruled_of_strip(gray: np.ndarray) -> np.ndarray:
    difference = cv2.absdiff(gray[1:], gray[:-1])
    steep = cv2.compare(difference, STEP, cv2.CMP_GE)[:, 1:]  # type: ignore[call-overload]
    even = cv2.compare(gray[:, 1:], gray[:, :-1], cv2.CMP_EQ)
    line = cv2.bitwise_and(steep, cv2.bitwise_and(even[1:], even[:-1]))
    length = 1
    while length < STRAIGHT:  # what is left are the pixels at which so long a run begins
        if not cv2.countNonZero(line):
            return np.empty(0, int)
        line = cv2.bitwise_and(line[:, length:], line[:, :-length])
        length *= 2
    return np.flatnonzero(line.max(axis=1))
