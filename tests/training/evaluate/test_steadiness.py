"""A gate's steadiness counts the verdicts that harmless changes turn."""

import numpy as np
import pytest

from fracturelens.measured.bootstrap import Bootstrap, group_weights, quantile
from fracturelens.networks.inference import Calibration
from fracturelens.results import Thresholds
from tests.helpers.fixed_networks import fixed
from training.data.dataset import Xray
from training.evaluate import scores
from training.evaluate.gate_report import GateCase
from training.evaluate.harmless import CHANGES
from training.evaluate.steadiness import measure_steadiness


class Widths:
    """A gate that is sure where a picture is narrow, so that bars turn its verdict."""

    def __call__(self, batch):
        columns = (batch > 0).any(axis=(1, 3)).mean(axis=1)
        return np.float32(np.where(columns > 0.9, 0.1, 0.9))[:, None]


@pytest.fixture
def case(monkeypatch, tmp_path):
    monkeypatch.setattr(scores, "load_image", lambda xray: np.full((100, 100), 90, np.uint8))
    xrays = [Xray(f"{i}.jpg", tmp_path / f"{i}.jpg", "val", i == 0) for i in range(3)]
    groups = np.arange(3)
    return GateCase(
        xrays=xrays,
        raw=np.full(3, 0.1, np.float32),
        calibration=Calibration(),
        thresholds=Thresholds(0.3, 0.7, {}),
        groups=groups,
        weights=group_weights(groups, Bootstrap(draws=20)),
    )


def test_only_what_turns_verdicts_counts(case, tmp_path):
    gate = fixed("gate", [0.1])
    gate = type(gate)(Widths(), gate.card, "float32")
    found = measure_steadiness(gate, case, "val", tmp_path)
    assert found.keys() == CHANGES.keys()
    assert found["jpeg_95"]["verdicts_changed"].value == 0
    assert found["jpeg_95"]["probability_moved"].value == pytest.approx(0, abs=1e-6)
    assert found["black_bars"]["verdicts_changed"].value == 1
    assert found["black_bars"]["probability_moved"].value == pytest.approx(0.8, abs=1e-6)
    assert found["black_bars"]["verdicts_changed"].n == 3


def test_raw_scores_of_each_change_are_kept(case, tmp_path):
    gate = fixed("gate", [0.1])
    measure_steadiness(gate, case, "val", tmp_path)
    asked = gate.run.calls
    measure_steadiness(gate, case, "val", tmp_path)
    assert gate.run.calls == asked and len(list(tmp_path.glob("*.npz"))) == len(CHANGES)


def test_quantile_by_hand():
    values = np.array([3.0, 1.0, 2.0, 4.0])
    weights = np.array([[1, 1, 1, 1], [0, 2, 0, 1]], np.float32)
    assert quantile(values, 0.75)(weights).tolist() == [3.0, 4.0]
    assert quantile(values, 0.5)(weights).tolist() == [2.0, 1.0]
