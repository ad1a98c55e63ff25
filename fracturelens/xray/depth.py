"""Brings gray values of any depth to the 8 bits of a screen."""

import numpy as np

STRIP = 64  # rows


class DepthError(ValueError):
    """Gray values that no scale fits; the text is a sentence that starts in lower case."""


def to_uint8(pixels: np.ndarray) -> np.ndarray:
    """Rescale gray values to uint8, same shape.

    Unsigned values are divided by the bits in use (12-bit data in a 16-bit file use 12); reals
    within [0, 1] are multiplied by 255; all others are stretched from their least to their
    greatest value.

    Raises:
        DepthError: A value is NaN or infinite.
    """
    broken = np.count_nonzero(~np.isfinite(pixels))
    if broken:
        raise DepthError(
            f"{broken:,} of {pixels.size:,} pixel values are NaN or infinite; "
            "export the X-ray with finite gray values."
        )
    low, high = float(pixels.min()), float(pixels.max())
    if low >= 0 and np.issubdtype(pixels.dtype, np.integer):
        low, high = 0.0, float(2 ** max(8, int(high).bit_length()) - 1)
    elif low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    return _stretched(pixels, low, high)


def _stretched(pixels: np.ndarray, low: float, high: float) -> np.ndarray:
    """Low to 0 and high to 255, strip by strip: the whole in float64 is eight times the result."""
    gray = np.empty(pixels.shape, np.uint8)
    for top in range(0, len(pixels), STRIP):
        strip = pixels[top : top + STRIP].astype(np.float64) - low
        gray[top : top + STRIP] = np.rint(strip * (255 / ((high - low) or 1)))
    return gray
