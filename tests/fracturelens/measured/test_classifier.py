"""Figures of a classifier agree with scikit-learn and with what is counted by hand."""

import numpy as np
import pytest
from sklearn import metrics

from fracturelens.measured.classifier import (
    area_under_roc,
    average_precision,
    brier_score,
    calibration_error,
    operating_point,
)
from fracturelens.measured.layout import Estimate

ONES = np.ones((1, 4), np.float32)


@pytest.fixture
def sample():
    generator = np.random.default_rng(7)
    fractured = generator.random(200) < 0.3
    score = np.clip(np.round(generator.normal(0.4 + 0.2 * fractured, 0.2), 2), 0, 1)  # with ties
    return fractured, score, generator.integers(0, 4, (20, 200)).astype(np.float32)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (area_under_roc, metrics.roc_auc_score),
        (average_precision, metrics.average_precision_score),
        (brier_score, metrics.brier_score_loss),
    ],
)
def test_weighted_figures_agree_with_scikit_learn(sample, ours, theirs):
    fractured, score, weights = sample
    expected = [theirs(fractured, score, sample_weight=row) for row in weights]
    assert ours(fractured, score)(weights) == pytest.approx(expected)


def test_area_under_roc_by_hand():
    fractured = np.array([True, False, True, False])
    score = np.array([0.9, 0.5, 0.5, 0.1])  # pairs won: 2 + 1 + 0.5 of 4
    assert area_under_roc(fractured, score)(ONES)[0] == pytest.approx(3.5 / 4)


def test_one_class_alone_has_no_ranking_figure():
    alone = np.ones(4, bool)
    assert np.isnan(area_under_roc(alone, np.arange(4.0))(ONES)).all()
    assert np.isnan(average_precision(~alone, np.arange(4.0))(ONES)).all()


def test_calibration_error_by_hand():
    fractured = np.array([True, False, True, True])
    probability = np.array([0.12, 0.18, 0.95, 1.0])
    # bin 1: observed 0.5, predicted 0.15; bin 9: observed 1, predicted 0.975
    expected = 0.5 * 0.35 + 0.5 * 0.025
    assert calibration_error(fractured, probability)(ONES)[0] == pytest.approx(expected)


def test_operating_point_counts_right_and_wrong_calls():
    fractured = np.array([True, True, False, False])
    point = operating_point(fractured, np.array([True, False, True, False]), 0.5, ONES)
    assert (point.threshold, point.tp, point.fp, point.fn, point.tn) == (0.5, 1, 1, 1, 1)
    assert {key: figure.value for key, figure in point.metrics.items()} == dict.fromkeys(
        ("sensitivity", "specificity", "ppv", "npv", "accuracy"), 0.5
    )


def test_never_calling_has_no_ppv(sample):
    fractured, score, weights = sample
    rates = operating_point(fractured, score >= 2, 2.0, weights).metrics
    assert rates["ppv"] == Estimate(None)
    assert rates["specificity"].value == 1
