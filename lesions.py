"""Finds the connected regions of a mask."""

from dataclasses import dataclass

import cv2
import numpy as np


@dataclass(frozen=True)
class Lesion:
    """One connected region of a mask.

    Attributes:
        number: 1 for the lesion with the highest peak.
        box: x, y, width, height in pixels of the original picture.
        area_pixels: pixels of the original picture.
        area_percent: share of the picture, in percent.
        peak: highest fracture probability inside, in [0, 1].
    """

    number: int
    box: tuple[int, int, int, int]
    area_pixels: int
    area_percent: float
    peak: float


def find_lesions(
    mask: np.ndarray, probability: np.ndarray, min_share: float = 0.0
) -> tuple[Lesion, ...]:
    """Connected regions (8 neighbours) of a mask, highest peak first.

    Args:
        mask: bool (H, W).
        probability: float32 (H, W) in [0, 1].
        min_share: smallest region, as a fraction of H * W.
    """
    return find_regions(mask, probability, min_share)[0]


def find_regions(
    mask: np.ndarray, probability: np.ndarray, min_share: float
) -> tuple[tuple[Lesion, ...], np.ndarray]:
    """As `find_lesions`, and the mask without the regions that are too small.

    Returns:
        The lesions, and a new bool (H, W).
    """
    if not mask.any():  # OpenCV crashes on an empty window
        return (), np.zeros_like(mask)
    window, top, left = _painted_window(mask)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask[window].astype(np.uint8))
    wanted, found = np.zeros(count, bool), []
    for label in range(1, count):
        x, y, width, height, area = (int(value) for value in stats[label])
        if area < min_share * mask.size:
            continue
        wanted[label] = True
        part = (slice(y, y + height), slice(x, x + width))
        peak = float(probability[window][part][labels[part] == label].max())
        found.append((peak, area, (left + x, top + y, width, height)))
    found.sort(key=lambda entry: (-entry[0], entry[2]))
    lesions = tuple(
        Lesion(number, box, area, 100 * area / mask.size, peak)
        for number, (peak, area, box) in enumerate(found, 1)
    )
    kept = np.zeros_like(mask)
    kept[window] = wanted[labels]
    return lesions, kept


def _painted_window(mask: np.ndarray) -> tuple[tuple[slice, slice], int, int]:
    """The rectangle that holds all that is painted, its first row and column.

    Labelling it alone takes a tenth of the time that a whole large X-ray takes.
    """
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return window, int(rows[0]), int(columns[0])
