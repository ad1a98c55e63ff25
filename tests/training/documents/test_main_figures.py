"""Tables of README and model card hold what the files say, in both precisions."""

from dataclasses import replace

from fracturelens.measured.layout import Estimate, Evaluation, Part, write_evaluation
from tests.helpers.small_evaluations import AUROC, GATE_EVALUATION, GATE_PART
from training.documents.main_figures import headline_table, main_table, networks_table

LABEL = "Area under the ROC curve"
FLOAT32 = "0.877 (0.800 to 0.950)"


def changed(**changes) -> Evaluation:
    return replace(GATE_EVALUATION, **changes)


def test_a_figure_stands_beside_the_best_trivial_answer(folder):
    trivial = "0.590, Picture size and file format alone (fitted on train)"
    assert f"| Gate | {LABEL} | {FLOAT32} | - | {trivial} |" in headline_table(folder)
    assert "**Validation**: 40 X-rays, 10 of them fractured, 12 lesions" in headline_table(folder)


def test_int8_stands_beside_float32(folder):
    part = replace(GATE_PART, metrics={"auroc": replace(AUROC, value=0.5)})
    write_evaluation(changed(precision="int8", part=part), folder)
    assert f"| {LABEL} | {FLOAT32} | 0.500 (0.800 to 0.950) |" in headline_table(folder)


def test_the_more_telling_split_counts(folder):
    part = replace(GATE_PART, metrics={"auroc": Estimate(0.61)})
    write_evaluation(changed(split="test", part=part, cross_fitted=None), folder)
    text = headline_table(folder)
    assert "**Test**" in text and f"| {LABEL} | 0.610 |" in text and FLOAT32 not in text


def test_rates_of_the_verdict_are_cross_fitted_where_thresholds_were_chosen(folder):
    label = "Sensitivity at the fracture threshold"
    assert f"| {label} | 0.800 (0.600 to 0.900) | - | - |" in headline_table(folder)
    write_evaluation(changed(cross_fitted=None), folder)
    assert f"| {label} | 0.900 (0.700 to 1.000) | - | - |" in headline_table(folder)


def test_the_cascade_stands_in_the_main_figures_alone(folder):
    behind = {"unet": Part({"dice_mean": Estimate(0.4, 0.3, 0.5, 10)})}
    write_evaluation(changed(name="cascade", behind_gate=behind), folder)
    row = "| Gate, then U-Net | Dice, mean over fractured pictures | 0.400 (0.300 to 0.500) | - | -"
    assert row in main_table(folder) and LABEL in main_table(folder)
    assert "Gate, then" not in headline_table(folder)


def test_a_network_is_told_from_card_and_files(folder):
    (folder / "gate" / "model.keras").write_bytes(bytes(7_800_000))
    training = "2,914 X-rays, 40 synthetic | 41 of 60 | 90 minutes"
    asked = "6 slightly moved, scaled and mirrored copies of the X-ray"
    row = f"| Gate | 3,000,000 | 320 px | {asked} | {training} | 7.80 MB | - |"
    assert row in networks_table(folder)


def test_nothing_measured_gives_nothing(tmp_path):
    assert headline_table(tmp_path) == main_table(tmp_path) == networks_table(tmp_path) == ""
