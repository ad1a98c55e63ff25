"""Figures in groups, the trivial answer beside each, and words for what is not plain."""

import pytest

from fracturelens.measured.tables import (
    LOWER_IS_BETTER,
    agreement_rows,
    ece_note,
    exclusion_rows,
    group_rows,
    look_cost_words,
    look_rows,
    metric_sections,
    point_rows,
    trivial_answer,
    with_interval,
)
from fracturelens.networks.tiling import Look
from tests.helpers.app_helpers import estimate
from training.evaluate.sections import LABELS

LABEL = {"auroc": "Area under the curve"}


def test_a_row_holds_interval_and_trivial_answer():
    baselines = [{"label": "Always nothing", "metrics": {"auroc": estimate(0.5)}}]
    [(title, rows)] = metric_sections({"auroc": estimate(0.9)}, LABEL, baselines)
    assert title == "Telling fractured X-rays from others"
    assert rows == [
        {
            "Figure": "Area under the curve",
            "Value (95 % interval)": "0.900 (0.870 to 0.930)",
            "Best trivial answer": "0.500, Always nothing",
            "n": "517",
        }
    ]


def test_lesions_stand_before_overlaps_and_false_regions_between():
    keys = ("dice_mean", "dice_mean_256", "false_share_of_paint", "lesion_recall_10")
    titles = [title for title, _ in metric_sections(dict.fromkeys(keys, estimate(0.5)), {}, [])]
    assert titles == [
        "Lesions found",
        "False regions",
        "Overlap with the annotation",
        "The same at the 256 pixels that the networks see",
    ]


def test_every_figure_of_the_evaluation_has_its_group():
    metrics = dict.fromkeys(LABELS.keys() - {"precision", "ppv", "npv"}, estimate(0.5))
    assert "Other figures" not in dict(metric_sections(metrics, LABELS, []))
    assert LOWER_IS_BETTER <= LABELS.keys()


def test_unknown_and_undefined_figures_are_shown_all_the_same():
    [(title, rows)] = metric_sections({"new_figure": None}, {}, [])
    assert title == "Other figures"
    assert rows == [{"Figure": "new figure", "Value (95 % interval)": "-", "n": ""}]


@pytest.mark.parametrize(("key", "best"), [("auroc", "0.600, b"), ("brier", "0.500, a")])
def test_the_best_trivial_answer_is_the_lowest_error(key, best):
    baselines = [
        {"label": label, "metrics": {key: {"value": value}}}
        for label, value in (("a", 0.5), ("b", 0.6), ("c", None))
    ]
    assert trivial_answer(baselines, key) == best
    assert trivial_answer(baselines, "dice_mean") == "-"


def test_subgroups_say_how_many_they_are():
    group = {"by": "view", "value": "frontal", "n": 9, "fractured": 2}
    assert group_rows([group | {"metrics": {"auroc": estimate(0.9)}}], LABEL) == [
        {
            "Subgroup": "view: frontal (9 X-rays, 2 fractured)",
            "Area under the curve": "0.900 (0.87 to 0.93)",
        }
    ]


def test_points_stand_side_by_side_with_predictive_values():
    metrics = {"sensitivity": estimate(0.9), "specificity": estimate(0.8)}
    point = {"threshold": 0.25, "tp": 9, "fp": 8, "fn": 1, "tn": 32, "metrics": metrics}
    rows = point_rows({"doubtful": point, "fracture": point | {"threshold": 0.75}}, 0.5)
    table = {row["Figure"]: (row["Doubtful or more"], row["Fracture"]) for row in rows}
    assert table["Threshold"] == ("0.250", "0.750")
    assert table["PPV where 50% are fractured"] == ("0.818", "0.818")
    assert table["Fractured, not called so"] == ("1", "1")


def test_regions_audit_and_looks_in_words():
    entry = {"regions": 9, "true": 6, "precision": estimate(2 / 3)}
    assert agreement_rows({"lone_unet": entry})[0]["Region"] == "Only the U-Net"
    rows = exclusion_rows({"label_conflict": 6, "truncated": 59, "new": 0})
    assert [row["X-rays"] for row in rows] == ["59", "6"]
    assert "label_conflict" not in str(rows)
    other = {"auroc": estimate(0.91), "brier": 1}
    [row] = look_rows({"auroc": estimate(0.9)}, other, LABEL, Look.FLIPS)
    assert row["Averaged with the mirror image"] == "0.910 (0.880 to 0.940)"


def test_cost_of_a_look_is_told_where_it_was_measured():
    words = look_cost_words({"images": 20, "usual_ms": 31.0, "look_ms": 59.0})
    assert "59 instead of 31 milliseconds" in words and "1.9 times" in words
    assert look_cost_words(None) == ""


def test_a_calibration_error_outside_its_interval_is_explained():
    outside = {"value": 0.010, "low": 0.017, "high": 0.05, "n": 9}
    assert "no mistake" in ece_note({"ece": outside})
    assert ece_note({"ece": estimate(0.04)}) == ece_note({}) == ece_note({"ece": 0.1}) == ""


def test_an_estimate_without_an_interval_is_its_value_alone():
    assert with_interval({"value": 0.5, "low": None, "high": None}) == "0.500"
    assert with_interval(None) == "-"
