"""Breaks a bone in an X-ray: moves what lies beyond a jagged line, so that no lesion comes twice.

Five hundred lesions are few to learn a fracture's looks from: a step in the outline of a bone, a
bend, a dark gap or a dense band where the ends overlap. These can be made on any bone. Bones that
are only bent smoothly, without a break, come as often, so that the bending itself tells nothing.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from training.fit.augmentation import Example
from training.synthetic.copy_paste import bone_spot, direction

REACH = 40  # half the side of the window in which edges of the bone are sought, pixels
NARROWEST, WIDEST = 4.0, 28.0  # half a bone's width, pixels of a picture about 450 wide
LEAST_CONTRAST = 10.0  # gray levels between a bone and what lies beside it
DEEPEST = 60.0  # gray levels that a gap or a dense band changes at most
TRIES = 6  # spots at which a bone is looked for


@dataclass(frozen=True)
class Bone:
    """A place on a bone.

    Attributes:
        center: middle between the bone's edges, x and y, pixels.
        across: direction across the bone, radians.
        half: half its width, pixels.
        beside: gray level of what lies on both sides of it.
    """

    center: np.ndarray
    across: float
    half: float
    beside: float


def with_simulated_fracture(host: Example, random: np.random.Generator, share: float) -> Example:
    """The host with a bone broken, or bent and marked as a hard negative, or as it is.

    Args:
        host: the picture to be changed; a copy is.
        random: source of chance.
        share: probability of a change, in [0, 1]; half of them are breaks.
    """
    if random.random() >= share:
        return host
    bone = find_bone(host.image, random)
    if bone is None:
        return host
    change = break_bone if random.random() < 0.5 else bend_bone
    return change(host, bone, random)


def find_bone(image: np.ndarray, random: np.random.Generator) -> Bone | None:
    """A place on a bone of a picture uint8 (H, W); None where no clear edges are found."""
    inner = np.array(image.shape[::-1]) - REACH
    for _ in range(TRIES):
        spot = bone_spot(image, random)
        if (spot >= REACH).all() and (spot < inner).all():
            bone = _bone_at(image, spot)
            if bone is not None:
                return bone
    return None


def break_bone(host: Example, bone: Bone, random: np.random.Generator) -> Example:
    """Breaks a bone along a jagged line.

    Args:
        host: not altered.
        bone: where.
        random: source of chance.

    Returns:
        The host with the broken bone, its place added to the outlines.
    """
    fade = bone.half * random.uniform(1.0, 3.0)
    window = Window(host.image, bone, round(2.5 * fade + bone.half))
    line = _jagged_line(bone.half, random)
    part = random.uniform(0.45, 1.0)  # of the bone's width that the line runs through
    begin = random.choice([-1.0, 1.0]) * (1 - part) * bone.half
    beyond = window.along - np.interp(window.over, *line)
    side = 1 / (1 + np.exp(-np.clip(beyond / random.uniform(0.3, 0.8), -30, 30)))
    moved = side * np.exp(-((window.along / fade) ** 2))
    moved *= _plateau((window.over - begin) / (1.5 * part * bone.half))
    step = bone.half * random.uniform(0.0, 0.3)
    angulation = random.normal(0, 0.15) * window.along
    image = window.warped(
        random.normal(0, 0.5) * step * moved, (random.normal(0, 0.7) * step + angulation) * moved
    )
    gap = np.exp(-((beyond / random.uniform(0.6, 1.8)) ** 2))
    gap *= _plateau((window.over - begin) / (part * bone.half + 1))
    gap *= np.interp(window.over, line[0], random.uniform(0.2, 1.0, len(line[0])))
    depth = random.uniform(0.3, 1.0) * (0.7 if random.random() < 0.25 else -1)
    image += depth * gap * np.clip(image - bone.beside, 0, DEEPEST)
    outline = _outline(bone, line, begin, part, random) / host.image.shape[::-1]
    outlines = (*host.outlines, np.clip(outline, 0, 1))
    return replace(host, image=window.filled(image), outlines=outlines, fractured=True)


def bend_bone(host: Example, bone: Bone, random: np.random.Generator) -> Example:
    """Bends a bone smoothly, and tones it along a soft band: changed as a break is, yet whole."""
    fade = bone.half * random.uniform(1.5, 3.0)
    window = Window(host.image, bone, round(2.5 * fade + bone.half))
    moved = np.exp(-((window.along / fade) ** 2)) * _plateau(window.over / (2 * bone.half))
    step = bone.half * random.uniform(0.0, 0.3)
    shift_along, shift_over = random.normal(0, 0.7, 2) * step
    image = window.warped(shift_along * moved, shift_over * moved)
    band = np.exp(-((window.along / (0.7 * bone.half)) ** 2)) * moved
    image += random.uniform(-0.3, 0.3) * band * np.clip(image - bone.beside, 0, DEEPEST)
    place = bone.center / host.image.shape[::-1]
    hard_negatives = np.vstack([host.hard_negatives, place])
    return replace(host, image=window.filled(image), hard_negatives=hard_negatives)


class Window:
    """The part of a picture around a bone, with each pixel's place along and across the bone."""

    def __init__(self, image: np.ndarray, bone: Bone, reach: int):
        """Cuts `reach` pixels to every side of the bone's center, fewer at the picture's rim."""
        self.image, self.bone = image, bone
        x, y = np.round(bone.center).astype(int)
        top, left = max(y - reach, 0), max(x - reach, 0)
        self.place = slice(top, y + reach + 1), slice(left, x + reach + 1)
        self.y, self.x = np.indices(image[self.place].shape, np.float32)
        (ux, uy), (bx, by) = _units(bone.across).astype(np.float32)
        x, y = self.x + np.float32(left - bone.center[0]), self.y + np.float32(top - bone.center[1])
        self.along, self.over = x * bx + y * by, x * ux + y * uy

    def warped(self, along: np.ndarray, over: np.ndarray) -> np.ndarray:
        """The part with its content shifted along and across the bone, pixels; float32."""
        across, beside = _units(self.bone.across)
        x = self.x - (along * beside[0] + over * across[0]).astype(np.float32)
        y = self.y - (along * beside[1] + over * across[1]).astype(np.float32)
        part = self.image[self.place].astype(np.float32)
        return cv2.remap(part, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)

    def filled(self, part: np.ndarray) -> np.ndarray:
        """A copy of the picture with another content of this part."""
        image = self.image.copy()
        image[self.place] = np.clip(part + 0.5, 0, 255)
        return image


