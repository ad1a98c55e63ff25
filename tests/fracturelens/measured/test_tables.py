"""Figures in groups, the trivial answer beside each, and words for what is not plain."""

from dataclasses import replace

import pytest

from fracturelens.measured.layout import (
    Baseline,
    Estimate,
    ModeCost,
    OperatingPoint,
    RegionCount,
    Subgroup,
    Tier,
)
from fracturelens.measured.tables import (
    LOWER_IS_BETTER,
    agreement_rows,
    ece_note,
    exclusion_rows,
    group_rows,
    metric_sections,
    mode_cost_words,
    mode_rows,
    point_rows,
    tier_rows,
    trivial_answer,
)
from fracturelens.measured.words import LABELS
from fracturelens.networks.tiling import Mode
from important_variables import NETWORKS
from tests.helpers.app_helpers import THIRD
from tests.helpers.evaluations import estimate


def test_a_row_holds_interval_and_trivial_answer():
    baselines = [Baseline("always_negative", {"auroc": estimate(0.5)})]
    [(title, rows)] = metric_sections({"auroc": estimate(0.9)}, baselines)
    assert title == "Telling fractured X-rays from others"
    assert rows == [
        {
            "Figure": "Area under the ROC curve",
            "Value (95 % interval)": "0.900 (0.870 to 0.930)",
            "Best trivial answer": "0.500, Always no fracture",
            "n": "517",
        }
    ]


def test_lesions_stand_before_overlaps_and_false_regions_between():
    keys = ("dice_mean", "dice_mean_256", "false_share_of_paint", "lesion_recall_10")
    titles = [title for title, _ in metric_sections(dict.fromkeys(keys, estimate(0.5)))]
    assert titles == [
        "Lesions found",
        "False regions",
        "Overlap with the annotation",
        "The same at 256 x 256 pixels",
    ]


def test_every_figure_of_the_evaluation_has_its_group():
    metrics = dict.fromkeys(LABELS.keys() - {"ppv", "npv"}, estimate(0.5))
    assert "Other figures" not in dict(metric_sections(metrics))
    assert LOWER_IS_BETTER <= LABELS.keys()


def test_unknown_and_undefined_figures_are_shown_all_the_same():
    [(title, rows)] = metric_sections({"new_figure": Estimate(None)})
    assert title == "Other figures"
    assert rows == [{"Figure": "new figure", "Value (95 % interval)": "-", "n": "0"}]


@pytest.mark.parametrize(("key", "best"), [("auroc", "0.600, b"), ("brier", "0.500, a")])
def test_the_best_trivial_answer_is_the_lowest_error(key, best):
    baselines = [
        Baseline(name, {key: Estimate(value)})
        for name, value in (("a", 0.5), ("b", 0.6), ("c", None))
    ]
    assert trivial_answer(baselines, key) == best
    assert trivial_answer(baselines, "dice_mean") == "-"


def test_subgroups_say_how_many_they_are():
    group = Subgroup("body_part", "not_stated", 9, 2, {"auroc": estimate(0.9)})
    assert group_rows([group]) == [
        {
            "Subgroup": "body part: not stated (9 X-rays, 2 fractured)",
            "Area under the ROC curve": "0.900 (0.87 to 0.93)",
        }
    ]


def test_operating_points_stand_side_by_side_with_predictive_values():
    metrics = {"sensitivity": estimate(0.9), "specificity": estimate(0.8)}
    point = OperatingPoint(0.25, tp=9, fp=8, fn=1, tn=32, metrics=metrics)
    rows = point_rows({"doubtful": point, "fracture": replace(point, threshold=0.75)}, 0.5)
    table = {row["Figure"]: (row["Doubtful or more"], row["Fracture"]) for row in rows}
    assert table["Threshold"] == ("0.250", "0.750")
    assert table["PPV where 50% are fractured"] == ("0.818", "0.818")
    assert table["Fractured, not called so"] == ("1", "1")


def test_verdicts_and_audit_in_words():
    assert tier_rows({"no_fracture": Tier(1200, 3)}) == [
        {"Verdict": "No fracture found", "X-rays": "1,200", "of them fractured": "3"}
    ]
    rows = exclusion_rows({"label_conflict": 6, "truncated": 59, "new": 0})
    assert [row["X-rays"] for row in rows] == ["59", "6"]
    assert "label_conflict" not in str(rows)


def test_sets_of_networks_in_words(monkeypatch):
    sets = [["encoder_decoder", "unet"], ["unet"]]
    words = [row["Marked by"] for row in agreement_rows(counts(*sets))]
    assert words == ["Both networks", "U-Net only"]
    monkeypatch.setitem(NETWORKS, "third", THIRD)
    words = [row["Marked by"] for row in agreement_rows(counts(*sets, ["third"]))]
    assert words == ["Encoder-decoder and U-Net", "U-Net only", "Third only"]


def counts(*sets):
    return [RegionCount(names, 9, 6, estimate(2 / 3, n=9)) for names in sets]


def test_a_mode_stands_beside_the_usual_one():
    other = {"auroc": estimate(0.91), "brier": estimate(1)}
    [row] = mode_rows({"auroc": estimate(0.9)}, other, Mode.FLIPS)
    assert row["Averaged with the mirror image"] == "0.910 (0.880 to 0.940)"
    assert row["As usual"] == "0.900 (0.870 to 0.930)"


def test_cost_of_a_mode_is_told_where_it_was_measured():
    words = mode_cost_words(ModeCost(20, 31.0, 59.0))
    assert "59 instead of 31 milliseconds" in words and "1.9 times" in words
    assert mode_cost_words(None) == ""


def test_a_calibration_error_outside_its_interval_is_explained():
    assert "no mistake" in ece_note({"ece": Estimate(0.010, 0.017, 0.05, 9)})
    assert ece_note({"ece": estimate(0.04)}) == ece_note({}) == ""
    assert ece_note({"ece": Estimate(0.1)}) == ""
