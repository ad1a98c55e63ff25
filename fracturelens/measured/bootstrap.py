"""Bootstrap intervals over groups of pictures."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fracturelens.measured.conditions import BootstrapRecord
from fracturelens.measured.layout import Estimate

LEVEL = 0.95
"""Of every interval."""
Statistic = Callable[[np.ndarray], np.ndarray]
"""Weights float (B, N), one for each picture, -> the figure of each of the B draws, float (B,)."""


@dataclass(frozen=True)
class Bootstrap:
    """How intervals are drawn: number of draws, and seed."""

    draws: int = 2000
    seed: int = 20261122

    def record(self, groups: str) -> BootstrapRecord:
        """The settings for a file; `groups` says in words what a group is."""
        return BootstrapRecord(self.draws, self.seed, LEVEL, groups)


def group_weights(groups: np.ndarray, settings: Bootstrap) -> np.ndarray:
    """How often each draw holds each picture.

    Args:
        groups: int (N,), group of each picture, 0 to G - 1, none empty.
        settings: draws and seed.

    Returns:
        float32 (1 + draws, N): row 0 is all ones (the sample itself); each further row draws G
        groups with replacement.
    """
    count = int(groups.max()) + 1
    generator = np.random.default_rng(settings.seed)
    drawn = generator.multinomial(count, np.full(count, 1 / count), size=settings.draws)
    return np.vstack([np.ones((1, len(groups))), drawn[:, groups]]).astype(np.float32)


def estimate(statistic: Statistic, weights: np.ndarray, n: int) -> Estimate:
    """A figure and its percentile interval.

    Args:
        statistic: the figure as a function of weights; NaN where a draw leaves it undefined.
        weights: as `group_weights` returns them; row 0 gives the figure.
        n: cases behind the figure.

    Returns:
        None for what is undefined. The interval leaves undefined draws out and is None where they
        are more than half.
    """
    figures = np.asarray(statistic(weights), float)
    value, draws = figures[0], figures[1:]
    defined = draws[np.isfinite(draws)]
    low = high = None
    if np.isfinite(value) and len(defined) * 2 > len(draws):
        low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist()
    return Estimate(float(value) if np.isfinite(value) else None, low, high, n)


def ratio(numerator: np.ndarray, denominator: np.ndarray) -> Statistic:
    """Statistic: weighted sum of one per-picture quantity over that of another.

    Both are float (N,). A mean over some pictures is ratio(values * chosen, chosen). NaN where
    the denominator's sum is 0.
    """

    def statistic(weights: np.ndarray) -> np.ndarray:
        below = weights @ np.asarray(denominator, np.float64)
        above = weights @ np.asarray(numerator, np.float64)
        return np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0)

    return statistic


def median(values: np.ndarray, chosen: np.ndarray) -> Statistic:
    """Statistic: weighted median of the chosen pictures' values, as numpy.median for weights 1.

    Args:
        values: float (N,).
        chosen: bool (N,).
    """
    order = np.argsort(values[chosen], kind="stable")
    ordered = values[chosen][order]

    def statistic(weights: np.ndarray) -> np.ndarray:
        if not len(ordered):
            return np.full(len(weights), np.nan)
        passed = np.cumsum(weights[:, chosen][:, order], axis=1, dtype=np.float64)
        half = passed[:, -1:] / 2
        lower = ordered[np.argmax(passed >= half, axis=1)]
        upper = ordered[np.argmax(passed > half, axis=1)]
        return np.where(half[:, 0] > 0, (lower + upper) / 2, np.nan)

    return statistic


def quantile(values: np.ndarray, level: float) -> Statistic:
    """Statistic: the least value that a share `level` of the weight does not exceed.

    Args:
        values: float (N,).
        level: in (0, 1].
    """
    order = np.argsort(values, kind="stable")

    def statistic(weights: np.ndarray) -> np.ndarray:
        passed = np.cumsum(weights[:, order], axis=1, dtype=np.float64)
        return values[order][np.argmax(passed >= level * passed[:, -1:] - 1e-9, axis=1)]

    return statistic
