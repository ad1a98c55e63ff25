"""Narrows the ranges of activations, so that rare large values do not coarsen all others.

The range of least squared error of rounding to 8 bits, as in Banner et al. 2019 (arXiv 1810.05723):
what lies beyond it is cut off, what lies within is rounded more finely.
"""

from collections.abc import Sequence

import keras
import numpy as np

from training.quantize.fake_quant import LEVELS, Ranges

FRACTIONS = (1.0, 0.85, 0.7, 0.6, 0.5, 0.4, 0.3)
"""Of a range, that are tried."""
PICTURES = 24
SAMPLE = 200_000
"""Values of one layer and picture that are looked at, about."""


def clipped_ranges(ranges: Ranges, folded, pictures: Sequence[np.ndarray]) -> Ranges:
    """The ranges, each multiplied by that one of `FRACTIONS` which rounds its layer best.

    Args:
        ranges: of `ranges_of`.
        folded: what `fold_network` returns.
        pictures: float32 (1, S, S, 3) in [0, 1], training pictures; `PICTURES` of them are taken.
    """
    names = [layer.name for layer in folded.layers if layer.name in ranges]
    probe = keras.Model(folded.input, [folded.get_layer(name).output for name in names])
    errors = dict.fromkeys(names, 0.0)
    for picture in pictures[:: max(1, len(pictures) // PICTURES)]:
        for name, values in zip(names, probe.predict_on_batch(picture), strict=True):
            errors[name] = errors[name] + _errors(np.asarray(values), *ranges[name])
    return {name: _times(ranges[name], FRACTIONS[int(np.argmin(errors[name]))]) for name in names}


def _errors(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Mean squared error of rounding at each of `FRACTIONS`, float (len(FRACTIONS),)."""
    sample = values.ravel()[:: max(1, values.size // SAMPLE)]
    return np.array([_error(sample, *_times((low, high), part)) for part in FRACTIONS])


def _error(values: np.ndarray, low: float, high: float) -> float:
    step = (high - low) / LEVELS or 1.0
    rounded = np.rint((np.clip(values, low, high) - low) / step) * step + low
    return float(np.mean((rounded - values) ** 2))


def _times(ends: tuple[float, float], fraction: float) -> tuple[float, float]:
    return ends[0] * fraction, ends[1] * fraction
