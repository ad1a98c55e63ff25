"""Finds the connected regions of a mask."""

from collections.abc import Iterator
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
    return find_regions(mask, probability, mask.size, min_share)[0]


def find_regions(
    mask: np.ndarray,
    probability: np.ndarray,
    pixels: int,
    min_share: float,
    corner: tuple[int, int] = (0, 0),
) -> tuple[tuple[Lesion, ...], np.ndarray]:
    """As `find_lesions` within a window of a picture, and the mask without what is too small.

    Args:
        mask: bool (h, w), the window.
        probability: float32 (h, w) in [0, 1].
        pixels: of the whole picture.
        min_share: smallest region, as a fraction of `pixels`.
        corner: column and row of the picture at which the window begins.

    Returns:
        The lesions, boxes in pixels of the picture, and a new bool (h, w).
    """
    if not mask.any():  # OpenCV crashes on an empty window
        return (), np.zeros_like(mask)
    kept, found = np.zeros_like(mask), []
    labels = cv2.connectedComponents(mask.view(np.uint8))[1]
    for label, (x, y, width, height) in _boxes(mask, labels):
        part = (slice(y, y + height), slice(x, x + width))
        region = labels[part] == label
        area = int(np.count_nonzero(region))
        if area < min_share * pixels:
            continue
        kept[part] |= region
        peak = float(probability[part][region].max())
        found.append((peak, area, (corner[0] + x, corner[1] + y, width, height)))
    found.sort(key=lambda entry: (-entry[0], entry[2]))
    lesions = tuple(
        Lesion(number, box, area, 100 * area / pixels, peak)
        for number, (peak, area, box) in enumerate(found, 1)
    )
    return lesions, kept


def _boxes(mask: np.ndarray, labels: np.ndarray) -> Iterator[tuple[int, tuple[int, int, int, int]]]:
    """Label and box of each region, by its outline: OpenCV's statistics take ten times longer."""
    outlines, nesting = cv2.findContours(
        mask.view(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE
    )
    for outline, (*_, parent) in zip(outlines, nesting.reshape(-1, 4).tolist(), strict=True):
        if parent < 0:  # the others are outlines of holes
            column, row = outline[0, 0]
            yield labels[row, column], cv2.boundingRect(outline)
