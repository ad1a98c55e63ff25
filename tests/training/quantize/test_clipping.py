"""Ranges are narrowed where a few large values would coarsen all others, and only there."""

import keras
import numpy as np
import pytest

from training.quantize.clipping import FRACTIONS, clipped_ranges


@pytest.fixture
def network():
    inputs = keras.Input((32, 32, 3), name="input")
    return keras.Model(inputs, keras.layers.ReLU(name="relu")(inputs))


def ranges_for(network, picture):
    ranges = {"relu": (0.0, float(picture.max()))}
    return clipped_ranges(ranges, network, [picture])["relu"]


def test_one_outlier_does_not_set_the_range(network):
    picture = np.random.default_rng(0).random((1, 32, 32, 3), np.float32)
    picture[0, 0, 0, 0] = 1.8
    low, high = ranges_for(network, picture)
    assert low == 0 and 1.0 <= high < 1.8


def test_a_range_that_is_used_stays(network):
    picture = np.random.default_rng(0).random((1, 32, 32, 3), np.float32)
    assert ranges_for(network, picture) == pytest.approx((0, picture.max()))


def test_both_ends_keep_their_proportion():
    inputs = keras.Input((16, 16, 1))
    network = keras.Model(inputs, keras.layers.Activation("linear", name="same")(inputs))
    picture = np.random.default_rng(1).normal(0, 1, (1, 16, 16, 1)).astype(np.float32)
    picture[0, 0, 0, 0], picture[0, 1, 1, 0] = -20, 40
    low, high = clipped_ranges({"same": (-20.0, 40.0)}, network, [picture])["same"]
    assert high == pytest.approx(-2 * low) and high / 40 in [pytest.approx(f) for f in FRACTIONS]
