import json

import pytest

from fracturelens.networks.card import ModelCard, write_card
from important_variables import DISCLAIMER, SAVED_MODELS
from tests.helpers.app_helpers import INT8_PARITY
from training.documents.model_card import COMMAND, DOCUMENT, document, evaluations
from training.evaluate.evaluation import write_evaluation

ESTIMATE = {"value": 0.876543, "low": 0.8, "high": 0.95, "n": 40}
REPORT = {
    "layout": 1, "name": "gate", "title": "Gate", "split": "val", "precision": "float32",
    "look": "usual",
    "data": {"images": 40, "fractured": 10, "lesions": 12, "groups": 20},
    "bootstrap": {"draws": 2000, "seed": 1, "level": 0.95, "groups": "a run of pictures"},
    "notes": ["Thresholds were chosen here."],
    "labels": {"auroc": "Area under the ROC curve", "sensitivity": "Sensitivity"},
    "metrics": {"auroc": ESTIMATE},
    "operating_points": {"doubtful": {
        "threshold": 0.25, "tp": 9, "fp": 8, "fn": 1, "tn": 22,
        "metrics": {"sensitivity": ESTIMATE}}},
    "subgroups": [{"by": "view", "value": "frontal", "n": 7, "fractured": 3,
                   "metrics": {"auroc": {"value": None, "low": None, "high": None, "n": 7}}}],
    "baselines": [{"key": "always_negative", "label": "Always no fracture",
                   "metrics": {"auroc": {**ESTIMATE, "value": 0.5}}}],
    "cross_fitted": {"folds": 5, "note": "Other folds chose.", "metrics": {"auroc": ESTIMATE}},
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    card = ModelCard(
        "gate", "Gate", 3_000_000, {"input_size": 320, "seed": 1}, limits=["One data set."],
        thresholds={"doubtful": 0.25, "fracture": 0.75}, files={"model.keras": "ab" * 32},
    )  # fmt: skip
    write_card(card, tmp_path)
    write_evaluation(REPORT, tmp_path)
    return tmp_path


def test_figures_come_from_the_files(folder):
    text = document(folder)
    assert DISCLAIMER in text and "3,000,000" in text and "- One data set." in text
    assert "| Area under the ROC curve | 0.877 (0.800 to 0.950), n = 40 | 0.500 |" in text
    assert "| view: frontal | 7 | 3 | undefined |" in text
    assert 'Operating point "Doubtful or more", 0.25: TP 9, FP 8, FN 1, TN 22.' in text
    assert "doubtful 0.25, fracture 0.75" in text and "Other folds chose." in text


def test_the_document_goes_stale_with_the_figures(folder):
    before = document(folder)
    path = folder / "gate" / "evaluation_val.json"
    changed = json.loads(path.read_text())
    changed["metrics"]["auroc"]["value"] = 0.5
    path.write_text(json.dumps(changed))
    assert document(folder) != before


def test_precisions_and_splits_stand_in_order(folder):
    for split, precision in (("val", "int8"), ("test", "float32")):
        write_evaluation(REPORT | {"split": split, "precision": precision}, folder)
    order = [(file["split"], file["precision"]) for file in evaluations(folder)]
    assert order == [("test", "float32"), ("val", "float32"), ("val", "int8")]


def test_the_refusal_rate_is_stated_for_each_split(folder):
    rate = {"images": 500, "refused": 10, "share": 0.02, "reasons": {}}
    (folder / "refusal").mkdir()
    (folder / "refusal" / "reference.json").write_text(json.dumps({"measured": {"val": rate}}))
    assert "True X-rays refused: validation: 10 of 500 (2.0%)." in document(folder)


def test_every_heading_of_the_guidelines_is_there(folder):
    headings = [line[3:] for line in document(folder).splitlines() if line.startswith("## ")]
    assert {
        "Version, maintenance and contact",
        "Intended use",
        "Ethics and funding",
        "Bias and fairness",
        "Limits and risks",
        "Security and privacy",
    } <= set(headings)


def test_the_audit_is_told_in_words(folder):
    data = REPORT["data"] | {"excluded": {"truncated": 7}}
    write_evaluation(REPORT | {"data": data}, folder)
    assert "| Damaged: the file ends too early | 7 |" in document(folder)


def test_int8_is_compared_where_it_was(folder):
    assert "INT8 beside float32" not in document(folder)
    card = ModelCard("unet", "U-Net", 1, {}, metrics={"int8_parity": INT8_PARITY})
    write_card(card, folder)
    loss = "| 0.400 | 0.390 | 0.010 (-0.020 to 0.040) | no |"
    assert f"| Dice, mean over fractured X-rays {loss}" in document(folder)


def test_flips_stand_beside_the_usual_figures(folder):
    assert "mirror image" not in document(folder)
    cost = {"images": 20, "usual_ms": 30.0, "look_ms": 60.0}
    twice = {"look": "flips", "metrics": {"auroc": {**ESTIMATE, "value": 0.9}}, "look_cost": cost}
    write_evaluation(REPORT | twice, folder)
    text = document(folder)
    row = "| Area under the ROC curve | 0.877 (0.800 to 0.950) | 0.900 (0.800 to 0.950) |"
    assert row in text and "60 instead of 30 milliseconds" in text


def test_kinds_of_failures_keep_an_earlier_count(folder):
    kinds = {"looked_at": 40, "kinds": {"small": 3}}
    content = {"network_sha256": "ab" * 32, "false_negatives": kinds, "false_positives": kinds}
    path = folder / "gate" / "failures.json"
    path.write_text(json.dumps(content))
    assert "| Gate | Lowest-scored fractures | small | 3 of 40 |" in document(folder)
    before = {"false_negatives": {"looked_at": 50, "kinds": {"small": 9}}}
    path.write_text(json.dumps(content | {"before": before}))
    assert "| Gate | Lowest-scored fractures | small | 3 of 40 | 9 of 50 |" in document(folder)


def test_nothing_trained_gives_a_card_that_says_so(tmp_path):
    text = document(tmp_path)
    assert "No network is trained yet." in text
    assert "No network has been evaluated yet." in text


def test_the_model_card_in_the_repository_is_up_to_date():
    if not evaluations(SAVED_MODELS):
        pytest.skip("no network has been evaluated yet")
    assert DOCUMENT.read_text(encoding="utf-8") == document(SAVED_MODELS), f"run `{COMMAND}`"
