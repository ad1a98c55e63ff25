"""How a bone breaks: its fragments, the line between them, and the outline of the lesion."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from training.synthetic.shapes import Anatomy, Tube
from training.synthetic.tubes import Frame, Keep, columns, frame_of, ramp


@dataclass(frozen=True)
class Break:
    """How a bone is broken; lengths in pixels.

    Attributes:
        kind: "transverse", "oblique", "hairline" or "displaced".
        place: Along the bone, 0 to 1.
        slope: Lean of the line: pixels along the bone for one pixel across.
        roughness: Height of the line's teeth.
        gap: Width of the line.
        share: Share of the bone's width (and of its depth) that the line crosses.
        proximal_shift: Sideways shift of the proximal broken end; its joint stays in place.
        distal_shift: The same for the distal broken end.
        overlap: How far the fragments slid into each other.
    """

    kind: str
    place: float
    slope: float
    roughness: float
    gap: float
    share: float = 1.0
    proximal_shift: float = 0.0
    distal_shift: float = 0.0
    overlap: float = 0.0


def choose_break(anatomy: Anatomy, rng: np.random.Generator) -> tuple[Tube, Break]:
    """A bone that may break, and how it does."""
    bones = [bone for bone in anatomy.bones if bone.sites]
    bone = bones[rng.integers(len(bones))]
    kinds = {
        "transverse": _transverse,
        "oblique": _oblique,
        "hairline": _hairline,
        "displaced": _displaced,
    }
    kind = list(kinds)[rng.integers(len(kinds))]
    place = rng.uniform(*bone.sites)
    radius = np.interp(place, *columns(bone.radius, 1))
    side = rng.choice([-1.0, 1.0])
    return bone, Break(kind, place, **kinds[kind](rng, min(radius, 12.0), side))


def fragments(bone: Tube, fracture: Break, teeth: np.ndarray) -> list[tuple[Frame, Keep]]:
    """Proximal and distal fragment: a frame turned about its joint, and what is kept of it.

    `teeth` (256,), about +-1, is the roughness of the line, three steps for two pixels.
    """
    whole = frame_of(bone)
    cut = fracture.place * whole.length
    proximal = _turned(whole, whole.origin, 0.0, fracture.proximal_shift / cut)
    joint = whole.origin + whole.length * whole.axis
    distal = _turned(whole, joint, whole.length, -fracture.distal_shift / (whole.length - cut))
    distal = replace(distal, origin=distal.origin - fracture.overlap * whole.axis)
    return [
        (frame, _kept(side, cut, fracture, teeth)) for frame, side in ((proximal, 1), (distal, -1))
    ]


def paint_lesion(
    mask: np.ndarray, bone: Tube, fracture: Break, frames: list[Frame], margin: float = 4.0
) -> None:
    """Outline the broken ends as an annotator would: a coarse polygon around the line.

    Sets the polygon's pixels of the uint8 `mask` to 1; `margin` is in pixels.
    """
    cut = fracture.place * frames[0].length
    half = np.interp(fracture.place, *columns(bone.radius, 1)) + margin
    across = np.linspace(-half, half * (2 * fracture.share - 1), 5)
    ends = [
        frame.points(cut + fracture.slope * across + side, across)
        for frame in frames
        for side in (-1.5 * margin, 1.5 * margin)
    ]
    hull = cv2.convexHull(np.concatenate(ends).astype(np.float32))
    cv2.fillPoly(mask, [np.rint(hull).astype(np.int32)], 1)


def _transverse(rng: np.random.Generator, radius: float, side: float) -> dict[str, float]:
    return {
        "slope": rng.uniform(-0.2, 0.2),
        "roughness": rng.uniform(0.8, 1.6),
        "gap": rng.uniform(0.8, 2.0),
        "proximal_shift": side * radius * rng.uniform(0.05, 0.3),
    }


def _oblique(rng: np.random.Generator, radius: float, side: float) -> dict[str, float]:
    return {
        "slope": side * rng.uniform(0.9, 1.7),
        "roughness": rng.uniform(0.5, 1.2),
        "gap": rng.uniform(1.0, 2.4),
        "distal_shift": side * radius * rng.uniform(0.1, 0.35),
    }


def _hairline(rng: np.random.Generator, radius: float, side: float) -> dict[str, float]:
    return {
        "slope": side * rng.uniform(0.1, 0.7),
        "roughness": 0.6,
        "gap": rng.uniform(0.6, 1.0),
        "share": rng.uniform(0.6, 0.85),
    }


def _displaced(rng: np.random.Generator, radius: float, side: float) -> dict[str, float]:
    shift = side * radius * rng.uniform(0.5, 1.0)
    return {
        "slope": rng.uniform(-0.6, 0.6),
        "roughness": rng.uniform(0.8, 1.6),
        "gap": 0.5,
        "proximal_shift": shift,
        "distal_shift": -0.6 * shift,
        "overlap": rng.uniform(0, 0.5) * radius,
    }


def _kept(side: int, cut: float, fracture: Break, teeth: np.ndarray) -> Keep:
    """What the proximal (side 1) or the distal (side -1) fragment keeps of the bone."""

    def line(v, radius, back):
        roll = np.interp(v * 1.5 + 128 + 9 * back, np.arange(256), teeth)
        return cut + fracture.slope * v + fracture.roughness * roll + 0.12 * back * radius

    def keep(u, v, radius):
        # The front and the back wall break along lines of their own.
        walls = [
            ramp(side * (line(v, radius, back) - u) - fracture.gap / 2, 0.35) for back in (0, 1)
        ]
        split = sum(walls) / 2
        if fracture.share == 1:
            return split
        uncut = ramp(side * (cut - u), 0.35)
        crossed = ramp((2 * fracture.share - 1) * radius - v, 1.0)
        return uncut + crossed * fracture.share * (split - uncut)

    return keep


def _turned(frame: Frame, pivot: np.ndarray, at: float, angle: float) -> Frame:
    """The frame turned about `pivot`, the point of its axis at u = `at`."""
    cosine, sine = np.cos(angle), np.sin(angle)
    axis = np.array([[cosine, -sine], [sine, cosine]]) @ frame.axis
    return Frame(pivot - at * axis, axis, frame.length, frame.bend)
