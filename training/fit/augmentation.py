"""Turns one X-ray into one training example: a random view of it, and the lesions as seen there."""

from dataclasses import dataclass, field, replace

import cv2
import numpy as np

SUPERSAMPLING = 2  # drawn at twice the size, then averaged: the shrinking that inference uses too
HARD_NEGATIVE_SHARE = 0.7  # of the crops of a picture without a lesion, where it has any
HARD_NEGATIVE_SHARE_BESIDE_LESIONS = 0.2  # of the crops of a picture with a lesion


@dataclass(frozen=True)
class Example:
    """A picture held in memory for training.

    Attributes:
        image: uint8 (H, W), gray.
        outlines: lesion polygons, each float (k, 2), x and y in fractions of width and height.
        fractured: the label of the whole picture.
        hard_negatives: centers of places that look like a lesion and are none, float (k, 2),
            fractions.
    """

    image: np.ndarray
    outlines: tuple[np.ndarray, ...]
    fractured: bool
    hard_negatives: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))


@dataclass(frozen=True)
class Augmentation:
    """Ranges of the random view; `Augmentation.none()` is the plain letterboxed picture.

    Attributes:
        flip: mirror left-right with probability 1/2.
        rotate: largest rotation, degrees either way.
        quarter_turn: probability of a further turn by 90, 180 or 270 degrees.
        zoom: largest factor of enlargement and of shrinking.
        shift: largest displacement, fraction of the output size.
        contrast: largest relative change of contrast.
        brightness: largest change of brightness, fraction of full scale.
        gamma: largest change of the logarithm of gamma.
        blur: largest sigma of a Gaussian blur, pixels.
        noise: largest standard deviation of Gaussian noise, fraction of full scale.
    """

    flip: bool = True
    rotate: float = 20.0
    quarter_turn: float = 0.1
    zoom: float = 1.3
    shift: float = 0.1
    contrast: float = 0.25
    brightness: float = 0.08
    gamma: float = 0.3
    blur: float = 0.8
    noise: float = 0.02

    @classmethod
    def none(cls) -> "Augmentation":
        """No change at all."""
        return cls(False, 0, 0, 1, 0, 0, 0, 0, 0, 0)

    @property
    def moves(self) -> "Augmentation":
        """The same turns, mirror images, zooms and shifts alone; gray values stay."""
        return replace(self, contrast=0, brightness=0, gamma=0, blur=0, noise=0)


def draw_view(
    example: Example,
    random: np.random.Generator,
    settings: Augmentation,
    *,
    frame: float,
    crop: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """One random view of a picture.

    Args:
        example: the picture; not altered.
        random: source of chance.
        settings: ranges of the changes.
        frame: side to which the whole picture is letterboxed, pixels.
        crop: side of a window cut from that frame, around a lesion or a hard negative where
            there is one; None for the whole frame.

    Returns:
        float32 (S, S) picture and float32 (S, S) share of each pixel that is lesion, both in
        [0, 1], where S is `crop` or `frame`.
    """
    size = crop or frame
    matrix = _random_matrix(example, random, settings, frame, size, whole=crop is None)
    toned = cv2.LUT(example.image, _tone_curve(random, settings))
    canvas = (size * SUPERSAMPLING, size * SUPERSAMPLING)
    view = cv2.warpAffine(toned, matrix, canvas, flags=cv2.INTER_LINEAR)
    mask = _draw_outlines(example, matrix, canvas)
    view = cv2.resize(view.astype(np.float32) / 255, (size, size), interpolation=cv2.INTER_AREA)
    mask = cv2.resize(mask, (size, size), interpolation=cv2.INTER_AREA)
    return _degrade(view, random, settings), mask


def _random_matrix(example, random, settings, frame, size, *, whole) -> np.ndarray:
    """Affine map (2, 3) from the picture's pixels to the supersampled canvas."""
    height, width = example.image.shape
    zoom = settings.zoom ** random.uniform(-1, 1)
    scale = SUPERSAMPLING * zoom * frame / max(height, width)
    angle = np.deg2rad(random.uniform(-settings.rotate, settings.rotate))
    if random.random() < settings.quarter_turn:
        angle += np.pi / 2 * random.integers(1, 4)
    mirror = -1 if settings.flip and random.random() < 0.5 else 1
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    linear = np.array([[cos * mirror, -sin], [sin * mirror, cos]])
    center = np.array([width, height]) / 2
    reach = settings.shift
    if not whole:
        center, reach = _crop_center(example, random) * (width, height), 0.4
    target = size * SUPERSAMPLING * (0.5 + random.uniform(-reach, reach, 2))
    # Pixel centers lie at half-integers: map (x + 0.5) to (x' + 0.5).
    offset = target - linear @ (center - 0.5) - 0.5
    return np.column_stack([linear, offset])


def _crop_center(example, random) -> np.ndarray:
    """Center of a lesion, a hard negative or a random point, as fractions of width and height."""
    share = HARD_NEGATIVE_SHARE_BESIDE_LESIONS if example.outlines else HARD_NEGATIVE_SHARE
    if len(example.hard_negatives) and random.random() < share:
        return example.hard_negatives[random.integers(len(example.hard_negatives))]
    if not example.outlines:
        return random.uniform(0.15, 0.85, 2)
    outline = example.outlines[random.integers(len(example.outlines))]
    return (outline.min(0) + outline.max(0)) / 2


def _draw_outlines(example, matrix, canvas) -> np.ndarray:
    """The lesions on the supersampled canvas, float32, 0 or 1."""
    mask = np.zeros(canvas, np.float32)
    height, width = example.image.shape
    for outline in example.outlines:
        points = (outline * (width, height) - 0.5) @ matrix[:, :2].T + matrix[:, 2]
        cv2.fillPoly(mask, [np.round(points).astype(np.int32)], 1.0)
    return mask


def _tone_curve(random, settings) -> np.ndarray:
    """Look-up table uint8 (256,): contrast, brightness and gamma."""
    levels = np.linspace(0, 1, 256) ** np.exp(random.uniform(-settings.gamma, settings.gamma))
    levels = (levels - 0.5) * (1 + random.uniform(-settings.contrast, settings.contrast)) + 0.5
    levels += random.uniform(-settings.brightness, settings.brightness)
    return np.clip(levels * 255 + 0.5, 0, 255).astype(np.uint8)


def _degrade(view, random, settings) -> np.ndarray:
    """Blur and noise, each in half of the views."""
    if settings.blur and random.random() < 0.5:
        view = cv2.GaussianBlur(view, (0, 0), random.uniform(0.2, settings.blur))
    if settings.noise and random.random() < 0.5:
        grain = random.standard_normal(view.shape, np.float32)
        view = view + grain * np.float32(random.uniform(0, settings.noise))
    return np.clip(view, 0, 1)