def _bone_at(image, spot) -> Bone | None:
    """The bone whose strongest edges lie to both sides of a spot, where they are clear."""
    across = direction(image, spot, REACH // 2)
    profile = _profile(image, spot, across)
    slope = np.gradient(cv2.GaussianBlur(profile, (0, 0), 1.5)[:, 0])
    left, right = int(slope[:REACH].argmax()), REACH + 1 + int(slope[REACH + 1 :].argmin())
    half = (right - left) / 2
    beside = np.concatenate([profile[max(left - 6, 0) : left - 2], profile[right + 3 : right + 7]])
    if not NARROWEST <= half <= WIDEST or not len(beside):
        return None
    if profile[left:right].mean() - beside.mean() < LEAST_CONTRAST:
        return None
    center = spot + ((left + right) / 2 - REACH) * _units(across)[0]
    return Bone(center, across, half, float(beside.mean()))


def _profile(image, spot, across) -> np.ndarray:
    """Gray levels across a bone, averaged over five lines beside each other, float32 (k, 1)."""
    unit, beside = _units(across)
    steps = np.arange(-REACH, REACH + 1)
    lines = spot + steps[:, None, None] * unit + np.arange(-4, 5, 2)[None, :, None] * beside
    x, y = np.moveaxis(lines.astype(np.float32), -1, 0)
    return cv2.remap(image, x, y, cv2.INTER_LINEAR).mean(1, np.float32, keepdims=True)


def _units(across) -> np.ndarray:
    """Unit vectors (x, y) across and along the bone."""
    cos, sin = np.cos(across), np.sin(across)
    return np.array([[cos, sin], [-sin, cos]])


def _jagged_line(half, random) -> tuple[np.ndarray, np.ndarray]:
    """Places across the bone, and how far along it the line lies there, pixels."""
    count = random.integers(5, 18)
    over = np.linspace(-1.3 * half, 1.3 * half, count)
    tilt = random.normal(0, 0.5 if random.random() < 0.7 else 1.5)
    return over, np.clip(tilt, -1.7, 1.7) * over + random.normal(0, 0.12 * half, count)


def _plateau(distance) -> np.ndarray:
    """1 in the middle, smoothly 0 from distance 1 on."""
    return np.minimum(2.5 * np.cos(np.clip(distance, -1, 1) * np.pi / 2), 1)


def _outline(bone, line, begin, part, random) -> np.ndarray:
    """A coarse outline around the line, as annotators draw it, pixels."""
    over = begin + np.linspace(-1, 1, 3) * part * bone.half * random.uniform(1.0, 1.3)
    at = np.interp(over, *line)
    margin = np.maximum(bone.half * random.uniform(0.3, 0.7, 3), 3.0)
    ends = np.concatenate([over, over[::-1]]), np.concatenate([at - margin, (at + margin)[::-1]])
    return bone.center + np.stack(ends, 1) @ _units(bone.across) + 0.5
