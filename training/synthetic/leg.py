"""Bones and flesh of a lower leg and of a hip."""

import numpy as np

from training.synthetic.shapes import FIBULA_CORTEX, SHAFT_CORTEX, Anatomy, Point, Tube, both

LOWER_LEG_BONES = (
    Tube(
        "femur",
        (188, -110),
        (187, 12),
        both((0, 17), (0.7, 19), (1, 27)),
        SHAFT_CORTEX,
        part_of="femur",
    ),
    *(
        Tube(
            "femur",
            (187 + x, -12),
            (187 + x, 43),
            both((0, 16), (0.5, 19), (1, 17)),
            blunt=1.0,
            depth=1.3,
            part_of="femur",
        )
        for x in (-18, 18)
    ),
    Tube("patella", (190, -22), (189, 18), both((0, 15), (0.4, 18), (1, 11)), blunt=1, depth=0.5),
    Tube(
        "tibia",
        (187, 48),
        (184, 374),
        both(
            (0, 34), (0.04, 35), (0.12, 24), (0.3, 14), (0.6, 11), (0.85, 13), (0.96, 20), (1, 19)
        ),
        SHAFT_CORTEX,
        2.0,
        0.2,
        part_of="tibia",
        sites=(0.25, 0.92),
    ),
    Tube(
        "tibia",
        (169, 362),
        (167, 392),
        both((0, 8), (0.5, 7), (1, 5)),
        blunt=0.8,
        part_of="tibia",
    ),
    Tube(
        "fibula",
        (221, 72),
        (207, 398),
        both((0, 8), (0.05, 10), (0.14, 6), (0.5, 5.5), (0.85, 6.5), (0.93, 10), (1, 6)),
        FIBULA_CORTEX,
        3,
        sites=(0.2, 0.93),
    ),
    Tube("talus", (184, 379), (186, 410), ((0, 16, 16), (0.5, 20, 19), (1, 18, 18)), depth=1.3),
    Tube("calcaneus", (190, 402), (196, 470), both((0, 17), (0.6, 21), (1, 20)), blunt=0.9),
    Tube("midfoot", (174, 408), (166, 480), both((0, 17), (1, 22)), blunt=0.8, depth=0.8),
)
LOWER_LEG_FLESH = (
    Tube(
        "leg",
        (188, -130),
        (186, 520),
        (
            (0, 84, 80),
            (0.2, 64, 62),
            (0.28, 56, 55),
            (0.44, 66, 70),
            (0.72, 38, 38),
            (0.8, 37, 36),
            (0.88, 44, 44),
            (1, 52, 48),
        ),
        depth=0.95,
    ),
)

HIP_FLESH = (
    Tube(
        "pelvis",
        (40, -160),
        (110, 330),
        both((0, 230), (0.6, 190), (1, 150)),
        depth=0.3,
        blunt=1,
    ),
    Tube(
        "thigh",
        (196, 20),
        (232, 640),
        ((0, 130, 90), (0.4, 112, 92), (1, 84, 80)),
        depth=0.55,
        blunt=1,
    ),
    Tube("thigh", (-60, 120), (-80, 640), both((0, 110), (1, 90)), depth=0.55, blunt=1),
)


def draw_lower_leg(_rng: np.random.Generator) -> Anatomy:
    """A lower leg from the knee to the heel; nothing of it varies by itself."""
    return Anatomy("Lower leg", LOWER_LEG_BONES, LOWER_LEG_FLESH, 0.085)


def draw_hip(_rng: np.random.Generator) -> Anatomy:
    """A hip with half of the pelvis and the thigh; nothing of it varies by itself."""
    return Anatomy("Hip", _hip_bones(), HIP_FLESH, 0.08)


def _hip_bones() -> tuple[Tube, ...]:
    return (
        _pelvis((40, -50), (112, 96), (0, 96), (0.5, 66), (0.85, 34), (1, 36), depth=0.16),
        _pelvis((128, 96), (104, 186), (0, 36), (0.5, 38), (1, 26), depth=0.3),
        _pelvis((100, 176), (-6, 196), (0, 20), (0.5, 11), (1, 22), bend=-9),
        _pelvis((102, 170), (84, 262), (0, 24), (0.6, 15), (1, 19), bend=-6),
        _pelvis((86, 266), (6, 214), (0, 17), (0.5, 10), (1, 14), bend=5),
        _femur((122, 121), (173, 154), (0, 30), (0.5, 30), (1, 29), depth=0.8),
        Tube(
            "femoral neck",
            (146, 138),
            (226, 194),
            both((0, 24), (0.45, 21), (0.75, 24), (1, 28)),
            ((0, 0.07), (0.5, 0.17), (1, 0.07)),
            part_of="femur",
            sites=(0.42, 0.62),
        ),
        _femur((222, 158), (240, 226), (0, 13), (0.5, 21), (1, 17)),
        _femur((202, 222), (210, 252), (0, 8), (0.5, 13), (1, 8)),
        Tube(
            "femur",
            (216, 176),
            (240, 600),
            both((0, 26), (0.08, 28), (0.18, 23), (0.35, 19), (1, 18)),
            ((0, 0.07), (0.1, 0.1), (0.25, 0.36), (1, 0.42)),
            bend=5,
            part_of="femur",
            sites=(0.22, 0.55),
        ),
    )


def _pelvis(
    start: Point, end: Point, *knots: tuple[float, float], bend: float = 0.0, depth: float = 0.6
) -> Tube:
    shape = both(*knots)
    return Tube("pelvis", start, end, shape, bend=bend, blunt=0.8, depth=depth, part_of="pelvis")


def _femur(start: Point, end: Point, *knots: tuple[float, float], depth: float = 1.0) -> Tube:
    return Tube("femur", start, end, both(*knots), blunt=0.9, depth=depth, part_of="femur")
