"""Figures of a site's cases: acceptance, ranking, and rates at two pairs of thresholds."""

from dataclasses import replace

import numpy as np

from fracturelens.measured.bootstrap import Bootstrap, estimate, group_weights
from fracturelens.measured.classifier import (
    brier_score,
    calibration_error,
    operating_point,
    ranking_estimates,
)
from fracturelens.measured.layout import Metrics, OperatingPoint, Tier
from fracturelens.measured.proportions import share_of
from fracturelens.measured.site import SiteFigures
from fracturelens.networks.calibration import calibrated
from fracturelens.results import Verdict
from fracturelens.screening.outcome import Outcome
from fracturelens.site.cases import Cases
from fracturelens.site.choose import Chosen

GROUP_RULE = "the X-rays of one patient, where patients are named, and copies of one picture"


def acceptance(cases: Cases) -> Metrics:
    """Shares of the X-rays that screening would refuse, and that it cautions about."""
    said = [case.outcome for case in cases.judged]
    return {
        key: share_of(said.count(outcome), len(said))
        for key, outcome in (("refused", Outcome.REFUSE), ("cautioned", Outcome.CAUTION))
    }


def measure(
    raw: np.ndarray,
    fractured: np.ndarray,
    groups: np.ndarray,
    chosen: Chosen,
    bootstrap: Bootstrap,
) -> SiteFigures:
    """What the gate reaches at one calibration and one pair of thresholds.

    Args:
        raw: its outputs, float (N,) in [0, 1], N at least 1.
        fractured: labels, bool (N,).
        groups: int (N,), X-rays that stay together.
        chosen: calibration and thresholds.
        bootstrap: how intervals are drawn.
    """
    probability = calibrated(raw, chosen.calibration)
    weights = group_weights(np.unique(groups, return_inverse=True)[1], bootstrap)
    calls = {key: probability >= getattr(chosen, key) for key in ("doubtful", "fracture")}
    points = {
        key: operating_point(fractured, called, getattr(chosen, key), weights)
        for key, called in calls.items()
    }
    return SiteFigures(
        images=len(raw),
        fractured=int(fractured.sum()),
        groups=len(np.unique(groups)),
        metrics={
            **ranking_estimates(fractured, probability, weights),
            "brier": estimate(brier_score(fractured, probability), weights, len(raw)),
            "ece": estimate(calibration_error(fractured, probability), weights, len(raw)),
        },
        operating_points={key: _with_honest_ends(point) for key, point in points.items()},
        tiers=_tiers(calls["doubtful"], calls["fracture"], fractured),
    )


def _with_honest_ends(point: OperatingPoint) -> OperatingPoint:
    """Rates of 0 and 1 with Wilson's interval: all draws of such a rate are the same."""
    return replace(
        point,
        metrics={
            key: share_of(round(figure.value * figure.n), figure.n)
            if figure.value in (0.0, 1.0)
            else figure
            for key, figure in point.metrics.items()
        },
    )


def _tiers(doubtful: np.ndarray, fracture: np.ndarray, truth: np.ndarray) -> dict[str, Tier]:
    given = {
        Verdict.FRACTURE: fracture,
        Verdict.DOUBTFUL: doubtful & ~fracture,
        Verdict.NO_FRACTURE: ~doubtful,
    }
    return {
        str(verdict): Tier(int(those.sum()), int((those & truth).sum()))
        for verdict, those in given.items()
    }
