"""What a synthetic body part is made of: tapered tubes of bone and flesh.

Lengths are pixels of a canvas of 373 x 454 (width x height), where a pixel is 0.5 to 0.85 mm;
the proportions are drawn by eye, not measured.
"""

from dataclasses import dataclass

Point = tuple[float, float]
"""x to the right, y downwards, in pixels."""
Knots = tuple[tuple[float, ...], ...]
"""Rows of: place along the tube from 0 (start) to 1 (end), then the values there."""

WIDTH, HEIGHT = 373, 454
SHAFT_CORTEX: Knots = ((0, 0.07), (0.12, 0.12), (0.3, 0.34), (0.7, 0.34), (0.88, 0.12), (1, 0.07))
SMALL_CORTEX: Knots = ((0, 0.1), (0.2, 0.2), (0.45, 0.42), (0.65, 0.4), (0.85, 0.18), (1, 0.1))
FIBULA_CORTEX: Knots = ((0, 0.12), (0.1, 0.2), (0.25, 0.5), (0.75, 0.5), (0.9, 0.2), (1, 0.12))
WRIST_CORTEX: Knots = ((0, 0.4), (0.5, 0.36), (0.8, 0.12), (1, 0.07))
SPONGY_CORTEX: Knots = ((0, 0.07), (1, 0.07))


@dataclass(frozen=True)
class Tube:
    """A curved, tapered tube: a bone, or a limb of flesh.

    Attributes:
        name: What it is, in words for the reader.
        start: Proximal end of the axis.
        end: Distal end of the axis.
        radius: Knots of half widths (left, right of the axis) in pixels.
        cortex: Knots of the cortical thickness as a share of the half width.
        bend: Sideways bow of the axis at its middle, pixels.
        blunt: Length of the rounded ends as a share of the radius; 1 is a half circle.
        depth: Thickness along the beam over the width.
        part_of: Name of the bone that this tube merges with, without a wall between.
        sites: Stretch along the bone where it may break, from 0 to 1; empty: it never does.
    """

    name: str
    start: Point
    end: Point
    radius: Knots
    cortex: Knots = SPONGY_CORTEX
    bend: float = 0.0
    blunt: float = 0.45
    depth: float = 1.0
    part_of: str = ""
    sites: tuple[float, ...] = ()


@dataclass(frozen=True)
class Anatomy:
    """A body part: its name, bones, flesh, and centimetres for one pixel."""

    name: str
    bones: tuple[Tube, ...]
    flesh: tuple[Tube, ...]
    pixel_cm: float


def both(*knots: tuple[float, float]) -> Knots:
    """Knots of a tube that is as wide to the left as to the right."""
    return tuple((place, half, half) for place, half in knots)


def along(start: Point, end: Point, share: float) -> Point:
    """Point of a straight line, its start at share 0, its end at 1."""
    return (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
