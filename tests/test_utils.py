"""Losses and overlaps against masks worked out by hand."""

import numpy as np
import pytest

import utils

TRUE = np.array([[1, 1, 0, 0], [0, 0, 0, 0]], "float32")
PRED = np.array([[1, 0, 1, 0], [0, 0, 0, 0]], "float32")


def channels(*masks):
    return np.stack([np.stack([1 - mask, mask], -1) for mask in masks]).astype("float32")


def test_overlap_sums_count_pixels():
    shared, true, pred = utils.overlap_sums(TRUE[None], PRED[None])
    assert (float(shared[0]), float(true[0]), float(pred[0])) == (1, 2, 2)


@pytest.mark.parametrize(
    ("measure", "expected"), [("jaccard_index", 1 / 3), ("dice_coefficient", 2 / 4)]
)
def test_overlap_of_one_shared_pixel(measure, expected):
    value = getattr(utils, measure)(channels(TRUE), channels(PRED), smooth=0.0)
    assert np.asarray(value) == pytest.approx([expected])


@pytest.mark.parametrize("measure", ["jaccard_index", "dice_coefficient"])
def test_two_empty_masks_score_one(measure):
    empty = channels(np.zeros((4, 4)))
    assert np.asarray(getattr(utils, measure)(empty, empty)) == pytest.approx([1.0])


def test_overlaps_are_taken_for_each_picture():
    value = utils.dice_coefficient(channels(TRUE, TRUE), channels(TRUE, PRED), smooth=0.0)
    assert np.asarray(value) == pytest.approx([1.0, 0.5])


def test_losses_are_one_minus_the_mean():
    true, pred = channels(TRUE, TRUE), channels(TRUE, PRED)
    smoothed = 1 - (1 + 3 / 5) / 2
    assert float(utils.dice_loss(true, pred)) == pytest.approx(smoothed)
    assert float(utils.jaccard_loss(true, pred)) == pytest.approx(1 - (1 + 2 / 4) / 2)


def test_bce_dice_of_a_coin_toss():
    true, pred = channels(TRUE), channels(np.full((2, 4), 0.5))
    dice = (2 * 1 + 1) / (2 + 4 + 1)
    assert float(utils.bce_dice_loss(true, pred)) == pytest.approx(np.log(2) + 1 - dice)


def test_lesion_loss_weighs_lesion_pixels_and_pools_the_batch():
    true = channels(TRUE, np.zeros((2, 4)))
    pred = channels(np.full((2, 4), 0.5), np.full((2, 4), 0.5))
    weight = (14 * 1 + 2 * 10) / 16
    dice = (2 * 1 + 1) / (2 + 8 + 1)
    assert float(utils.lesion_loss(true, pred)) == pytest.approx(weight * np.log(2) + 1 - dice)


def test_lesion_loss_prefers_the_lesion_to_the_empty_mask():
    near = np.clip(TRUE, 0.01, 0.99)
    empty = np.full_like(TRUE, 0.01)
    true = channels(TRUE)
    assert float(utils.lesion_loss(true, channels(near))) < float(
        utils.lesion_loss(true, channels(empty))
    )
