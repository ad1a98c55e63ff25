"""Puts on a picture what a hospital adds to an X-ray: letters, markers, metal, casts, bars."""

import cv2
import numpy as np

TEXTS = (
    "L", "R", "D", "I", "S", "LT", "RT", "AP", "PA", "LAT", "OBL", "1", "2", "ERECT", "SUPINE",
    "STANDING", "PORTABLE", "HORIZONTAL", "ALERT", "60 kV", "2.5 cm", "12.03.2019",
)  # fmt: skip
"""What markers and screens write on films, in several languages."""
FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_PLAIN, cv2.FONT_HERSHEY_DUPLEX)
BAR_GRAYS = (0, 0, 0, 0, 0, 8, 40, 255, 255)
"""Gray levels of bars and borders, the frequent ones several times."""


def add_letters(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One to three texts, some in a box, and now and then a round lead marker."""
    gray, longest = gray.copy(), max(gray.shape)
    for _ in range(rng.integers(1, 4)):
        _write(gray, str(rng.choice(TEXTS)), rng)
    if rng.random() < 0.3:
        thickness = -1 if rng.random() < 0.4 else max(1, longest // 250)
        radius = max(2, int(longest * rng.uniform(0.01, 0.035)))
        cv2.circle(gray, _place(gray, rng), radius, int(rng.uniform(180, 255)), thickness)
    return gray


def add_metal(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A plate with screws at a random place."""
    gray, longest = gray.copy(), max(gray.shape)
    angle = rng.uniform(0, np.pi)
    along = np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-along[1], along[0]])
    center = np.array(gray.shape[::-1]) * rng.uniform(0.3, 0.7, 2)
    half = along * longest * rng.uniform(0.05, 0.2)
    thickness = max(2, int(longest * rng.uniform(0.008, 0.02)))
    _line(gray, center - half, center + half, 250, thickness)
    for share in np.linspace(-0.9, 0.9, rng.integers(2, 7)):
        head = center + half * share
        screw = across * longest * rng.uniform(0.02, 0.06)
        _line(gray, head, head + screw, 240, max(1, thickness // 2))
    return gray


def add_cast(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Brightens the limb and its surroundings unevenly, with the grain of plaster."""
    height, width = gray.shape
    longest = max(gray.shape)
    patches = rng.standard_normal((5, 5)).astype(np.float32)
    uneven = cv2.resize(patches, (width, height), interpolation=cv2.INTER_CUBIC)
    grain = cv2.GaussianBlur(_white_noise(gray.shape, rng), (0, 0), longest * 0.006)
    grain /= grain.std() + 1e-6
    limb = (gray > np.percentile(gray, 40)).astype(np.float32)
    limb = cv2.GaussianBlur(limb, (0, 0), longest * 0.02)
    plaster = rng.uniform(15, 70) + 10 * uneven + rng.uniform(0, 8) * grain
    return to_gray(gray + limb * plaster)


def add_bars(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Bars on two opposite sides, a border of four widths, or a thin frame."""
    if rng.random() < 0.3:
        return _framed(gray, rng)
    return pad(gray, *bar_widths(gray.shape, rng))


def bar_widths(shape: tuple[int, ...], rng: np.random.Generator) -> tuple[tuple[int, ...], int]:
    """Bars on two opposite sides, or a border of four widths.

    Args:
        shape: of the picture, height and width in pixels.
        rng: source of chance.

    Returns:
        Pixels above, below, left and right; and their gray level.
    """
    height, width = shape
    if rng.random() < 0.7:
        first, second = rng.uniform(0, rng.uniform(0.02, 0.6), 2)
        sides = (height * first, height * second, 0, 0)
        if rng.random() < 0.5:
            sides = (0, 0, width * first, width * second)
    else:
        sides = max(shape) * rng.uniform(0, 0.15, 4)
    return tuple(int(side) for side in sides), int(rng.choice(BAR_GRAYS))


def pad(gray: np.ndarray, sides: tuple[int, ...], value: int) -> np.ndarray:
    """The picture with pixels of one gray level above, below, left and right."""
    return cv2.copyMakeBorder(gray, *sides, cv2.BORDER_CONSTANT, value=value)


def set_beside(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The picture twice on one sheet, as two views of a limb are saved."""
    gap = np.full((len(gray), int(gray.shape[1] * rng.uniform(0, 0.15))), 0, np.uint8)
    return np.hstack([gray, gap, gray[:, ::-1] if rng.random() < 0.5 else gray])


def to_gray(values: np.ndarray) -> np.ndarray:
    """Numbers cut to 0 to 255, uint8."""
    return np.clip(values, 0, 255).astype(np.uint8)


def _write(gray: np.ndarray, text: str, rng: np.random.Generator) -> None:
    scale = max(gray.shape) * rng.uniform(0.0006, 0.0032)
    thickness, color = max(1, int(scale * 2)), int(rng.uniform(170, 255))
    font, place = int(rng.choice(FONTS)), _place(gray, rng)
    if rng.random() < 0.3:
        (width, height), _ = cv2.getTextSize(text, font, scale, thickness)
        margin = height // 2
        corners = (
            (place[0] - margin, place[1] - height - margin),
            (place[0] + width + margin, place[1] + margin),
        )
        filled = rng.random() < 0.5
        cv2.rectangle(gray, *corners, color, -1 if filled else thickness)
        color = 20 if filled else color
    cv2.putText(gray, text, place, font, scale, color, thickness, cv2.LINE_AA)


def _place(gray: np.ndarray, rng: np.random.Generator) -> tuple[int, int]:
    """A random x, y that is not right at the rim."""
    height, width = gray.shape
    return int(rng.uniform(0.03, 0.87) * width), int(rng.uniform(0.06, 0.95) * height)


def _line(gray: np.ndarray, start: np.ndarray, end: np.ndarray, color: int, thickness: int) -> None:
    points = ([int(value) for value in point] for point in (start, end))
    cv2.line(gray, *points, color, thickness)


def _framed(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A thin frame, around it now and then a border."""
    longest = max(gray.shape)
    frame = (max(1, int(longest * rng.uniform(0.003, 0.03))),) * 4
    if rng.random() < 0.5:
        return pad(gray, frame, int(rng.choice(BAR_GRAYS)))
    gray = pad(gray, frame, int(rng.choice((0, 200, 255))))
    border = tuple(int(side) for side in longest * rng.uniform(0, 0.2, 4))
    return pad(gray, border, 0)


def _white_noise(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    return rng.standard_normal(shape, np.float32)
