"""Pieces of one X-ray in another: lesion and outline move together, the host stays whole."""

import cv2
import numpy as np
import pytest

from tests.training.fit.test_augmentation import bright_lesion
from training.fit.augmentation import Example
from training.synthetic.copy_paste import (
    SEAM,
    bone_spot,
    direction,
    lesion_spot,
    paste_piece,
    with_pasted_piece,
)

SIDE = 200


def bone(angle=0.0) -> Example:
    """A healthy shaft across the middle, turned by degrees."""
    image = np.full((SIDE, SIDE), 40, np.uint8)
    matrix = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), angle, 1)
    shaft = np.zeros((SIDE, SIDE), np.uint8)
    shaft[85:115] = 80
    return Example(image + cv2.warpAffine(shaft, matrix, (SIDE, SIDE)), (), False)


def patient() -> Example:
    """A small bright lesion in a dark picture."""
    small = bright_lesion(40, 40)
    image = np.full((SIDE, SIDE), 30, np.uint8)
    image[80:120, 80:120] = small.image
    return Example(image, ((small.outlines[0] * 40 + 80) / SIDE,), True)


def moved(seed: int) -> Example:
    random, donor = np.random.default_rng(seed), patient()
    return paste_piece(bone(), donor, *lesion_spot(donor, random), random)


def test_the_outline_lies_on_the_lesion_that_was_pasted():
    taken = [result for result in map(moved, range(8)) if result.outlines]
    assert len(taken) >= 4
    for result in taken:
        assert result.fractured
        inside, rim = np.zeros((2, SIDE, SIDE), np.uint8)
        corners = np.round(result.outlines[0] * SIDE - 0.5).astype(np.int32)
        cv2.fillPoly(inside, [corners], 1)
        cv2.circle(rim, corners.mean(axis=0).astype(int).tolist(), 14, 1, 2)
        core = cv2.erode(inside, np.ones((3, 3)))
        around = result.image[(rim > 0) & (inside == 0)]
        assert result.image[core > 0].mean() > around.mean() + 80
        assert 100 / 1.7 < cv2.contourArea(corners) < 100 * 1.7


def test_most_spots_take_a_piece_and_the_host_keeps_all_else():
    host, results = bone(), [moved(seed) for seed in range(20)]
    taken = [result for result in results if result.outlines]
    assert len(taken) >= 10
    changed = np.argwhere(taken[0].image != host.image)
    _, radius = lesion_spot(patient(), np.random.default_rng(0))
    assert np.ptp(changed, axis=0).max() <= 2 * (radius * 1.25 + SEAM)
    np.testing.assert_array_equal(host.image, bone().image)


def test_a_healthy_piece_is_a_hard_negative():
    random = np.random.default_rng(3)
    result = paste_piece(bone(), bone(30), np.array([100.0, 100.0]), 12.0, random)
    assert not result.fractured
    assert result.outlines == ()
    assert len(result.hard_negatives) == 1
    assert (result.image != bone().image).any()


def test_a_piece_that_does_not_fit_leaves_the_host_as_it_is():
    host = bone()
    assert (
        paste_piece(host, patient(), np.array([90.0, 90.0]), 99.0, np.random.default_rng(0)) is host
    )


def test_half_of_the_pieces_hold_a_lesion():
    examples, random = [bone(), bone(20), patient()], np.random.default_rng(5)
    results = [with_pasted_piece(examples, examples[0], random, 1.0) for _ in range(200)]
    lesions = sum(bool(result.outlines) for result in results)
    healthy = sum(len(result.hard_negatives) for result in results)
    assert lesions > 40 and healthy > 40
    assert 0.5 < lesions / healthy < 2
    untouched = [with_pasted_piece(examples, examples[0], random, 0.0) for _ in range(20)]
    assert all(result is examples[0] for result in untouched)


@pytest.mark.parametrize("angle", [0, 30, 60])
def test_direction_is_across_the_bone(angle):
    found = np.rad2deg(direction(bone(angle).image, np.array([100, 100]), 40)) % 180
    assert found == pytest.approx((90 - angle) % 180, abs=3)


def test_pieces_go_onto_bones():
    random = np.random.default_rng(1)
    spots = np.array([bone_spot(bone().image, random) for _ in range(50)])
    assert (abs(spots[:, 1] - 100) <= 20).all()
