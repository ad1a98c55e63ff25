from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

import command_line
from fracturelens.networks.calibration import calibrated, logit
from fracturelens.networks.card import ModelCard, read_card
from fracturelens.networks.inference import Calibration, gate_inference, segmenter_inference
from training.data.dataset import Xray, lesion_mask
from training.evaluate.calibration import (
    MASK_THRESHOLDS,
    Chosen,
    UncalibratedError,
    WrongSplitError,
    choose_gate_thresholds,
    choose_mask_threshold,
    choose_min_share,
    choose_thresholds,
    dice_table,
    fit_platt,
    place_of_threshold,
    require_chosen,
    with_chosen,
)
from training.evaluate.scores import SplitScores, score_split

SQUARE = np.array([[0.25, 0.25], [0.5, 0.25], [0.5, 0.5], [0.25, 0.5]])


@pytest.fixture
def gate():
    generator = np.random.default_rng(5)
    fractured = generator.random(400) < 0.25
    return expit(generator.normal(2 * fractured - 1, 1.5)), fractured


def test_thresholds_keep_their_promises(gate):
    probability, fractured = gate
    chosen = choose_gate_thresholds(probability, fractured)
    doubtful, fracture = chosen.doubtful, chosen.fracture
    assert doubtful < fracture
    assert (probability[fractured] >= doubtful).mean() >= 0.90
    assert (probability[fractured] >= doubtful + 2e-4).mean() < 0.91
    assert (probability[~fractured] < fracture).mean() >= 0.97
    assert (probability[~fractured] < fracture - 2e-4).mean() < 0.97


def test_thresholds_that_cross_are_swapped_and_keep_both_promises():
    probability, fractured = np.r_[0.1, 0.2, 0.8, 0.9], np.array([False, False, True, True])
    chosen = choose_gate_thresholds(probability, fractured)
    assert (chosen.doubtful, chosen.fracture) == (0.2001, 0.8)


@pytest.mark.parametrize("split", ["test", "train"])
def test_nothing_is_chosen_off_val(split):
    with pytest.raises(WrongSplitError, match="chosen on 'val' only"):
        choose_thresholds([], {}, split)


def test_platt_minimizes_the_log_loss(gate):
    probability, fractured = gate
    platt = fit_platt(probability, fractured)
    odds, sign = logit(probability), np.where(fractured, 1, -1)
    best = minimize(lambda p: np.logaddexp(0, -sign * (p[0] * odds + p[1])).sum(), (1, 0)).x
    assert (platt.slope, platt.intercept) == pytest.approx(tuple(best), abs=2e-3)


def test_the_gates_thresholds_are_on_its_calibrated_probability(gate):
    raw, fractured = gate
    xrays = [Xray(f"IMG{i:07d}.jpg", Path(), "val", bool(ill)) for i, ill in enumerate(fractured)]
    scores = SplitScores([xray.image_id for xray in xrays], np.ones((400, 2), int), raw)
    chosen = choose_thresholds(xrays, {"gate": scores}, "val")["gate"]
    assert chosen.calibration == fit_platt(raw, fractured)
    probability = calibrated(raw, chosen.calibration)
    assert (probability[fractured] >= chosen.thresholds["doubtful"]).mean() >= 0.90
    assert chosen.thresholds["chosen_on"] == "val" and chosen.thresholds["images"] == 400


GATE_CARD = ModelCard("gate", "Gate", 1, gate_inference(64))
CHOSEN = Chosen({"doubtful": 0.2, "fracture": 0.4, "images": 9}, Calibration(0.9, -1.0))


def test_what_is_chosen_for_one_precision_leaves_the_other():
    card = with_chosen(with_chosen(GATE_CARD, "int8", CHOSEN), "float32", Chosen({"doubtful": 0.1}))
    assert card.thresholds_at("int8") == CHOSEN.thresholds
    assert card.calibration_at("int8") == CHOSEN.calibration
    assert card.thresholds_at("float32") == {"doubtful": 0.1}
    assert card.calibration_at("float32") == Calibration()


