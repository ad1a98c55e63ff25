"""What a picture to learn screening from is: its kind, where it comes from, how it is drawn."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

KNOWN = ("limb", "girdle")
"""Kinds that the networks judge."""
NEGATIVE = "negative"
"""X-rays of these kinds with black and white exchanged."""
KINDS = (
    *KNOWN, NEGATIVE, "chest", "spine", "abdomen", "head", "teeth", "ct", "mr", "us", "nm",
    "photo", "texture", "page", "drawing",
)  # fmt: skip
"""All that the network tells apart."""


@dataclass(frozen=True)
class Picture:
    """A picture, or something that draws a new one each time.

    Attributes:
        kind: one of `KINDS`.
        source: where it comes from, such as "scikit-image"; cross-validation leaves one out.
        name: which it is there.
        draw: gives its pixels, uint8 (H, W), from a source of chance.
        smallest_crop: least share of each side that a crop may leave without changing its kind.
    """

    kind: str
    source: str
    name: str
    draw: Callable[[np.random.Generator], np.ndarray]
    smallest_crop: float = 0.55


def stretched(values: np.ndarray) -> np.ndarray:
    """Numbers of any range as uint8, their percentiles 0.5 and 99.7 as black and white."""
    values = np.asarray(values, np.float32)
    low, high = np.percentile(values, (0.5, 99.7))
    return np.uint8(np.clip((values - low) / max(high - low, 1e-6), 0, 1) * 255)
