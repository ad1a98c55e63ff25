"""Drawings over an X-ray: masks, numbered lesion rings, agreement of two networks."""

from collections.abc import Iterable
from typing import Protocol

import cv2
import numpy as np

Colour = tuple[int, int, int]
"""Red, green, blue, each 0 to 255."""

BLACK: Colour = (0, 0, 0)
DOTS = 28
"""Dots of a dotted ring."""


class Ringed(Protocol):
    """What a ring needs of a lesion: its number and its box (x, y, width, height) in pixels."""

    number: int
    box: tuple[int, int, int, int]


def overlay_mask(
    image: np.ndarray,
    mask: np.ndarray,
    colour: Colour,
    opacity: float,
    within: tuple[slice, slice] = np.s_[:, :],
) -> np.ndarray:
    """Tint the pixels of a mask.

    Args:
        image: uint8 (H, W, 3).
        mask: bool (H, W).
        colour: Tint.
        opacity: 0 (invisible) to 1 (opaque).
        within: Rows and columns outside of which the mask is known to be empty.

    Returns:
        A new uint8 (H, W, 3).
    """
    painted = image.copy()
    _tint(painted[within], mask[within], colour, opacity)
    return painted


def overlay_agreement(
    image: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    colours: tuple[Colour, Colour, Colour],
    opacity: float,
) -> np.ndarray:
    """Tint where two bool (H, W) masks differ and agree.

    Args:
        image: uint8 (H, W, 3).
        first: Mask of the first network.
        second: Mask of the second network.
        colours: Tints of: the first alone, the second alone, both.
        opacity: 0 to 1.

    Returns:
        A new uint8 (H, W, 3).
    """
    painted = image.copy()
    for mask, colour in zip(
        (first & ~second, second & ~first, first & second), colours, strict=True
    ):
        _tint(painted, mask, colour, opacity)
    return painted


def ring_lesions(
    painted: np.ndarray, lesions: Iterable[Ringed], colour: Colour, dotted: bool = False
) -> None:
    """Ring and number lesions, line and letters in proportion to the picture.

    Args:
        painted: uint8 (H, W, 3), drawn on: a copy of a large X-ray would cost 20 MB.
        lesions: Boxes and numbers.
        colour: Of ring and number; both have a thin black edge, so that they show on any ground.
        dotted: Dots instead of a line, for doubtful lesions.
    """
    lesions = tuple(lesions)
    for lesion in lesions:
        _draw_ring(painted, lesion.box, colour, dotted)
    for lesion in lesions:  # after all rings, which would cross out a neighbour's number
        _draw_number(painted, lesion, colour)


def _tint(painted: np.ndarray, mask: np.ndarray, colour: Colour, opacity: float) -> None:
    """Tints in place, by a table of what becomes of each value: a byte has no more than 256."""
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    if not width:
        return
    window = slice(y, y + height), slice(x, x + width)  # a fraction of a large X-ray
    values = np.arange(256)[:, np.newaxis] * (1 - opacity) + np.asarray(colour) * opacity
    table = np.rint(values).astype(np.uint8)[np.newaxis]
    cv2.copyTo(cv2.LUT(painted[window], table), mask[window].view(np.uint8), painted[window])


def _stroke(image: np.ndarray) -> int:
    """Width of a line in pixels: about a 300th of the picture, at least 2."""
    return max(2, round(max(image.shape[:2]) / 300))


def _ring(box: tuple[int, int, int, int], margin: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Centre and half axes of the ellipse around a box, `margin` pixels away from its corners."""
    x, y, width, height = box
    centre = (round(x + (width - 1) / 2), round(y + (height - 1) / 2))
    axes = (round(width / 2**0.5) + margin, round(height / 2**0.5) + margin)
    return centre, axes


def _draw_ring(painted: np.ndarray, box: tuple[int, int, int, int], colour: Colour, dotted: bool):
    stroke = _stroke(painted)
    centre, axes = _ring(box, 4 * stroke)
    for ink, width in ((BLACK, stroke + 2), (colour, stroke)):
        if not dotted:
            cv2.ellipse(painted, centre, axes, 0, 0, 360, ink, width, cv2.LINE_AA)
            continue
        for angle in np.arange(DOTS) * (2 * np.pi / DOTS):
            dot = np.rint(centre + np.array(axes) * (np.cos(angle), np.sin(angle))).astype(int)
            cv2.circle(painted, dot.tolist(), (width + 1) // 2, ink, cv2.FILLED, cv2.LINE_AA)


def _draw_number(painted: np.ndarray, lesion: Ringed, colour: Colour):
    """Write the number right above the ring, moved inside where the picture ends."""
    stroke = _stroke(painted)
    (x, y), (half_width, half_height) = _ring(lesion.box, 4 * stroke)
    text, font, scale = str(lesion.number), cv2.FONT_HERSHEY_SIMPLEX, 0.45 * stroke
    (width, height), _ = cv2.getTextSize(text, font, scale, stroke)
    edge = stroke + 1
    left = min(x + round(0.75 * half_width), painted.shape[1] - width - edge)
    base = max(y - round(0.75 * half_height), height + edge)
    for ink, line in ((BLACK, stroke + 2), (colour, stroke)):
        place = (max(left, edge), min(base, painted.shape[0] - edge))
        cv2.putText(painted, text, place, font, scale, ink, line, cv2.LINE_AA)
