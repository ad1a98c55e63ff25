import numpy as np
import pytest
from sklearn import metrics

from training.evaluate.gate_metrics import ranking_curves, reliability


@pytest.fixture
def sample():
    generator = np.random.default_rng(7)
    fractured = generator.random(200) < 0.3
    score = np.clip(np.round(generator.normal(0.4 + 0.2 * fractured, 0.2), 2), 0, 1)  # with ties
    return fractured, score


def test_reliability_by_hand():
    fractured = np.array([True, False, True, True])
    bins = reliability(fractured, np.array([0.12, 0.18, 0.95, 1.0]))
    assert bins["n"] == [2, 2] and bins["observed"] == [0.5, 1.0]
    assert bins["predicted"] == pytest.approx([0.15, 0.975])


def test_curves_start_at_calling_nothing_and_end_at_calling_all(sample):
    fractured, score = sample
    curves = ranking_curves(fractured, score)
    roc, pr = curves["roc"], curves["precision_recall"]
    assert (roc["fpr"][0], roc["tpr"][0], roc["threshold"][0]) == (0, 0, None)
    assert (roc["fpr"][-1], roc["tpr"][-1]) == (1, 1)
    assert pr["recall"][0] == 0 and pr["recall"][-1] == 1
    assert pr["precision"][-1] == pytest.approx(fractured.mean())
    assert len(pr["recall"]) == len(pr["precision"]) == len(pr["threshold"])
    assert metrics.auc(roc["fpr"], roc["tpr"]) == pytest.approx(
        metrics.roc_auc_score(fractured, score)
    )
