"""Subgroups of all networks stand side by side, and those too small to judge are named."""

from tests.helpers.app_helpers import estimate
from training.documents.fairness import FEW, fairness

LABELS = {"auroc": "AUROC", "lesion_recall_10": "Lesions found"}


def evaluation(name, key, **changes):
    groups = [
        {"by": "view", "value": value, "n": 90, "fractured": fractured,
         "metrics": {key: estimate(0.8)}}
        for value, fractured in (("frontal", FEW), ("oblique", FEW - 1))
    ]  # fmt: skip
    file = {"name": name, "split": "val", "precision": "float32", "labels": LABELS}
    return file | {"subgroups": groups} | changes


FILES = [evaluation("gate", "auroc"), evaluation("unet", "lesion_recall_10")]


def test_figures_of_all_networks_stand_in_one_row():
    text = fairness(FILES)
    assert "Gate: AUROC" in text and "U-Net: Lesions found" in text
    assert f"| view: frontal | 90 | {FEW} | 0.800 (0.77 to 0.83) |" in text
    assert text.count("view: frontal") == 1
    assert f"next to nothing: view oblique ({FEW - 1})." in text


def test_other_splits_and_precisions_stay_out():
    others = [evaluation("unet", "auroc", precision="int8"), evaluation("unet", "auroc", split="x")]
    assert "U-Net" not in fairness([FILES[0], *others])


def test_without_figures_what_cannot_be_measured_is_still_told():
    assert "age, sex" in fairness([])
