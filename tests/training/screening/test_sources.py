"""The head and its cross-validation on made-up features."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from training.screening.head import fit_head
from training.screening.pictures import KINDS, KNOWN
from training.screening.sources import (
    ACCEPTED_OTHERS,
    REFUSED_KNOWN,
    Views,
    best_penalty,
    cross_validate,
    log_odds,
)

LIMB, CHEST, PAGE = (KINDS.index(kind) for kind in ("limb", "chest", "page"))


def blobs(counts, seed=0, apart=2.0):
    """Features of three kinds around three corners, of uneven scale."""
    rng = np.random.default_rng(seed)
    kinds = np.repeat([LIMB, CHEST, PAGE], counts)
    centers = {LIMB: (0, 0), CHEST: (apart, 0), PAGE: (0, apart)}
    features = np.array([centers[kind] for kind in kinds]) + rng.standard_normal((len(kinds), 2))
    return (features * (1, 50) + (3, -200)).astype(np.float32), kinds


def test_the_head_is_balanced_softmax_regression():
    features, kinds = blobs((300, 60, 30))
    head = fit_head(features, kinds, len(KINDS), penalty=0.01)
    standard = StandardScaler().fit(features)
    # scikit-learn weighs the sum of the losses against the penalty, the head their mean.
    other = LogisticRegression(C=1 / (0.01 * len(kinds)), class_weight="balanced", tol=1e-8)
    other.fit(standard.transform(features), kinds)
    expected = other.predict_proba(standard.transform(features))
    logits = head(features)[:, other.classes_]
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert np.abs(shares - expected).max() < 0.01


def test_a_stronger_penalty_makes_smaller_weights():
    features, kinds = blobs((100, 100, 100))
    free, tame = (fit_head(features, kinds, len(KINDS), penalty) for penalty in (0.001, 1.0))
    assert np.abs(tame.weights).sum() < 0.3 * np.abs(free.weights).sum()


def test_log_odds_are_those_of_the_known_kinds_against_all_others():
    logits = np.zeros((1, len(KINDS)))
    known = len(KNOWN) / (len(KINDS) - len(KNOWN))
    assert log_odds(logits) == pytest.approx(np.log(known))
    logits[0, CHEST] = 30
    assert log_odds(logits)[0] == pytest.approx(np.log(2) - 30, abs=0.01)


@pytest.fixture
def views():
    """Limbs of two folds, chests of one of them, pages of a source of their own."""
    features, kinds = blobs((1200, 300, 300), apart=4.0)
    sources = np.where(np.arange(len(kinds)) % 2 == 0, "fold 1", "fold 2")
    sources[kinds == PAGE] = "pages"
    return Views(features, kinds, sources)


def test_limits_leave_the_shares_that_are_tolerated(views):
    found = cross_validate(views, 0.01)
    known, others = found.scores[views.known], found.scores[~views.known]
    assert (known < found.refuse_below).mean() == pytest.approx(REFUSED_KNOWN, abs=0.002)
    assert (others >= found.accept_from).mean() <= ACCEPTED_OTHERS + 0.002
    assert found.refuse_below <= found.accept_from
    assert set(found.refused) == set(found.accepted) == {"fold 1", "fold 2", "pages"}


def test_a_source_is_scored_by_a_head_that_never_saw_it(views):
    """Pages lie apart from chests: a head that did not see them has no reason to refuse them."""
    without = cross_validate(views, 0.01)
    assert without.refused["pages"] < 0.5 < without.refused["fold 1"]
    shared = Views(
        views.features, views.kinds, np.where(views.kinds == PAGE, "fold 1", views.sources)
    )
    shared.sources[np.flatnonzero(views.kinds == PAGE)[::2]] = "fold 2"
    assert cross_validate(shared, 0.01).refused["fold 1"] > 0.9


def test_the_best_penalty_refuses_most(views, monkeypatch):
    monkeypatch.setattr("training.screening.sources.PENALTIES", (50.0, 0.01))
    tried = [cross_validate(views, penalty) for penalty in (50.0, 0.01)]
    assert best_penalty(views).penalty == max(tried, key=lambda one: one.mean).penalty
