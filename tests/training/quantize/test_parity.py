"""Tests of what decides between INT8 candidates, and of thresholds that each precision has."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from fracturelens.networks.card import ModelCard
from fracturelens.networks.inference import gate_inference
from training.evaluate.scores import SplitScores
from training.quantize.parity import _gate_section, quality

XRAYS = [SimpleNamespace(fractured=fractured) for fractured in (False, False, True, True)]


def gate_card(**thresholds):
    """A card of the gate without calibration; thresholds (doubtful, fracture) by precision."""
    chosen = {
        precision: {"doubtful": doubtful, "fracture": fracture}
        for precision, (doubtful, fracture) in thresholds.items()
    }
    return ModelCard("gate", "Gate", 1, replace(gate_inference(16), thresholds=chosen))


GATE_CARD = gate_card(float32=(0.1, 0.5))


def gate_quality(*probabilities):
    values = np.array(probabilities, np.float32)
    return quality(GATE_CARD, XRAYS, SplitScores(list("abcd"), np.ones((4, 2), int), values))


def test_quality_of_a_gate_by_hand():
    assert gate_quality(0.0, 0.5, 0.5, 1.0) == pytest.approx(-(0.25 + 0.25) / 4, abs=1e-5)


def test_a_gate_whose_probabilities_all_drift_is_worse_though_it_ranks_alike():
    assert gate_quality(0.1, 0.2, 0.8, 0.9) > gate_quality(0.6, 0.7, 0.95, 0.99)


def test_each_precision_is_judged_at_its_own_thresholds():
    card = gate_card(float32=(0.1, 0.5), int8=(0.6, 0.8))
    sides = [
        SplitScores(list("abcd"), np.ones((4, 2), int), np.array(values, np.float32))
        for values in ([0.0, 0.2, 0.7, 0.9], [0.5, 0.7, 0.9, 0.9])
    ]
    found = _gate_section(card, XRAYS, *sides, np.ones((3, 4)))
    assert found["verdict_flips"] == 0
    assert found["accuracy_drop"]["value"] == 0
