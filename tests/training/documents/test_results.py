"""docs/results.md holds every evaluation, and what INT8 and other modes change."""

from dataclasses import replace

import pytest

from fracturelens.measured.conditions import ModeCost
from fracturelens.measured.layout import Estimate, write_evaluation
from fracturelens.networks.card import read_cards, write_card
from fracturelens.networks.runtime_parity import (
    Parity,
    RuntimeParity,
    write_runtime_parity,
)
from important_variables import NETWORKS
from tests.helpers.evaluations import INT8_PARITY
from tests.helpers.small_evaluations import GATE_CARD, GATE_EVALUATION, GATE_PART
from training.documents.results import evaluations, results_document


def document(folder):
    return results_document(folder, read_cards(NETWORKS, folder), "make it")


def test_splits_and_precisions_stand_in_order(folder):
    for split, precision in (("val", "int8"), ("test", "float32")):
        write_evaluation(replace(GATE_EVALUATION, split=split, precision=precision), folder)
    order = [(found.split, found.precision) for found in evaluations(folder)]
    assert order == [("test", "float32"), ("val", "float32"), ("val", "int8")]
    text = document(folder)
    titles = ["## Test: Gate, float32", "## Validation: Gate, float32", "## Validation: Gate, INT8"]
    assert [line for line in text.splitlines() if line.startswith("## ")] == titles
    assert "Written by `make it`" in text


def test_the_audit_is_told_in_words(folder):
    data = replace(GATE_EVALUATION.data, excluded={"truncated": 7})
    write_evaluation(replace(GATE_EVALUATION, data=data), folder)
    assert "| Damaged: the file ends too early | 7 |" in document(folder)


@pytest.mark.parametrize("name", ["unet", "encoder_decoder"])
def test_int8_is_compared_where_it_was(folder, name):
    assert "INT8 beside float32" not in document(folder)
    title = NETWORKS[name].title
    parity = {"int8_parity": INT8_PARITY}
    write_card(replace(GATE_CARD, name=name, title=title, metrics=parity), folder)
    text = document(folder)
    assert "## INT8 beside float32" in text and f"### {title}, INT8" in text
    assert "0.400 | 0.390 | 0.010 (-0.020 to 0.040) | no |" in text


def test_runtimes_are_compared_where_they_were(folder):
    assert "OpenVINO" not in document(folder)
    parity = Parity(GATE_CARD.files.get("model_int8.tflite", ""), 3, 40, 0.25, 0.01)
    measured = RuntimeParity("2026-11-26", "CPU", {"openvino": "1"}, "val", 517, {"gate": parity})
    write_runtime_parity(measured, folder)
    text = document(folder)
    assert "## OpenVINO beside LiteRT" in text and "| Gate | 3 | 40 | 0.2500 |  |  |  | " in text
    assert "517 validation X-rays with openvino 1 on CPU" in text


def test_another_mode_stands_beside_the_usual_one(folder):
    assert "mirror image" not in document(folder)
    part = replace(GATE_PART, metrics={"auroc": Estimate(0.9, 0.8, 0.95, 40)})
    cost = ModeCost(20, 30.0, 60.0)
    write_evaluation(replace(GATE_EVALUATION, mode="flips", part=part, mode_cost=cost), folder)
    text = document(folder)
    row = "| Area under the ROC curve | 0.877 (0.800 to 0.950) | 0.900 (0.800 to 0.950) |"
    assert row in text and "60 instead of 30 milliseconds" in text
