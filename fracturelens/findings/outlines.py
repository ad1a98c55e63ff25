"""Outlines of findings as polygons along the edges of their pixels."""

import cv2
import numpy as np

from fracturelens.results import Box, Finding, Segmentation

MOST_CORNERS = 8000
"""Corners of a polygon: DICOM keeps them in elements of at most 65,534 bytes, 8 for each."""


def outlines_of(segmentation: Segmentation) -> dict[Finding, np.ndarray]:
    """The outline of each finding of one network, in the order of its findings.

    An outline runs along the outer edges of the finding's pixels and encloses exactly these, and
    the holes between them: the pixel of column x and row y covers x to x + 1 and y to y + 1.

    Args:
        segmentation: what the network found in an X-ray.

    Returns:
        int32 (N, 2) columns and rows, 0 to the width and height of the X-ray; the last corner is
        not the first one again. One with more than `MOST_CORNERS` corners is coarser.
    """
    found: dict[Box, np.ndarray] = {}
    for finding in segmentation.findings:
        found |= _outlines_within(segmentation.mask, finding.box)
    return {finding: found[finding.box] for finding in segmentation.findings}


def _outlines_within(mask: np.ndarray, box: Box) -> dict[Box, np.ndarray]:
    """The outline of each region that lies wholly in a box, by the region's own box.

    No two regions have the same box: one that touches all four sides leaves no way across.
    """
    x, y, width, height = box
    part = mask[y : y + height, x : x + width].astype(np.uint8)
    doubled = part.repeat(2, axis=0).repeat(2, axis=1)
    contours, _ = cv2.findContours(doubled, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    found = {}
    for contour in contours:
        corners = _corners((contour[:, 0] + 1) // 2)
        left, top = corners.min(axis=0).tolist()
        right, bottom = corners.max(axis=0).tolist()
        place = (x + left, y + top, right - left, bottom - top)
        found[place] = (_simplified(corners) + np.array([x, y])).astype(np.int32)
    return found


def _corners(points: np.ndarray) -> np.ndarray:
    """A closed path without the points at which it does not turn."""
    steps = points - np.roll(points, 1, axis=0)
    points = points[steps.any(axis=1)]
    before = points - np.roll(points, 1, axis=0)
    after = np.roll(points, -1, axis=0) - points
    turns = before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]
    back = (before * after).sum(axis=1) < 0
    return points[turns | back]


def _simplified(corners: np.ndarray, most: int = MOST_CORNERS) -> np.ndarray:
    """The polygon, coarser by as little as makes it fit."""
    tolerance, kept = 0.5, corners
    while len(kept) > most:
        kept = cv2.approxPolyDP(corners.astype(np.int32), tolerance, closed=True)[:, 0]
        tolerance *= 2
    return kept
