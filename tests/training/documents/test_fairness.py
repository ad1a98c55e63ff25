"""Subgroups of all networks stand side by side, and those too small to judge are named."""

from dataclasses import replace

from fracturelens.measured.layout import Estimate, Part, Subgroup
from tests.helpers.small_evaluations import GATE_EVALUATION
from training.documents.fairness import FEW, fairness


def evaluation(name, key, **changes):
    groups = [
        Subgroup("view", value, 90, fractured, {key: Estimate(0.8, 0.77, 0.83, 90)})
        for value, fractured in (("frontal", FEW), ("oblique", FEW - 1))
    ]
    return replace(GATE_EVALUATION, name=name, part=Part({}, subgroups=groups), **changes)


FILES = [evaluation("gate", "auroc"), evaluation("unet", "lesion_recall_10")]


def test_figures_of_all_networks_stand_in_one_row():
    text = fairness(FILES)
    assert "Gate: Area under the ROC curve" in text and "U-Net: Lesions found" in text
    cells = "0.800 (0.77 to 0.83) | - | - | 0.800 (0.77 to 0.83)"
    assert f"| view: frontal | 90 | {FEW} | {cells} |" in text
    assert text.count("| view: frontal") == 1
    assert f"next to nothing: view: oblique ({FEW - 1})." in text


def test_other_splits_and_precisions_stay_out():
    others = [evaluation("unet", "auroc", precision="int8"), evaluation("unet", "a", split="test")]
    assert "U-Net" not in fairness([FILES[0], *others])


def test_without_figures_what_cannot_be_measured_is_still_told():
    assert "age, sex" in fairness([])
