"""Rounds a network's weights, so that its file packs to two thirds of the size in git's history."""

from pathlib import Path

import numpy as np

SIGNIFICANT_BITS = 11
"""As many as float16 has: its largest relative error, 1 / 2,048, is far below that of INT8."""


def save_rounded(model, path: Path) -> None:
    """Rounds a Keras network's weights in place and saves it whole or not at all."""
    round_weights(model)
    draft = path.with_name("draft.keras")
    model.save(draft)
    draft.replace(path)


def round_weights(model) -> None:
    """Rounds every weight of a Keras network in place; dtype float32 and any magnitude stay."""
    model.set_weights([rounded(values) for values in model.get_weights()])


def rounded(values: np.ndarray) -> np.ndarray:
    """The nearest numbers of `SIGNIFICANT_BITS` bits.

    Args:
        values: float32, any shape, finite.

    Returns:
        Same shape and dtype; the last 13 of the 24 bits of binary32 (IEEE 754) are 0.
    """
    fractions, exponents = np.frexp(values)
    steps = np.float32(2**SIGNIFICANT_BITS)
    return np.ldexp(np.round(fractions * steps) / steps, exponents).astype(values.dtype)
