"""Bones and flesh of a forearm and of a hand."""

import numpy as np

from training.synthetic.shapes import (
    SHAFT_CORTEX,
    SMALL_CORTEX,
    WRIST_CORTEX,
    Anatomy,
    Point,
    Tube,
    along,
    both,
)

FOREARM_BONES = (
    Tube(
        "humerus",
        (183, -90),
        (187, 40),
        both((0, 13), (0.7, 13), (1, 20)),
        SHAFT_CORTEX,
        part_of="humerus",
    ),
    Tube(
        "humerus",
        (156, 36),
        (216, 42),
        both((0, 13), (0.4, 17), (0.75, 19), (1, 14)),
        blunt=0.9,
        depth=0.8,
        part_of="humerus",
    ),
    Tube(
        "ulna",
        (172, 28),
        (163, 332),
        both((0, 13), (0.09, 16), (0.2, 9.5), (0.5, 7), (0.85, 5.5), (0.95, 7.5), (1, 7)),
        SHAFT_CORTEX,
        bend=3,
        sites=(0.25, 0.85),
    ),
    Tube(
        "radius",
        (206, 66),
        (198, 340),
        both(
            (0, 11),
            (0.04, 12),
            (0.09, 8),
            (0.17, 9.5),
            (0.3, 7.5),
            (0.7, 8),
            (0.86, 11),
            (0.95, 16),
            (1, 18),
        ),
        SHAFT_CORTEX,
        bend=-6,
        blunt=0.3,
        sites=(0.3, 0.93),
    ),
    *(
        Tube(
            "metacarpal",
            (184 + 13 * k, 385 + 2.5 * k * k),
            (184 + 24 * k, 470),
            both((0, 8), (0.2, 5.5), (1, 5)),
            SMALL_CORTEX,
        )
        for k in (-1.7, -0.6, 0.5, 1.5)
    ),
    Tube("thumb", (216, 378), (246, 440), both((0, 8), (0.5, 5.5), (1, 8)), SMALL_CORTEX),
)
FOREARM_FLESH = (
    Tube(
        "arm",
        (183, -120),
        (182, 560),
        both((0, 56), (0.24, 50), (0.36, 53), (0.6, 37), (0.69, 33), (0.79, 46), (1, 52)),
        depth=0.9,
    ),
    Tube("thumb", (200, 350), (258, 474), both((0, 24), (0.5, 24), (1, 14)), blunt=1),
)


HAND_BONES = (
    Tube(
        "radius",
        (205, 540),
        (204, 386),
        both((0, 14), (0.55, 15), (0.85, 22), (1, 27)),
        WRIST_CORTEX,
        blunt=0.25,
    ),
    Tube("ulna", (154, 540), (158, 388), both((0, 11), (0.7, 10), (1, 14)), WRIST_CORTEX, 0, 0.5),
)
HAND_FLESH = (
    Tube(
        "palm",
        (182, 640),
        (183, 178),
        both((0, 72), (0.5, 54), (0.58, 55), (0.72, 68), (0.9, 70), (1, 62)),
        depth=0.55,
        blunt=0.8,
    ),
    Tube("ball", (196, 370), (282, 240), both((0, 44), (0.5, 38), (1, 20)), blunt=1, depth=0.6),
)
FINGERS = (
    ("little finger", (153, 310), (120, 222), (88, 104), 7.6),
    ("ring finger", (168, 303), (150, 205), (134, 56), 8.6),
    ("middle finger", (186, 300), (183, 196), (181, 30), 9.2),
    ("index finger", (206, 303), (217, 203), (231, 56), 9.2),
    ("thumb", (230, 326), (270, 266), (302, 192), 10.5),
)
"""Name, base and head of the metacarpal, fingertip, half width of the widest end."""


def draw_forearm(rng: np.random.Generator) -> Anatomy:
    """A forearm from the elbow to the metacarpals."""
    bones = (*FOREARM_BONES, *_carpus((184, 362), 1.0, rng))
    return Anatomy("Forearm", bones, FOREARM_FLESH, 0.08)


def draw_hand(rng: np.random.Generator) -> Anatomy:
    """A hand from the wrist to the fingertips."""
    bones = [*HAND_BONES, *_carpus((186, 348), 1.4, rng)]
    flesh = list(HAND_FLESH)
    for name, base, knuckle, tip, width in FINGERS:
        bones += _ray(name, base, knuckle, tip, width)
        girth = both((0, 2.0 * width), (0.3, 2.1 * width), (1, 1.5 * width))
        root, end = along(knuckle, tip, -0.25), along(knuckle, tip, 1.06)
        flesh.append(Tube(name, root, end, girth, blunt=1.0, depth=0.9))
    return Anatomy("Hand", tuple(bones), tuple(flesh), 0.05)


def _carpus(center: Point, scale: float, rng: np.random.Generator) -> list[Tube]:
    """Eight wrist bones in two rows around a center, each of its own shape."""
    places = [(-19, -8), (-10, 9), (-4, -11), (4, 8), (15, 12), (15, -8), (-21, 8), (25, 6)]
    bones = []
    for dx, dy in places:
        middle = np.array(center) + scale * np.array([dx, dy])
        half, angle = scale * rng.uniform(8, 10.5), rng.uniform(0, np.pi)
        axis = rng.uniform(0.95, 1.35) * half * np.array([np.cos(angle), np.sin(angle)])
        sides = half * rng.uniform(0.6, 1.05, (3, 2))
        shape = tuple((t, *pair) for t, pair in zip((0, 0.5, 1), sides, strict=True))
        bones.append(
            Tube(
                "carpal bone",
                tuple(middle - axis),
                tuple(middle + axis),
                shape,
                ((0, 0.12), (1, 0.12)),
                blunt=rng.uniform(0.5, 0.9),
            )
        )
    return bones


def _ray(name: str, base: Point, knuckle: Point, tip: Point, width: float) -> list[Tube]:
    """Metacarpal and phalanges of one finger; `width` is the half width of its widest end."""
    head = both((0, 0.9 * width), (0.5, 0.55 * width), (0.88, 0.98 * width), (1, 0.9 * width))
    end = along(base, knuckle, 0.97)
    bones = [Tube(f"metacarpal of the {name}", base, end, head, SMALL_CORTEX, sites=(0.3, 0.8))]
    parts = (("proximal", 0, 0.45), ("middle", 0.45, 0.75), ("distal", 0.75, 1))
    if name == "thumb":
        parts = (("proximal", 0, 0.55), ("distal", 0.55, 1))
    for part, first, last in parts:
        wide = width * (1 - 0.3 * first)
        shape = ((0, 1), (0.12, 0.95), (0.5, 0.55), (0.85, 0.75), (1, 0.72))
        bones.append(
            Tube(
                f"{part} phalanx of the {name}",
                along(knuckle, tip, first + 0.02),
                along(knuckle, tip, last - 0.02),
                both(*((place, wide * share) for place, share in shape)),
                SMALL_CORTEX,
                sites=() if part == "distal" else (0.25, 0.8),
            )
        )
    return bones
