"""Changes a picture as exporting, scanning and cropping do, X-rays and other pictures alike."""

import cv2
import numpy as np

from training.synthetic.marks import (
    add_bars,
    add_cast,
    add_letters,
    add_metal,
    set_beside,
    to_gray,
)

SIZES = (160, 900)
"""Longest side in pixels before the changes; the network sees 224, so larger ones look alike."""
CORNER_GRAYS = (0, 0, 0, 0, 255, 30)
"""Gray levels of the corners that a turned picture leaves open."""


def change_picture(
    gray: np.ndarray, rng: np.random.Generator, smallest_crop: float = 0.55
) -> np.ndarray:
    """One random change.

    Args:
        gray: uint8 (H, W); not altered.
        rng: source of chance.
        smallest_crop: least share of each side that a crop leaves.

    Returns:
        uint8, of another size.
    """
    gray = _turn(_crop(_resize(gray, rng), rng, smallest_crop), rng)
    for chance, step in (
        (0.04, set_beside),
        (0.15, add_cast),
        (0.07, add_metal),
        (0.15, collimate),
        (0.70, change_tone),
        (0.75, sharpen_or_blur),
        (0.35, add_noise),
        (0.50, add_letters),
        (0.45, add_bars),
        (0.60, compress),
    ):
        if rng.random() < chance:
            gray = step(gray, rng)
    return gray


def collimate(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Darkens what lies outside a rectangle, straight or tilted, with a soft or a sharp rim."""
    size = np.array(gray.shape[::-1])
    center, sides = size * rng.uniform(0.4, 0.6, 2), size * rng.uniform(0.6, 1.1, 2)
    angle = rng.uniform(-25, 25) if rng.random() < 0.6 else 0.0
    corners = cv2.boxPoints((center.tolist(), sides.tolist(), float(angle)))
    field = np.zeros(gray.shape, np.float32)
    cv2.fillPoly(field, [corners.astype(np.int32)], 1.0)
    field = cv2.GaussianBlur(field, (0, 0), rng.uniform(0.3, 4))
    outside = rng.uniform(0, 40) + gray * rng.uniform(0, 0.15)
    return to_gray(gray * field + outside * (1 - field))


def change_tone(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another window, gamma, S-shaped curve and brightness, each now and then."""
    levels = np.linspace(0, 1, 256)
    if rng.random() < 0.5:
        low, high = np.percentile(gray, (rng.uniform(0, 8), rng.uniform(90, 100))) / 255
        levels = np.clip((levels - low) / max(high - low, 0.05), 0, 1)
    levels = levels ** np.exp(rng.uniform(-0.7, 0.7))
    if rng.random() < 0.4:
        steepness, middle = rng.uniform(2, 7), rng.uniform(0.3, 0.6)
        curve = 1 / (1 + np.exp(steepness * (middle - np.r_[0, levels, 1])))
        levels = (curve[1:-1] - curve[0]) / (curve[-1] - curve[0])
    if rng.random() < 0.3:
        levels = levels * rng.uniform(0.3, 1) + rng.uniform(0, 0.25)
    return cv2.LUT(gray, to_gray(levels * 255))


def sharpen_or_blur(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Local equalization, unsharp masking or a blur, a third each."""
    kind = rng.integers(3)
    if kind == 0:
        tiles = int(rng.integers(2, 12))
        return cv2.createCLAHE(rng.uniform(1, 5), (tiles, tiles)).apply(gray)
    if kind == 1:
        soft = cv2.GaussianBlur(gray, (0, 0), max(gray.shape) * rng.uniform(0.002, 0.03))
        return to_gray(gray + rng.uniform(0.3, 2.5) * (gray.astype(np.float32) - soft))
    return cv2.GaussianBlur(gray, (0, 0), max(gray.shape) * rng.uniform(0.001, 0.006))


def add_noise(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """White or smooth noise."""
    noise = rng.standard_normal(gray.shape, np.float32)
    if rng.random() < 0.5:
        noise = cv2.GaussianBlur(noise, (0, 0), rng.uniform(0.5, 1.5))
        noise /= noise.std()
    return to_gray(gray + noise * rng.uniform(1, 14))


def compress(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """JPEG at a quality of 30 to 99 and back."""
    quality = int(rng.integers(30, 100))
    _, coded = cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)


def _resize(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    longest = np.exp(rng.uniform(*np.log(SIZES)))
    scale = max(longest / max(gray.shape), 20 / min(gray.shape))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(gray, None, fx=scale, fy=scale, interpolation=way)


def _crop(gray: np.ndarray, rng: np.random.Generator, smallest: float) -> np.ndarray:
    if rng.random() < 0.5:
        return gray
    sides = np.maximum(16, np.array(gray.shape) * rng.uniform(smallest, 1, 2)).astype(int)
    sides = np.minimum(sides, gray.shape)
    top, left = (
        rng.integers(0, whole - side + 1) for whole, side in zip(gray.shape, sides, strict=True)
    )
    return gray[top : top + sides[0], left : left + sides[1]]


def _turn(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Mirrors, turns by quarters and tilts; a tilted picture keeps its corners or loses them."""
    if rng.random() < 0.5:
        gray = gray[:, ::-1]
    if rng.random() < 0.2:
        gray = np.rot90(gray, rng.integers(1, 4))
    gray = np.ascontiguousarray(gray)
    if rng.random() < 0.6:
        return gray
    height, width = gray.shape
    angle = rng.uniform(-35, 35) if rng.random() < 0.5 else rng.uniform(-8, 8)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    size = (width, height)
    if rng.random() < 0.6:
        cos, sin = np.abs(matrix[0])[:2]
        size = (int(height * sin + width * cos), int(height * cos + width * sin))
    matrix[:, 2] += (np.array(size) - (width, height)) / 2
    corner = int(rng.choice(CORNER_GRAYS))
    return cv2.warpAffine(gray, matrix, size, flags=cv2.INTER_LINEAR, borderValue=corner)