def test_a_fresh_card_has_no_chosen_thresholds():
    segmenter = ModelCard("unet", "U-Net", 1, segmenter_inference(64, enlarged=False))
    for card in (GATE_CARD, segmenter):
        with pytest.raises(UncalibratedError, match="fracturelens calibrate"):
            require_chosen(card, "float32")
    require_chosen(with_chosen(GATE_CARD, "float32", CHOSEN), "int8")  # float32's serve


@pytest.fixture
def masks():
    """A lesion of 64 x 64 pixels: 0.9 inside a smaller square, 0.5 in it, 0.3 around it."""
    probability = np.zeros((256, 256), np.float32)
    probability[50:150, 50:150] = 0.3
    probability[64:128, 64:128] = 0.5
    probability[90:100, 90:100] = 0.9
    probability[200:202, 200:202] = 0.9
    picture = Xray("IMG0000001.jpg", Path(), "val", True, polygons=(SQUARE,))
    return [picture], SplitScores(["IMG0000001.jpg"], np.array([[256, 256]]), probability[None])


def test_the_mask_threshold_is_the_highest_that_costs_next_to_no_dice(masks):
    assert choose_mask_threshold(*masks) == 0.5
    table = np.array([[0.1, 0.4, 0.396, 0.394], [0.5, 0.4, 0.4, 0.4]])
    assert place_of_threshold(table[:1]) == 2
    assert place_of_threshold(table) == 3


def test_dice_by_threshold_is_that_of_the_masks(masks):
    row = dice_table(*masks)[0]
    truth = lesion_mask(masks[0][0], 256, 256) > 0
    for index in (0, 13, 15, 30, 46):
        painted = masks[1].values[0] >= MASK_THRESHOLDS[index]
        dice = 2 * (painted & truth).sum() / (painted.sum() + truth.sum())
        assert row[index] == pytest.approx(dice)


def test_the_speck_limit_drops_specks_and_keeps_lesions(masks):
    xrays, scores = masks
    assert choose_min_share(xrays, {"unet": scores}, {"unet": 0.5}) == 0.0005
    small = scores.values.copy()
    small[0][90:100, 90:100] = 0.5
    small[0][96:100, 96:100] = 0.9  # at 0.9: 16 of 65,536 pixels, a share of 0.00024
    smaller = SplitScores(scores.image_ids, scores.sizes, small)
    assert choose_min_share(xrays, {"unet": smaller}, {"unet": 0.9}) == 0.0002


def test_the_command_writes_cards_and_asks_the_int8_gate_itself(
    predictors, xrays, tmp_path, monkeypatch
):
    for name, network in predictors.items():
        own = (
            {"int8": {"doubtful": 0.1, "fracture": 0.7}}
            if name == "gate"
            else {"int8": {"mask": 0.9}}
        )
        thresholds = network.card.inference.thresholds | own
        inference = replace(network.card.inference, thresholds=thresholds)
        files = network.card.files | ({} if name == "unet" else {"model_int8.tflite": "8" * 64})
        predictors[name] = replace(
            network, card=replace(network.card, inference=inference, files=files)
        )
    module = "training.evaluate.calibration"
    asked = []
    monkeypatch.setattr(
        f"{module}.load_model", lambda *words: asked.append(words[:2]) or predictors[words[0]]
    )
    monkeypatch.setattr(f"{module}.read_fracatlas", lambda _: xrays)
    kept = partial(score_split, folder=tmp_path / "scores")
    monkeypatch.setattr(f"{module}.score_split", kept)
    assert command_line.main(["calibrate", "--models", str(tmp_path)]) == 0
    gate, segmenter, without_int8 = (
        read_card(name, tmp_path) for name in ("gate", "encoder_decoder", "unet")
    )
    assert gate.thresholds_at("float32")["images"] == 24
    assert ("gate", "int8") in asked and ("encoder_decoder", "int8") not in asked
    assert gate.thresholds_at("int8") == gate.thresholds_at("float32"), "the same outputs here"
    assert gate.calibration_at("float32") != Calibration()
    assert segmenter.thresholds_at("int8") == segmenter.thresholds_at("float32")
    assert 0.3 < segmenter.thresholds_at("float32")["mask"] < 0.8
    assert without_int8.thresholds_at("int8") == {"mask": 0.9}, "no INT8 file, nothing to choose"
