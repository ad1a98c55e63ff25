"""Chooses a body part and varies its place, size and build."""

from dataclasses import replace

import numpy as np

from training.synthetic.arm import draw_forearm, draw_hand
from training.synthetic.leg import draw_hip, draw_lower_leg
from training.synthetic.shapes import HEIGHT, WIDTH, Anatomy, Tube


def draw_anatomy(rng: np.random.Generator) -> Anatomy:
    """A body part chosen, varied and placed at random."""
    parts = (draw_forearm, draw_lower_leg, draw_hand, draw_hip)
    return _placed(parts[rng.integers(len(parts))](rng), rng)


def _placed(anatomy: Anatomy, rng: np.random.Generator) -> Anatomy:
    """Turn, zoom, shift and mirror a body part, and make its owner thinner or stouter."""
    zoom, turn = rng.uniform(0.85, 1.1), np.deg2rad(rng.normal(0, 8))
    mirror = rng.choice([-1.0, 1.0])
    shift = rng.uniform(-18, 18, 2)
    stout, robust = rng.uniform(0.85, 1.15), rng.uniform(0.9, 1.1)
    middle = np.array([WIDTH / 2, HEIGHT / 2])
    matrix = zoom * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    def moved(tube: Tube, girth: float) -> Tube:
        start, end = (
            matrix @ ((np.array(point) - middle) * (mirror, 1)) + middle + shift
            for point in (tube.start, tube.end)
        )
        sides = [(t, *(zoom * girth * r for r in halves)) for t, *halves in tube.radius]
        if mirror < 0:
            sides = [(t, right, left) for t, left, right in sides]
        return replace(
            tube,
            start=tuple(start),
            end=tuple(end),
            radius=tuple(sides),
            bend=mirror * zoom * tube.bend,
        )

    return Anatomy(
        anatomy.name,
        tuple(moved(bone, robust) for bone in anatomy.bones),
        tuple(moved(tube, stout) for tube in anatomy.flesh),
        anatomy.pixel_cm / zoom,
    )
