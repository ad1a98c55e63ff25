from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from important_variables import Thresholds
from prediction import calibrated
from training.data.dataset import Xray, lesion_mask
from training.evaluate.calibration import (
    MASK_THRESHOLDS,
    Platt,
    WrongSplitError,
    choose_gate_points,
    choose_mask_threshold,
    choose_min_share,
    choose_operating_points,
    dice_table,
    fit_platt,
    place_of_threshold,
)
from training.evaluate.scores import SplitScores

SQUARE = np.array([[0.25, 0.25], [0.5, 0.25], [0.5, 0.5], [0.25, 0.5]])


@pytest.fixture
def gate():
    generator = np.random.default_rng(5)
    fractured = generator.random(400) < 0.25
    return expit(generator.normal(2 * fractured - 1, 1.5)), fractured


def test_operating_points_keep_their_promises(gate):
    probability, fractured = gate
    doubtful, fracture = choose_gate_points(probability, fractured)
    assert doubtful < fracture
    assert (probability[fractured] >= doubtful).mean() >= 0.95
    assert (probability[fractured] >= doubtful + 2e-4).mean() < 0.96
    assert (probability[~fractured] < fracture).mean() >= 0.95
    assert (probability[~fractured] < fracture - 2e-4).mean() < 0.95


def test_points_that_cross_are_swapped_and_keep_both_promises():
    probability, fractured = np.r_[0.1, 0.2, 0.8, 0.9], np.array([False, False, True, True])
    doubtful, fracture = choose_gate_points(probability, fractured)
    assert (doubtful, fracture) == (0.2001, 0.8)


@pytest.mark.parametrize("split", ["test", "train"])
def test_nothing_is_chosen_off_val(split):
    with pytest.raises(WrongSplitError, match="chosen on 'val' only"):
        choose_operating_points([], {}, split)


def test_platt_minimises_the_log_loss(gate):
    probability, fractured = gate
    platt = fit_platt(probability, fractured)
    logit = np.log(probability / (1 - probability))
    sign = np.where(fractured, 1, -1)
    best = minimize(lambda p: np.logaddexp(0, -sign * (p[0] * logit + p[1])).sum(), (1, 0)).x
    assert (platt.slope, platt.intercept) == pytest.approx(tuple(best), abs=2e-3)


def test_the_app_applies_the_same_calibration():
    platt = Platt(0.7, -1.2)
    points = Thresholds(0.1, 0.9, {}, slope=0.7, intercept=-1.2)
    for raw in (0.0, 0.03, 0.5, 1.0):
        assert float(platt(raw)) == pytest.approx(calibrated(np.float64(raw), points))


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
