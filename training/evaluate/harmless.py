"""Twelve harmless changes of an X-ray's file, after which the verdict should be the same."""

from collections.abc import Callable, Mapping
from functools import partial

import cv2
import numpy as np

from fracturelens.xray.read import decode_xray

Change = Callable[[np.ndarray], np.ndarray]
"""uint8 (H, W) -> uint8, perhaps of another size; the argument is not altered."""


def as_sent(pixels: np.ndarray, change: str) -> np.ndarray:
    """What the networks get of an X-ray whose file was changed.

    Args:
        pixels: uint8 (H, W), what they get of the unchanged file.
        change: a key of `CHANGES`.

    Returns:
        uint8, decoded from a JPEG or PNG file.
    """
    ending, options = (".jpg", JPEG[change]) if change in JPEG else (".png", [])
    _, file = cv2.imencode(ending, CHANGES[change](pixels), options)
    return decode_xray(file.tobytes()).network_pixels


def _as_it_is(pixels: np.ndarray) -> np.ndarray:
    return pixels


def _without_first_row_and_column(pixels: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(pixels[1:, 1:])


def _cropped(pixels: np.ndarray) -> np.ndarray:
    """Without 5 % of height and width, half of it on each side."""
    top, left = (round(0.025 * side) for side in pixels.shape)
    height, width = pixels.shape
    return np.ascontiguousarray(pixels[top : height - top, left : width - left])


def _shifted(pixels: np.ndarray) -> np.ndarray:
    """One pixel down and right; the first row and column come twice."""
    return cv2.copyMakeBorder(pixels[:-1, :-1], 1, 0, 1, 0, cv2.BORDER_REPLICATE)


def _resized(factor: float, pixels: np.ndarray) -> np.ndarray:
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=way)


def _contrast(factor: float, pixels: np.ndarray) -> np.ndarray:
    """Distances from mid-gray, multiplied."""
    return cv2.convertScaleAbs(np.clip((pixels - 127.5) * factor + 127.5, 0, 255))


def _gamma(exponent: float, pixels: np.ndarray) -> np.ndarray:
    return np.rint(255 * (pixels / 255) ** exponent).astype(np.uint8)


def _with_bars(pixels: np.ndarray) -> np.ndarray:
    """Black bars left and right, each a tenth of the width."""
    bar = round(0.1 * pixels.shape[1])
    return cv2.copyMakeBorder(pixels, 0, 0, bar, bar, cv2.BORDER_CONSTANT, value=0)


def _turned(pixels: np.ndarray) -> np.ndarray:
    """One degree around the center; what is open is black."""
    height, width = pixels.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), 1.0, 1.0)
    return cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_LINEAR)


JPEG = {
    "jpeg_95": [cv2.IMWRITE_JPEG_QUALITY, 95],
    "jpeg_75": [cv2.IMWRITE_JPEG_QUALITY, 75],
}
"""Changes that are saved as JPEG, with OpenCV's options; all others are saved as PNG."""
CHANGES: Mapping[str, Change] = {
    "jpeg_95": _as_it_is,
    "jpeg_75": _as_it_is,
    "row_and_column_cropped": _without_first_row_and_column,
    "cropped_5_percent": _cropped,
    "shifted_1_pixel": _shifted,
    "resized_80_percent": partial(_resized, 0.8),
    "resized_150_percent": partial(_resized, 1.5),
    "contrast_95_percent": partial(_contrast, 0.95),
    "contrast_105_percent": partial(_contrast, 1.05),
    "gamma_0_9": partial(_gamma, 0.9),
    "black_bars": _with_bars,
    "turned_1_degree": _turned,
}
