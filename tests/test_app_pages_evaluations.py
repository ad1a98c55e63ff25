import math

import pytest

from app_pages.evaluation_plots import MOST_POINTS, plots_of, plots_png
from app_pages.evaluations import (
    flattened,
    group_rows,
    headline_figures,
    interval,
    metric_rows,
    number,
    predictive_values,
    read_evaluation,
    splits_of,
)
from model_card import ModelCard
from tests.app_helpers import GATE_EVALUATION, estimate, pixels, write_evaluation

CARD = ModelCard("gate", "Gate", 1, {})


def test_reads_by_split_precision_and_flips(tmp_path):
    for split, ending in (("val", ""), ("val", "_int8"), ("test", "_int8_flips")):
        write_evaluation(tmp_path, "gate", f"{split}{ending}", {"mark": split + ending})
    assert read_evaluation("gate", "val", tmp_path)["mark"] == "val"
    assert read_evaluation("gate", "val", tmp_path, "int8")["mark"] == "val_int8"
    assert read_evaluation("gate", "test", tmp_path, "int8", True)["mark"] == "test_int8_flips"
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


def test_tables():
    labels = {"auroc": "Area under the curve"}
    assert metric_rows({"auroc": estimate(0.9), "brier_raw": None}, labels) == [
        {
            "Figure": "Area under the curve",
            "Value": "0.900",
            "95 % interval": "0.870 to 0.930",
            "n": "517",
        },
        {"Figure": "brier raw", "Value": "-", "95 % interval": "", "n": ""},
    ]
    group = {"by": "view", "value": "frontal", "n": 9, "metrics": {"auroc": estimate(0.9)}}
    assert group_rows([group], labels) == [
        {"Group": "view: frontal", "n": "9", "Area under the curve": "0.900 (0.87 to 0.93)"}
    ]


def test_predictive_values_by_bayes():
    ppv, npv = predictive_values(0.9, 0.8, 0.5)
    assert ppv == pytest.approx(0.9 / 1.1)
    assert npv == pytest.approx(0.8 / 0.9)
    assert math.isnan(predictive_values(0, 1, 0.5)[0])


def test_flattened_names_the_way():
    content = {"a": {"b": 1, "c": {"d": [2]}}, "e": {}}
    assert dict(flattened(content)) == {"a.b": 1, "a.c.d": [2], "e": {}}


def test_plots_of_what_is_there():
    assert plots_of({}) == []
    curves = {
        "roc": {"fpr": [0, 1], "tpr": [0, 1], "threshold": [None, 0.5]},
        "reliability": {"predicted": [0.1, None], "observed": [0.2, None], "n": [5, 0]},
        "froc": {
            overlap: {"false_per_image": [0, 2], "recall": [0.1, 0.8], "score": [1, 0]}
            for overlap in ("10", "50")
        },
    }
    roc, reliability, froc = plots_of(curves)
    assert [plot.key for plot in (roc, reliability, froc)] == ["roc", "reliability", "froc"]
    assert len(roc.rows) == 2, "the first point of a ROC has no threshold"
    assert len(reliability.rows) == 1, "an empty bin is no point"
    assert froc.series == ["IoU ≥ 0.1", "IoU ≥ 0.5"]


def test_long_curves_are_thinned_and_keep_their_ends():
    count = 5 * MOST_POINTS + 3
    values = [index / count for index in range(count)]
    [plot] = plots_of({"roc": {"fpr": values, "tpr": values}})
    assert len(plot.rows) <= MOST_POINTS + 1
    assert (plot.rows[0]["fpr"], plot.rows[-1]["fpr"]) == (values[0], values[-1])


def test_png_of_the_plots():
    picture = pixels(plots_png(plots_of(GATE_EVALUATION["curves"]), "Gate"))
    assert picture.shape[1] == 1650
    assert picture.std() > 5, "something is drawn"
