"""Which gray values become black and which white, alike whatever the container.

All of it works on a table, never on the picture: the value of each code that a pixel may hold, and
how many pixels hold it. A picture of 50 megapixels costs no more than one of 50,000.
"""

import cv2
import numpy as np

TAIL = 0.02
"""Share of the pixels at either end that the bulk of a picture leaves out."""
EMPTY = 0.1
"""Values far from the bulk are a marker or hot pixels, not the picture, where a gap as wide as the
bulk lies before them that holds at most this share of them, and where ..."""
MARKER = 0.1
"""... half of them lie in the last part of what is beyond the gap. A picture's own bright parts
thin out gradually, or spread."""
CLOSE = 0.1
"""Widths of the bulk between a picture's own values, at most."""
FILLED = 0.75
"""Share of a guessed scale that a picture must span for the scale to be believed. Of FracAtlas's
films all but one span as much of 0 to 255."""
FILLED_WINDOW = 0.6
"""The same for what a file's own window shows, which is no guess."""
FILLED_8_BIT = 0.5
"""The same for 8 bits in 8-bit files, whose scale is known and not guessed: no film of FracAtlas
spans less than 0.65."""
FLATTEST_8_BIT = 16
"""Gray levels; below, a picture is blank and stretching it would show noise."""
STRIP = 128  # rows
SAMPLE = 16_384
"""Pixels, about, from which it is told first whether a picture has contrast."""
GRAYS = np.arange(256.0)


def histogram(codes: np.ndarray, size: int) -> np.ndarray:
    """Number of pixels of each code, int64 (size,), strip by strip: the whole takes 8 bytes each.

    Args:
        codes: uint8 or uint16 (H, W), all below `size`.
        size: number of codes.
    """
    if codes.dtype == np.uint8 and size == 256:  # NumPy takes seven times as long
        return cv2.calcHist([codes], [0], None, [256], (0, 256)).ravel().astype(np.int64)
    counts = np.zeros(size, np.int64)
    for top in range(0, len(codes), STRIP):
        counts += np.bincount(codes[top : top + STRIP].ravel(), minlength=size)
    return counts


def look_up(codes: np.ndarray, table: np.ndarray) -> np.ndarray:
    """The entry of each pixel's code; (H, W) of the table's dtype, strip by strip."""
    if codes.dtype == np.uint8 and table.dtype == np.uint8 and len(table) == 256:
        return cv2.LUT(codes, table)
    found = np.empty(codes.shape, table.dtype)
    for top in range(0, len(codes), STRIP):
        np.take(table, codes[top : top + STRIP], out=found[top : top + STRIP], mode="clip")
    return found


def to_uint8(shares: np.ndarray) -> np.ndarray:
    """Shares of white in [0, 1] as gray levels, uint8, same shape."""
    return np.rint(np.clip(shares, 0, 1) * 255).astype(np.uint8)


def picture_range(values: np.ndarray, counts: np.ndarray) -> tuple[float, float]:
    """Least and greatest value of the picture itself, without markers and hot pixels.

    Args:
        values: float64 (K,), finite, in any order.
        counts: int64 (K,), pixels that hold each value; not all 0.
    """
    order = np.argsort(values[counts > 0])
    present, pixels = values[counts > 0][order], counts[counts > 0][order]
    share = np.cumsum(pixels) / pixels.sum()
    low, high = present[np.searchsorted(share, (TAIL, 1 - TAIL))]
    top = _without_outliers(present, pixels, high, high - low)
    bottom = -_without_outliers(-present[::-1], pixels[::-1], -low, high - low)
    if top <= bottom:  # nearly all pixels alike: what differs is the picture
        return float(present[0]), float(present[-1])
    return float(bottom), float(top)


