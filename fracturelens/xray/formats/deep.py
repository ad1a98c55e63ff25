"""Deep pictures that Pillow would cut to 8 bits or refuses: OpenCV reads them."""

import cv2
import numpy as np
from PIL import Image

from fracturelens.xray.color import GRAIN
from fracturelens.xray.formats.decoded import Decoded
from fracturelens.xray.formats.pillow import gray_of_image

MOST_BYTES = 256 * 1024 * 1024
"""Of the decoded values."""
GRAY = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH | cv2.IMREAD_IGNORE_ORIENTATION


def deep_values(data: bytes, width: int, height: int, bits: int) -> np.ndarray:
    """The values of a gray picture of any depth, (H, W).

    Args:
        data: the file.
        width: pixels, as its header says.
        height: likewise.
        bits: of a value.

    Raises:
        MemoryError: the values take more than `MOST_BYTES`.
        ValueError: the file cannot be read, or holds another size.
    """
    if width * height * bits > 8 * MOST_BYTES:
        raise MemoryError
    return _checked(
        cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED), width, height
    )


def deep_gray(data: bytes, image: Image.Image) -> Decoded:
    """The luminance of a color picture of 16 bits, transparency laid on black.

    Args:
        data: the file.
        image: the same, opened with Pillow.
    """
    shallow = gray_of_image(image.reduce(GRAIN))
    alpha = np.asarray(image.getchannel("A")) if image.mode in ("LA", "RGBA") else None
    pixels = _checked(cv2.imdecode(np.frombuffer(data, np.uint8), GRAY), *image.size)
    if alpha is not None:
        _lay_on_black(pixels, alpha)
    # Pillow kept the upper 8 bits: where few are in use, the colors differ by more than that.
    colorfulness = shallow.colorfulness * 255 / max(1, int(shallow.pixels.max()))
    return Decoded(pixels, colorfulness)


def _checked(pixels: np.ndarray | None, width: int, height: int) -> np.ndarray:
    if pixels is None or pixels.shape != (height, width):
        raise ValueError("the reader of deep pictures disagrees with the header")
    return pixels


def _lay_on_black(pixels: np.ndarray, alpha: np.ndarray) -> None:
    """Darkens (H, W) values in place by their uint8 (H, W) opacity."""
    for row, opacity in zip(pixels, alpha, strict=True):
        if opacity.min() < 255:
            row[:] = row * (opacity / 255)
