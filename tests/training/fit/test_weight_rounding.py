"""Rounded weights: hardly other numbers, a far smaller packed file."""

import zlib

import keras
import numpy as np
import pytest

from tests.helpers.tiny_networks import pictures, tiny_segmenter
from training.fit.weight_rounding import SIGNIFICANT_BITS, round_weights, rounded


@pytest.fixture(scope="module")
def values():
    random = np.random.default_rng(0)
    spread = 10.0 ** random.integers(-12, 6, 50_000)
    return (random.normal(0, 1, 50_000) * spread).astype(np.float32)


def test_no_number_moves_by_more_than_half_a_step(values):
    error = np.abs(rounded(values) - values) / np.abs(values)
    assert 0 < error.max() <= 2.0**-SIGNIFICANT_BITS
    assert rounded(values).dtype == np.float32


def test_only_the_leading_bits_are_left(values):
    bits = rounded(values).view(np.uint32)
    assert not (bits & (2 ** (24 - SIGNIFICANT_BITS) - 1)).any()
    np.testing.assert_array_equal(rounded(bits.view(np.float32)).view(np.uint32), bits)


def test_zero_and_small_whole_numbers_stay():
    exact = np.array([0.0, -0.0, 1.0, -3.0, 2047.0, 0.5], np.float32)
    np.testing.assert_array_equal(rounded(exact), exact)


def test_rounded_weights_pack_smaller(values):
    plain, packed = (len(zlib.compress(x.tobytes())) for x in (values, rounded(values)))
    assert packed < 0.75 * plain


def test_a_network_answers_alike():
    keras.utils.set_random_seed(5)
    network = tiny_segmenter()
    images = pictures(4)
    before, weights = np.asarray(network(images)), network.get_weights()
    round_weights(network)
    after = np.asarray(network(images))
    assert 0 < np.abs(after - before).max() < 0.005
    assert [w.shape for w in network.get_weights()] == [w.shape for w in weights]
