"""Cross-validation over sources: what becomes of pictures whose source was not learned from."""

from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from training.screening.head import Head, fit_head, log_sum
from training.screening.pictures import KINDS, KNOWN

PENALTIES = (0.05, 0.015, 0.005)
"""That are tried."""
REFUSED_KNOWN = 0.04
"""Share of the views of films, of patients not learned from, that may be refused. Most views are
changed more harshly than a hospital changes a film: of films themselves next to none is refused."""
ACCEPTED_OTHERS = 0.01
"""Share of the views of other pictures, from sources not learned from, that may be accepted."""
THINNED = 3
"""Every so manieth view is learned from while penalties are compared; all are scored."""


@dataclass(frozen=True)
class Views:
    """What is known of each view.

    Attributes:
        features: float32 (N, D).
        kinds: int (N,), place in `KINDS`.
        sources: str (N,).
    """

    features: np.ndarray
    kinds: np.ndarray
    sources: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Which views are films that the networks judge, bool (N,)."""
        return np.isin(self.kinds, [KINDS.index(kind) for kind in KNOWN])


@dataclass(frozen=True)
class CrossValidation:
    """What one penalty gave.

    Attributes:
        penalty: of the head.
        scores: log-odds of each view, float32 (N,), by a head that did not learn from its source.
        refuse_below: log-odds below which `REFUSED_KNOWN` of the known views lie.
        accept_from: log-odds from which `ACCEPTED_OTHERS` of the other views lie.
        refused: by source, the share of its views of other kinds that is refused.
        accepted: likewise, the share that is accepted.
    """

    penalty: float
    scores: np.ndarray
    refuse_below: float
    accept_from: float
    refused: dict[str, float]
    accepted: dict[str, float]

    @property
    def mean(self) -> float:
        """Every source counts the same."""
        return float(np.mean(list(self.refused.values())))


def best_penalty(views: Views) -> CrossValidation:
    """Tries all penalties; the one that refuses most of what no head has seen."""
    tried = [cross_validate(views, penalty) for penalty in PENALTIES]
    return max(tried, key=lambda one: one.mean)


def cross_validate(views: Views, penalty: float) -> CrossValidation:
    """Leaves out one source after the other.

    Args:
        views: of all pictures.
        penalty: of the head.
    """
    sources = np.unique(views.sources)
    scores = np.empty(len(views.kinds), np.float32)
    for source in tqdm(sources, desc=f"penalty {penalty:g}", unit="source", disable=None):
        held = views.sources == source
        learned = np.flatnonzero(~held)[::THINNED]
        head = fit_head(views.features[learned], views.kinds[learned], len(KINDS), penalty)
        scores[held] = log_odds(head(views.features[held]))
    low = float(np.quantile(scores[views.known], REFUSED_KNOWN))
    high = float(np.quantile(scores[~views.known], 1 - ACCEPTED_OTHERS))
    others = {str(source): scores[~views.known & (views.sources == source)] for source in sources}
    others = {source: found for source, found in others.items() if len(found)}
    return CrossValidation(
        penalty,
        scores,
        refuse_below=low,
        accept_from=max(low, high),
        refused={source: float((found < low).mean()) for source, found in others.items()},
        accepted={source: float((found >= high).mean()) for source, found in others.items()},
    )


def final_head(views: Views, penalty: float) -> Head:
    """The head that learned from all views."""
    return fit_head(views.features, views.kinds, len(KINDS), penalty)


def log_odds(logits: np.ndarray) -> np.ndarray:
    """That a picture is a film that the networks judge, against all else.

    Args:
        logits: float (N, kinds), in the order of `KINDS`.
    """
    known = np.array([kind in KNOWN for kind in KINDS])
    return (log_sum(logits[:, known]) - log_sum(logits[:, ~known]))[:, 0]
