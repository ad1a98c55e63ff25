"""Drawings over an X-ray: masks, numbered rings, agreement of networks."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import cv2
import numpy as np

from fracturelens.results import Box
from important_variables import RGB as Color

Ellipse = tuple[tuple[int, int], tuple[int, int]]
"""Center and half axes, column and row each, in pixels."""

BLACK: Color = (0, 0, 0)
DOTS = 28
"""Dots of a dotted ring."""
BADGE_ANGLES = np.deg2rad([-45, -135, 45, 135, 0, 180, -90, 90])
"""Where a number may stand at its ring, the best place first; rows grow downwards."""


class Ringed(Protocol):
    """What a ring needs of a finding: its number, and its box (x, y, width, height) in pixels."""

    @property
    def number(self) -> int:
        """Of its place."""

    @property
    def box(self) -> Box:
        """Around it."""


def overlay_mask(
    image: np.ndarray,
    mask: np.ndarray,
    color: Color,
    opacity: float,
) -> np.ndarray:
    """A new uint8 (H, W, 3) with the pixels of a mask tinted; arguments as of `tint_mask`."""
    painted = image.copy()
    tint_mask(painted, mask, color, opacity)
    return painted


def tint_mask(
    painted: np.ndarray,
    mask: np.ndarray,
    color: Color,
    opacity: float,
    within: tuple[slice, slice] = np.s_[:, :],
) -> None:
    """Tint the pixels of a mask in place: a copy of a large X-ray would cost 20 MB.

    Args:
        painted: uint8 (H, W, 3), drawn on.
        mask: bool (H, W).
        color: Tint.
        opacity: 0 (invisible) to 1 (opaque).
        within: Rows and columns outside of which the mask is known to be empty.
    """
    _tint(painted[within], mask[within], color, opacity)


def overlay_agreement(
    image: np.ndarray, layers: Sequence[tuple[np.ndarray, Color]], several: Color, opacity: float
) -> np.ndarray:
    """Tint where one mask alone marks, and where several do.

    Args:
        image: uint8 (H, W, 3).
        layers: bool (H, W) masks, each with the tint of what it alone marks.
        several: tint of what two masks or more mark.
        opacity: 0 to 1.

    Returns:
        A new uint8 (H, W, 3).
    """
    painted = image.copy()
    if not layers:
        return painted
    counts = np.add.reduce([mask for mask, _ in layers], axis=0, dtype=np.uint8)
    for mask, color in layers:
        _tint(painted, mask & (counts == 1), color, opacity)
    _tint(painted, counts > 1, several, opacity)
    return painted


def ring_findings(
    painted: np.ndarray, rings: Iterable[tuple[Ringed, Color]], dotted: bool = False
) -> None:
    """Ring and number findings, line and letters in proportion to the picture.

    A number stands on a badge of the ring's color outside of its ring: drawn on bone or on
    the line it would be lost.

    Args:
        painted: uint8 (H, W, 3), drawn on: a copy of a large X-ray would cost 20 MB.
        rings: Each finding with the color of its ring, which has a thin black edge, so that it
            shows on any ground.
        dotted: Dots instead of a line, for hints.
    """
    rings = tuple(rings)
    for finding, color in rings:
        _draw_ring(painted, finding.box, color, dotted)
    taken = [_ring(finding.box, 4 * _stroke(painted.shape)) for finding, _ in rings]
    for place, (finding, color) in enumerate(rings):  # after all rings, which would cross badges
        others = taken[:place] + taken[place + 1 :]
        taken.append(_draw_badge(painted, finding, color, others))


def _tint(painted: np.ndarray, mask: np.ndarray, color: Color, opacity: float) -> None:
    """Tints in place, by a table of what becomes of each value: a byte has no more than 256."""
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    if not width:
        return
    window = slice(y, y + height), slice(x, x + width)  # a fraction of a large X-ray
    values = np.arange(256)[:, np.newaxis] * (1 - opacity) + np.asarray(color) * opacity
    table = np.rint(values).astype(np.uint8)[np.newaxis]
    cv2.copyTo(cv2.LUT(painted[window], table), mask[window].view(np.uint8), painted[window])


def _stroke(shape: tuple[int, ...]) -> int:
    """Width of a line in pixels: about a 300th of the picture, at least 2."""
    return max(2, round(max(shape[:2]) / 300))


def _ring(box: Box, margin: int) -> Ellipse:
    """The ellipse around a box, `margin` pixels away from its corners."""
    x, y, width, height = box
    center = (round(x + (width - 1) / 2), round(y + (height - 1) / 2))
    axes = (round(width / 2**0.5) + margin, round(height / 2**0.5) + margin)
    return center, axes


def _draw_ring(painted: np.ndarray, box: Box, color: Color, dotted: bool) -> None:
    stroke = _stroke(painted.shape)
    center, axes = _ring(box, 4 * stroke)
    for ink, width in ((BLACK, stroke + 2), (color, stroke)):
        if not dotted:
            cv2.ellipse(painted, center, axes, 0, 0, 360, ink, width, cv2.LINE_AA)
            continue
        for angle in np.arange(DOTS) * (2 * np.pi / DOTS):
            dot = np.rint(center + np.array(axes) * (np.cos(angle), np.sin(angle))).astype(int)
            cv2.circle(painted, dot.tolist(), (width + 1) // 2, ink, cv2.FILLED, cv2.LINE_AA)


def _draw_badge(
    painted: np.ndarray, finding: Ringed, color: Color, others: list[Ellipse]
) -> Ellipse:
    """Writes the number on a disc beside its ring; returns the disc."""
    stroke = _stroke(painted.shape)
    text, font, scale = str(finding.number), cv2.FONT_HERSHEY_SIMPLEX, 0.32 * stroke
    (width, height), _ = cv2.getTextSize(text, font, scale, stroke)
    radius = round(np.hypot(width, height) / 2) + stroke
    column, row = _badge_place(finding.box, radius, painted.shape, others)
    for ink, size in ((BLACK, radius + 1), (color, radius)):
        cv2.circle(painted, (column, row), size, ink, cv2.FILLED, cv2.LINE_AA)
    corner = (column - width // 2, row + (height + 1) // 2)
    cv2.putText(painted, text, corner, font, scale, BLACK, stroke, cv2.LINE_AA)
    return (column, row), (radius, radius)


def _badge_place(
    box: Box, radius: int, shape: tuple[int, ...], others: list[Ellipse]
) -> tuple[int, int]:
    """Center of a badge: outside of its ring, within the picture, on no other ring or badge."""
    stroke = _stroke(shape)
    center, axes = (np.array(pair) for pair in _ring(box, 4 * stroke))
    lowest = np.array([radius + 1, radius + 1])
    highest = np.maximum(np.array(shape[1::-1]) - radius - 2, lowest)
    places = []
    for outwards in (1, -1):  # inside the ring where it leaves the picture on all sides
        for angle in BADGE_ANGLES:
            turned = np.array([np.cos(angle), np.sin(angle)])
            away = turned / axes / np.hypot(*(turned / axes))  # square to the ring
            place = center + axes * turned + outwards * away * (radius + 4 * stroke)
            places.append(np.rint(place).astype(int))
    for place in places:
        inside = (place >= lowest).all() and (place <= highest).all()
        if inside and not any(_crosses(place, radius + stroke, other) for other in others):
            return place.tolist()
    return np.clip(places[0], lowest, highest).tolist()


def _crosses(place: np.ndarray, radius: int, ellipse: Ellipse) -> bool:
    """True where a disc meets the line of an ellipse, or covers it; near enough for drawing."""
    center, axes = ellipse
    away = np.hypot(*((place - center) / axes))
    return abs(away - 1) * min(axes) <= radius
