"""Measures how steady a gate is: what harmless changes of a file do to its verdicts."""

from pathlib import Path

import numpy as np

from fracturelens.measured.bootstrap import estimate, quantile, ratio
from fracturelens.measured.layout import Metrics
from fracturelens.networks.calibration import calibrated
from fracturelens.networks.predictor import Predictor
from training.evaluate.gate_report import GateCase, judge_all
from training.evaluate.harmless import CHANGES
from training.evaluate.scores import score_split

LEVEL = 0.95


def measure_steadiness(
    gate: Predictor, case: GateCase, split: str, cache: Path
) -> dict[str, Metrics]:
    """Verdicts that change and how far probabilities move, for each of `CHANGES`.

    Args:
        gate: the network.
        case: its answers on the unchanged pictures.
        split: of these pictures.
        cache: folder of raw scores.
    """
    return {change: _measure(gate, case, split, cache, change) for change in CHANGES}


def _measure(gate: Predictor, case: GateCase, split: str, cache: Path, change: str) -> Metrics:
    scores = score_split(gate, case.xrays, split, folder=cache, change=change)
    probability = calibrated(scores.values, case.calibration)
    changed = judge_all(probability, case.thresholds) != case.verdicts
    moved, n = np.abs(probability - case.probability), len(changed)
    return {
        "verdicts_changed": estimate(ratio(changed, np.ones(n)), case.weights, n),
        "probability_moved": estimate(quantile(moved, LEVEL), case.weights, n),
    }