def _without_outliers(values: np.ndarray, pixels: np.ndarray, end: float, bulk: float) -> float:
    """The greatest of ascending values that belongs to the picture.

    Args:
        values: float64 (K,).
        pixels: int64 (K,), how many hold each.
        end: of the bulk.
        bulk: its width.
    """
    if values[-1] <= end + bulk:  # no room for a gap
        return values[-1]
    up_to = np.cumsum(pixels)
    gap = np.searchsorted(values, values + bulk, side="right") - 1
    within, beyond = up_to[gap] - up_to, up_to[-1] - up_to[gap]
    start = values[-1] - MARKER * (values[-1] - values)
    brightest = up_to[-1] - np.r_[0, up_to][np.searchsorted(values, start)]
    cuts = (values >= end) & (beyond > 0) & (within <= EMPTY * beyond) & (2 * brightest >= beyond)
    if not cuts.any():
        return values[-1]
    first = np.argmax(cuts)  # the picture's last values follow it closely
    return values[first + np.argmax(np.diff(values[first:]) > CLOSE * bulk)]


def is_filled(
    values: np.ndarray, counts: np.ndarray, scale: tuple[float, float], least: float = FILLED
) -> bool:
    """Whether a picture spans so much of a scale, from black to white, that it may be believed.

    A marker counts where it is part of the scale, but it is not enough.
    """
    black, white = scale
    low, high = picture_range(values, counts)
    if not black <= low < high <= white or high - low < FILLED_8_BIT * (white - black):
        return False
    present = values[counts > 0]
    if black <= present.min() and present.max() <= white:
        low, high = present.min(), present.max()
    return high - low >= least * (white - black)


def natural_shares(
    values: np.ndarray,
    counts: np.ndarray,
    scale: tuple[float, float] | None = None,
    step: float = 1.0,
) -> np.ndarray:
    """Shares of white in [0, 1] for values that come without a window.

    A scale that the picture fills is believed, so that an X-ray looks alike in 8, 12 and 16
    bits: first the declared one, then the bits that are in use. Else the picture is stretched
    from its least to its greatest value.

    Args:
        values: float64 (K,), finite.
        counts: int64 (K,), pixels that hold each value; not all 0.
        scale: least and greatest value that could be stored.
        step: distance of neighboring values.

    Returns:
        float64 (K,).
    """
    low, high = picture_range(values, counts)
    for black, white in _scales(low, high, scale, step):
        if is_filled(values, counts, (black, white)):
            return np.clip((values - black) / (white - black), 0, 1)
    return np.clip((values - low) / ((high - low) or 1.0), 0, 1)


def _scales(
    low: float, high: float, declared: tuple[float, float] | None, step: float
) -> list[tuple[float, float]]:
    """Scales that may have been meant: the declared one, 8 bits or more from 0, and from `low`."""
    starts = (0.0, low) if low >= 0 else (low,)
    guessed = [(start, start + step * _bits_in_use((high - start) / step)) for start in starts]
    return [declared, *guessed] if declared else guessed


def _bits_in_use(steps: float) -> int:
    """The least 2^k - 1 that is not below a number of steps; at least 255."""
    return 2 ** max(8, int(np.ceil(steps)).bit_length()) - 1


def standard_of_gray(pixels: np.ndarray) -> np.ndarray | None:
    """What the networks get for an 8-bit picture: None where that is the picture itself.

    Args:
        pixels: uint8 (H, W), not altered.

    Returns:
        uint8 (H, W) stretched over 0 to 255, for pictures of low contrast alone.
    """
    step = 1 + int((pixels.size / SAMPLE) ** 0.5)
    sample = np.ascontiguousarray(pixels[::step, ::step])
    if _has_contrast(*picture_range(GRAYS, histogram(sample, 256))):
        return None
    low, high = picture_range(GRAYS, histogram(pixels, 256))
    if high - low < FLATTEST_8_BIT or _has_contrast(low, high):
        return None
    return look_up(pixels, to_uint8((GRAYS - low) / (high - low)))


def _has_contrast(low: float, high: float) -> bool:
    return high - low >= FILLED_8_BIT * 255
