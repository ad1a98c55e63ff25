"""Bones broken by the computer: where they are found, what changes, and what is told of it."""

import cv2
import numpy as np
import pytest

from tests.training.synthetic.test_copy_paste import SIDE, bone
from training.fit.augmentation import Example
from training.synthetic.simulated_fracture import (
    DEEPEST,
    bend_bone,
    break_bone,
    find_bone,
    with_simulated_fracture,
)


def found(host: Example, seed: int = 0):
    return find_bone(host.image, np.random.default_rng(seed))


def broken_shaft(seed: int) -> Example:
    host = bone()
    return break_bone(host, found(host, seed), np.random.default_rng(seed))


@pytest.mark.parametrize("angle", [0, 30, 75])
def test_a_shaft_is_found_with_its_direction_and_width(angle):
    shaft = found(bone(angle))
    # getRotationMatrix2D turns counter-clockwise, rows grow downwards
    across = np.deg2rad(90 - angle)
    assert abs(np.sin(shaft.across - across)) < 0.1
    assert shaft.half == pytest.approx(15, abs=2)
    assert shaft.beside == pytest.approx(40, abs=3)
    unit = np.array([np.cos(across), np.sin(across)])
    assert abs((shaft.center - (SIDE - 1) / 2) @ unit) < 2


def test_nothing_is_found_on_an_even_picture_or_a_small_one():
    assert found(Example(np.full((SIDE, SIDE), 90, np.uint8), (), False)) is None
    assert found(Example(bone().image[60:140, 60:140], (), False)) is None


@pytest.mark.parametrize("seed", range(6))
def test_a_break_lies_in_its_outline_and_the_host_stays_whole(seed):
    host, result = bone(), broken_shaft(seed)
    assert result.fractured
    assert len(result.outlines) == 1
    np.testing.assert_array_equal(host.image, bone().image)
    inside = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(inside, [np.round(result.outlines[0] * SIDE - 0.5).astype(np.int32)], 1)
    change = np.abs(result.image.astype(float) - host.image)
    core = change[90:110]  # the shaft's edges move beyond the outline too
    assert core.max() > 5
    assert core[inside[90:110] > 0].sum() > 0.9 * core.sum()


def test_a_gap_in_a_bright_bone_is_no_deeper_than_gaps_are():
    host = bone()
    bright = Example(np.where(host.image > 40, 240, 40).astype(np.uint8), (), False)
    for seed in range(12):
        image = break_bone(bright, found(bright, seed), np.random.default_rng(seed)).image
        middle = image[97:103].astype(float)  # far from the shaft's edges, which move
        assert middle.min() >= 240 - DEEPEST - 5  # cubic interpolation overshoots a little


def test_a_bent_bone_is_a_hard_negative_and_no_fracture():
    host = bone()
    shaft = found(host)
    bent = bend_bone(host, shaft, np.random.default_rng(3))
    assert not bent.fractured
    assert bent.outlines == ()
    np.testing.assert_allclose(bent.hard_negatives * SIDE, shaft.center[None])
    assert (bent.image != host.image).any()


def test_share_of_the_views_that_change():
    host = bone()
    seeds = map(np.random.default_rng, range(200))
    results = [with_simulated_fracture(host, random, 0.5) for random in seeds]
    changed = [result for result in results if result is not host]
    assert 0.35 < len(changed) / len(results) < 0.6
    assert 0.35 < np.mean([result.fractured for result in changed]) < 0.65
    assert with_simulated_fracture(host, np.random.default_rng(0), 0.0) is host


def test_the_same_seed_breaks_the_same():
    first, second = broken_shaft(5), broken_shaft(5)
    np.testing.assert_array_equal(first.image, second.image)
    np.testing.assert_array_equal(first.outlines[0], second.outlines[0])
