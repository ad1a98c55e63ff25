"""Figures of a yes-or-no classifier, weighted so that a bootstrap is one matrix product.

Every statistic takes weights float (B, N), one for each picture in each draw, and returns float
(B,).
"""

import numpy as np

from fracturelens.measured.bootstrap import Statistic, estimate, ratio
from fracturelens.measured.layout import Metrics, OperatingPoint

RELIABILITY_BINS = 10


def area_under_roc(fractured: np.ndarray, score: np.ndarray) -> Statistic:
    """Statistic: chance that a fractured picture scores above an unfractured one, ties half.

    Args:
        fractured: bool (N,).
        score: float (N,), higher is more suspicious.
    """
    order, starts = _tied_runs(score)

    def statistic(weights: np.ndarray) -> np.ndarray:
        positive, negative = _sums_of_runs(weights, fractured, order, starts)
        below = np.cumsum(negative, axis=1) - negative / 2
        pairs = positive.sum(axis=1) * negative.sum(axis=1)
        won = (positive * below).sum(axis=1)
        return np.divide(won, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)

    return statistic


def average_precision(fractured: np.ndarray, score: np.ndarray) -> Statistic:
    """Statistic: area under precision against recall by steps, as scikit-learn defines it.

    Arguments as for `area_under_roc`.
    """
    order, starts = _tied_runs(-score)

    def statistic(weights: np.ndarray) -> np.ndarray:
        positive, negative = _sums_of_runs(weights, fractured, order, starts)
        found = np.cumsum(positive, axis=1)
        called = found + np.cumsum(negative, axis=1)
        precision = np.divide(found, called, out=np.zeros_like(found), where=called > 0)
        total, won = found[:, -1], (positive * precision).sum(axis=1)
        return np.divide(won, total, out=np.full(len(total), np.nan), where=total > 0)

    return statistic


def calibration_error(fractured: np.ndarray, probability: np.ndarray) -> Statistic:
    """Statistic: expected calibration error over `RELIABILITY_BINS` bins of equal width.

    Args:
        fractured: bool (N,).
        probability: float (N,) in [0, 1].
    """
    gap = fractured.astype(float) - probability
    member = np.eye(RELIABILITY_BINS)[bin_of(probability)]

    def statistic(weights: np.ndarray) -> np.ndarray:
        return np.abs(weights @ (member * gap[:, None])).sum(axis=1) / weights.sum(axis=1)

    return statistic


def brier_score(fractured: np.ndarray, probability: np.ndarray) -> Statistic:
    """Statistic: mean squared difference between probability and truth."""
    return ratio((probability - fractured) ** 2, np.ones(len(probability)))


def ranking_estimates(fractured: np.ndarray, score: np.ndarray, weights: np.ndarray) -> Metrics:
    """The estimates `auroc` and `average_precision` (for a constant score: 0.5, prevalence)."""
    n = len(fractured)
    return {
        "auroc": estimate(area_under_roc(fractured, score), weights, n),
        "average_precision": estimate(average_precision(fractured, score), weights, n),
    }


def call_estimates(fractured: np.ndarray, called: np.ndarray, weights: np.ndarray) -> Metrics:
    """Sensitivity, specificity, PPV, NPV and accuracy of a yes-or-no call.

    Args:
        fractured: bool (N,), the truth.
        called: bool (N,), the call.
        weights: float (B, N).
    """
    right = called == fractured
    groups = {
        "sensitivity": fractured,
        "specificity": ~fractured,
        "ppv": called,
        "npv": ~called,
        "accuracy": np.ones_like(fractured),
    }
    return {
        key: estimate(ratio(right & group, group), weights, int(group.sum()))
        for key, group in groups.items()
    }


def operating_point(
    fractured: np.ndarray, called: np.ndarray, threshold: float, weights: np.ndarray
) -> OperatingPoint:
    """Confusion matrix and rates of the calls that a threshold makes.

    Args:
        fractured: bool (N,), the truth.
        called: bool (N,), the calls from the threshold on.
        threshold: for the record.
        weights: float (B, N).
    """
    return OperatingPoint(
        threshold=float(threshold),
        tp=int((called & fractured).sum()),
        fp=int((called & ~fractured).sum()),
        fn=int((~called & fractured).sum()),
        tn=int((~called & ~fractured).sum()),
        metrics=call_estimates(fractured, called, weights),
    )


def bin_of(probability: np.ndarray) -> np.ndarray:
    """Which of the bins of equal width holds each probability, int (N,)."""
    return np.minimum((probability * RELIABILITY_BINS).astype(int), RELIABILITY_BINS - 1)


def _tied_runs(key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ascending order of the keys, and where in it each run of equal keys starts."""
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    return order, starts


def _sums_of_runs(
    weights: np.ndarray, fractured: np.ndarray, order: np.ndarray, starts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Weight of fractured and of unfractured pictures in each run, two float (B, runs)."""
    ordered = weights[:, order].astype(np.float64)
    truth = fractured[order].astype(float)
    return (
        np.add.reduceat(ordered * truth, starts, axis=1),
        np.add.reduceat(ordered * (1 - truth), starts, axis=1),
    )
