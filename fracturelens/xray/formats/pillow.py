"""From a picture that Pillow has opened to gray values, strip by strip to spare memory."""

import numpy as np
from PIL import Image

from fracturelens.xray.color import gray_of_color
from fracturelens.xray.formats.decoded import Decoded

PREMULTIPLIED = {"La": "LA", "RGBa": "RGBA"}
"""Modes whose color is multiplied with their alpha -> modes that Pillow converts further."""


def gray_of_image(image: Image.Image) -> Decoded:
    """The gray values of a picture; transparency laid on black, color made gray.

    Args:
        image: opened; it is decoded here.

    Returns:
        uint8 for pictures of 8 bits a channel, else the dtype that Pillow keeps.
    """
    if image.mode == "F" or image.mode.startswith("I"):
        return Decoded(_whole(image))
    if image.mode == "L" and not image.has_transparency_data:
        return Decoded(np.asarray(image))
    gray, colorfulness = gray_of_color(
        image.height, image.width, lambda top, bottom: _rgb_rows(image, top, bottom)
    )
    return Decoded(gray, colorfulness)


def _whole(image: Image.Image) -> np.ndarray:
    """Deep values in rows that are copied once: NumPy's own way copies them three times."""
    first = np.asarray(image.crop((0, 0, image.width, 1)))
    values = np.empty((image.height, image.width), first.dtype)
    for top in range(0, image.height, 128):
        bottom = min(top + 128, image.height)
        values[top:bottom] = np.asarray(image.crop((0, top, image.width, bottom)))
    return values


def _rgb_rows(image: Image.Image, top: int, bottom: int) -> np.ndarray:
    rows = image.crop((0, top, image.width, bottom))
    rows = rows.convert(PREMULTIPLIED[rows.mode]) if rows.mode in PREMULTIPLIED else rows
    if rows.has_transparency_data:
        layers = rows.convert("RGBA")
        rows = Image.alpha_composite(Image.new("RGBA", layers.size, "black"), layers)
    return np.asarray(rows.convert("RGB"))
