"""Restores a network's map to the X-ray's size where it matters: a lesion is a thousandth of it."""

import cv2
import numpy as np

from fracturelens.xray.letterbox import Letterbox

BLOCK = 128  # columns

Window = tuple[slice, slice]
"""Rows and columns of the X-ray."""


def restore_above(
    probability: np.ndarray, height: int, width: int, threshold: float
) -> tuple[Window, np.ndarray]:
    """The part of `restore_probability` that holds every pixel from the threshold on.

    Args:
        probability: float32 (size, size) in [0, 1], letterboxed.
        height: rows of the original in pixels.
        width: columns of the original in pixels.
        threshold: in (0, 1].

    Returns:
        Where the part lies, and float32 (rows, columns) in [0, 1]; both empty where no pixel
        reaches the threshold.
    """
    box = Letterbox(height, width, probability.shape[0])
    inner = np.ascontiguousarray(probability[box.inner], dtype=np.float32)
    high = inner >= threshold  # bilinear values never exceed those that they lie between
    if not high.any():
        return (slice(0, 0), slice(0, 0)), np.zeros((0, 0), np.float32)
    rows, columns = _reach(np.any(high, axis=1), height), _reach(np.any(high, axis=0), width)
    broad = cv2.resize(inner, (width, len(inner)), interpolation=cv2.INTER_LINEAR)[:, columns]
    return (rows, columns), _heightened(broad, height, rows)


def _heightened(broad: np.ndarray, height: int, rows: slice) -> np.ndarray:
    """Rows of a map stretched to `height`, column block by block: a whole one leaves the cache."""
    part = np.empty((rows.stop - rows.start, broad.shape[1]), np.float32)
    blocks = -(-broad.shape[1] // BLOCK)  # of one width: a lone column is rounded differently
    for block, place in zip(
        np.array_split(broad, blocks, axis=1), np.array_split(part, blocks, axis=1), strict=True
    ):
        size = (block.shape[1], height)
        tall = cv2.resize(np.ascontiguousarray(block), size, interpolation=cv2.INTER_LINEAR)
        tall[rows].clip(0, 1, out=place)
    return part


def _reach(high: np.ndarray, length: int) -> slice:
    """The pixels of the original that lie between two of the map's of which one is high."""
    places, scale = np.flatnonzero(high), length / len(high)
    first = int(np.floor((places[0] - 0.5) * scale - 0.5))
    last = int(np.ceil((places[-1] + 1.5) * scale - 0.5))
    return slice(max(first, 0), min(last + 1, length))


def restore_probability(probability: np.ndarray, height: int, width: int) -> np.ndarray:
    """Undo the letterbox: crop the padding and resize to the original picture.

    Args:
        probability: float32 (size, size) in [0, 1].
        height: Rows of the original in pixels.
        width: Columns of the original in pixels.

    Returns:
        float32 (height, width) in [0, 1], bilinear.
    """
    box = Letterbox(height, width, probability.shape[0])
    inner = np.ascontiguousarray(probability[box.inner], dtype=np.float32)
    restored = cv2.resize(inner, (width, height), interpolation=cv2.INTER_LINEAR)
    return restored.clip(0, 1)  # OpenCV's weights may sum to 1 + 1e-7
