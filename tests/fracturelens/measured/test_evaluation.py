import math

import pytest
from fracturelens.measured.evaluation import (
    flattened,
    headline_figures,
    interval,
    number,
    predictive_values,
    read_evaluation,
    splits_of,
)

from fracturelens.networks.card import ModelCard
from fracturelens.networks.tiling import Look
from tests.helpers.app_helpers import GATE_EVALUATION, estimate, write_evaluation

CARD = ModelCard("gate", "Gate", 1, {})


def test_reads_by_split_precision_and_look(tmp_path):
    for split, ending in (("val", ""), ("val", "_int8"), ("test", "_int8_flips")):
        write_evaluation(tmp_path, "gate", f"{split}{ending}", {"mark": split + ending})
    assert read_evaluation("gate", "val", tmp_path)["mark"] == "val"
    assert read_evaluation("gate", "val", tmp_path, "int8")["mark"] == "val_int8"
    flips = read_evaluation("gate", "test", tmp_path, "int8", Look.FLIPS)
    assert flips["mark"] == "test_int8_flips"
    assert read_evaluation("gate", "test", tmp_path) is None
    assert splits_of("gate", tmp_path) == ["val"]


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "\xff"])
def test_damaged_files_count_as_absent(tmp_path, text):
    (tmp_path / "gate").mkdir()
    (tmp_path / "gate" / "evaluation_val.json").write_text(text, encoding="latin-1")
    assert read_evaluation("gate", "val", tmp_path) is None


def test_headlines_prefer_the_test_split(tmp_path):
    assert headline_figures(CARD, tmp_path) == []
    write_evaluation(tmp_path, "gate", "val", GATE_EVALUATION)
    figure = headline_figures(CARD, tmp_path)[0]
    assert (figure.label, figure.text, figure.interval) == ("AUROC", "0.930", "0.900 to 0.960")
    assert figure.note == "On the validation X-rays, n = 517"
    write_evaluation(tmp_path, "gate", "test", {"metrics": {"auroc": estimate(0.91)}})
    assert [figure.text for figure in headline_figures(CARD, tmp_path)] == ["0.910"]


def test_numbers_for_people():
    assert number(estimate(0.12345)) == "0.123"
    assert number({"value": None}) == "-"
    assert number(math.nan) == "-"
    assert number(12345) == "12,345"
    assert interval({"value": 1, "low": None, "high": None}) == ""
    assert interval(0.5) == ""


def test_predictive_values_by_bayes():
    ppv, npv = predictive_values(0.9, 0.8, 0.5)
    assert ppv == pytest.approx(0.9 / 1.1)
    assert npv == pytest.approx(0.8 / 0.9)
    assert math.isnan(predictive_values(0, 1, 0.5)[0])


def test_flattened_names_the_way():
    content = {"a": {"b": 1, "c": {"d": [2]}}, "e": {}}
    assert dict(flattened(content)) == {"a.b": 1, "a.c.d": [2], "e": {}}
