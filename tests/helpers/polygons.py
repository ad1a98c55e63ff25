"""Which pixels a polygon encloses, by a way of its own."""

import numpy as np


def polygon_mask(corners: np.ndarray, height: int, width: int) -> np.ndarray:
    """The pixels whose centers a polygon encloses, bool (height, width).

    Args:
        corners: (N, 2) columns and rows along edges of pixels, as `outlines_of` gives them.
        height: rows of the X-ray.
        width: columns of the X-ray.
    """
    crossed = np.zeros((height, width + 1), np.uint8)
    whole = np.rint(corners).astype(int)
    for (x1, y1), (x2, y2) in zip(whole, np.roll(whole, -1, axis=0), strict=True):
        if x1 == x2:  # rows between the ends lie inside on one side of this edge
            crossed[min(y1, y2) : max(y1, y2), x1] ^= 1
    return np.bitwise_xor.accumulate(crossed, axis=1)[:, :width].astype(bool)
