"""Gray values of any depth as codes of at most 16 bits and the value that each code stands for."""

from dataclasses import dataclass

import numpy as np

from fracturelens.xray.contrast import (
    STRIP,
    TAIL,
    histogram,
    look_up,
    natural_shares,
    to_uint8,
)

CODES = 65_536
REACH = 10
"""Deeper pictures keep what lies so many times the width of their bulk beyond it; what lies
farther out takes the outermost code, so that one stray value does not cost the others' detail."""
SAMPLE = 1_000_000
"""Pixels, about, from which the bulk of a deeper picture is told."""


class DepthError(ValueError):
    """Gray values that no scale fits; the text is a sentence that starts in lower case."""


@dataclass(frozen=True, eq=False)
class Levels:
    """A gray picture of any depth.

    Attributes:
        codes: uint8 or uint16 (H, W).
        values: float64 (K,), what each code stands for, ascending and finite.
        scale: least and greatest value that were meant; None where that is not known.
    """

    codes: np.ndarray
    values: np.ndarray
    scale: tuple[float, float] | None = None


def levels_of(pixels: np.ndarray) -> Levels:
    """Codes and values of a gray picture.

    Args:
        pixels: (H, W), integers of any width or reals, in any byte order; not altered.

    Raises:
        DepthError: a value is NaN or infinite.
    """
    kind, size = pixels.dtype.kind, pixels.dtype.itemsize
    if kind == "u" and size <= 2:
        return Levels(pixels.astype(f"u{size}", copy=False), np.arange(256.0**size))
    if kind == "i" and size == 2:
        codes = pixels.astype(np.int16, copy=False).view(np.uint16) ^ np.uint16(0x8000)
        return Levels(codes, np.arange(-32768.0, 32768.0))
    low, high = _reach_of(pixels)
    if kind != "f" and high - low < CODES:
        return Levels(_offsets(pixels, int(low), int(high)), low + np.arange(float(CODES)))
    scale = (0.0, 1.0) if kind == "f" and low >= 0 and high <= 1 else None
    step = ((high - low) or 1.0) / (CODES - 1)
    return Levels(_steps(pixels, low, step), low + step * np.arange(float(CODES)), scale)


def gray_of(levels: Levels, white_is_zero: bool = False) -> np.ndarray:
    """Gray levels for a person and the networks alike, uint8 (H, W).

    Args:
        levels: of `levels_of`.
        white_is_zero: the least value is white (TIFF 6.0, tag 262).
    """
    counts = histogram(levels.codes, len(levels.values))
    shares = natural_shares(levels.values, counts, levels.scale)
    return look_up(levels.codes, to_uint8(1 - shares if white_is_zero else shares))


def _reach_of(pixels: np.ndarray) -> tuple[float, float]:
    """Least and greatest value to keep."""
    low, high = float(pixels.min()), float(pixels.max())
    if not np.isfinite(high - low):  # the minimum of NaN and a number is NaN
        broken = pixels.size - sum(np.count_nonzero(np.isfinite(row)) for row in pixels)
        raise DepthError(
            f"{broken:,} of {pixels.size:,} pixel values are NaN or infinite; "
            "export the X-ray with finite gray values."
        )
    sample = pixels.reshape(-1)[:: 1 + pixels.size // SAMPLE].astype(np.float64)
    first, last = np.percentile(sample, (100 * TAIL, 100 - 100 * TAIL))
    reach = REACH * (last - first)
    return (max(low, first - reach), min(high, last + reach)) if reach > 0 else (low, high)


def _offsets(pixels: np.ndarray, low: int, high: int) -> np.ndarray:
    """How far integers lie above the least to keep, uint16."""
    codes = np.empty(pixels.shape, np.uint16)
    for top in range(0, len(pixels), STRIP):
        strip = np.clip(pixels[top : top + STRIP], low, high)
        np.subtract(strip, low, out=codes[top : top + STRIP], casting="unsafe")
    return codes


def _steps(pixels: np.ndarray, low: float, step: float) -> np.ndarray:
    """How many steps each value lies above the least, uint16, strip by strip to spare memory."""
    codes = np.empty(pixels.shape, np.uint16)
    short = pixels.dtype.kind == "f" and pixels.dtype.itemsize <= 4 and step > 1e-30
    real = "f4" if short else "f8"
    for top in range(0, len(pixels), STRIP):
        strip = (pixels[top : top + STRIP].astype(real) - low) * (1 / step)
        codes[top : top + STRIP] = np.clip(strip, 0, CODES - 1) + 0.5  # cut to integers
    return codes
