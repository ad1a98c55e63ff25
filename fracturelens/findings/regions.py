"""Finds the connected regions of a mask."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from fracturelens.results import Box


@dataclass(frozen=True)
class Region:
    """One connected region of one network's mask.

    Attributes:
        box: in pixels of the original picture.
        pixels: bool (height, width) of the box, the region's own pixels.
        mean: fracture probability inside, mean, in [0, 1]. Peaks would tie: INT8 outputs end at
            255/256, and most regions reach that.
    """

    box: Box
    pixels: np.ndarray
    mean: float

    @property
    def area(self) -> int:
        """Pixels of the region."""
        return int(np.count_nonzero(self.pixels))


def find_regions(
    mask: np.ndarray, probability: np.ndarray, smallest: float = 0, corner: tuple[int, int] = (0, 0)
) -> tuple[list[Region], np.ndarray]:
    """Connected regions (8 neighbors) of a mask, and the mask without what is too small.

    Args:
        mask: bool (h, w), the whole picture or a window of it.
        probability: float32 (h, w) in [0, 1].
        smallest: pixels of the smallest region that counts.
        corner: column and row of the picture at which the window begins.

    Returns:
        The regions in no order that means anything, and a new bool (h, w).
    """
    kept = np.zeros_like(mask)
    found: list[Region] = []
    if not mask.any():  # OpenCV crashes on an empty window
        return found, kept
    labels = cv2.connectedComponents(mask.view(np.uint8))[1]
    for label, (x, y, width, height) in _boxes(mask, labels):
        part = (slice(y, y + height), slice(x, x + width))
        pixels = labels[part] == label
        if np.count_nonzero(pixels) < smallest:
            continue
        kept[part] |= pixels
        mean = float(probability[part][pixels].mean(dtype=np.float64))
        found.append(Region((corner[0] + x, corner[1] + y, width, height), pixels, mean))
    return found, kept


def _boxes(mask: np.ndarray, labels: np.ndarray) -> Iterator[tuple[int, Box]]:
    """Label and box of each region, by its outline: OpenCV's statistics take ten times longer."""
    outlines, nesting = cv2.findContours(
        mask.view(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE
    )
    for outline, (*_, parent) in zip(outlines, nesting.reshape(-1, 4).tolist(), strict=True):
        if parent < 0:  # the others are outlines of holes
            column, row = outline[0, 0]
            x, y, width, height = cv2.boundingRect(outline)
            yield int(labels[row, column]), (x, y, width, height)
