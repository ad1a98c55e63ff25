"""Fits the linear head: softmax regression on standardized features, every kind as weighty."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

STEPS = 80
"""Of L-BFGS; the loss has long settled then."""


@dataclass(frozen=True)
class Head:
    """A linear layer.

    Attributes:
        weights: float32 (features, kinds), for features as the backbone gives them.
        bias: float32 (kinds,).
    """

    weights: np.ndarray
    bias: np.ndarray

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """Logits float32 (N, kinds) of features (N, D)."""
        return features @ self.weights + self.bias


def fit_head(features: np.ndarray, kinds: np.ndarray, count: int, penalty: float) -> Head:
    """Softmax regression.

    Args:
        features: float32 (N, D).
        kinds: int (N,), from 0 to `count` - 1; a kind may be absent.
        count: number of kinds.
        penalty: weight of half the squared weights (of standardized features) beside the mean
            loss; the loss of each kind counts as much as that of any other.
    """
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-6
    standard = (features - mean) / scale
    share = 1 / (np.bincount(kinds, minlength=count)[kinds] * len(np.unique(kinds)))
    wanted = np.eye(count, dtype=np.float32)[kinds]
    share = share.astype(np.float32)[:, None]

    def loss_and_gradient(flat: np.ndarray) -> tuple[float, np.ndarray]:
        both = flat.astype(np.float32).reshape(-1, count)
        logits = standard @ both[:-1] + both[-1]
        log_probability = logits - log_sum(logits)
        loss = -(share * wanted * log_probability).sum()
        slope = share * (np.exp(log_probability) - wanted)
        gradient = np.vstack([standard.T @ slope + penalty * both[:-1], slope.sum(axis=0)])
        loss += 0.5 * penalty * (both[:-1] ** 2).sum()
        return float(loss), gradient.ravel().astype(np.float64)

    start = np.zeros((features.shape[1] + 1) * count)
    options = {"maxiter": STEPS}
    found = minimize(loss_and_gradient, start, jac=True, method="L-BFGS-B", options=options)
    both = found.x.astype(np.float32).reshape(-1, count)
    weights = both[:-1] / scale[:, None]
    return Head(weights, both[-1] - mean @ weights)


def log_sum(logits: np.ndarray) -> np.ndarray:
    """Logarithm of the sum of exponentials along the last axis, kept as an axis."""
    top = logits.max(axis=-1, keepdims=True)
    return top + np.log(np.exp(logits - top).sum(axis=-1, keepdims=True))
