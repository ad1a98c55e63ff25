"""Platt scaling: turns a gate's raw output into a probability that means what it says."""

import numpy as np

from fracturelens.networks.inference import Calibration

SMALLEST = 1e-7
"""Outputs are kept this far from 0 and 1, whose logits are infinite."""


def logit(probability: np.ndarray) -> np.ndarray:
    """Log odds of probabilities in [0, 1], float64 of the same shape."""
    safe = np.clip(np.asarray(probability, np.float64), SMALLEST, 1 - SMALLEST)
    return np.log(safe) - np.log1p(-safe)


def calibrated(raw: np.ndarray, calibration: Calibration) -> np.ndarray:
    """Calibrated probabilities, float64 in [0, 1], same shape: sigmoid(slope * logit + intercept).

    Platt 1999, "Probabilistic outputs for support vector machines".

    Args:
        raw: outputs of a gate, in [0, 1].
        calibration: of its card.
    """
    return 1 / (1 + np.exp(-(calibration.slope * logit(raw) + calibration.intercept)))
