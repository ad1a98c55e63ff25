"""Standardized networks fold into plain ones of the same outputs and parameter count."""

import keras
import numpy as np
import pytest

from create_segmentation_model import build_encoder_decoder
from training.fit.weight_standardization import StandardizedConv2D, fold, standardize, unfold


@pytest.fixture(scope="module")
def pair():
    keras.utils.set_random_seed(3)
    plain = build_encoder_decoder(None)
    trained = standardize(plain)
    for layer in trained.layers:
        if isinstance(layer, StandardizedConv2D):
            layer.bias.assign(np.random.default_rng(0).normal(0, 0.1, layer.bias.shape))
    return trained, plain


def test_folded_network_answers_alike(pair):
    trained, plain = pair
    image = np.random.default_rng(1).random((1, 64, 64, 3), np.float32)
    before = np.asarray(plain(image))
    fold(trained, plain)
    expected = np.asarray(trained(image))
    assert np.asarray(plain(image)) == pytest.approx(expected, abs=1e-5)
    assert np.abs(before - expected).max() > 1e-3
    assert plain.count_params() == 1_554_498


def test_kernels_have_no_mean_and_the_scale_of_relu_networks(pair):
    layer = pair[0].get_layer("bottom_conv2")
    kernel = np.asarray(layer.standard_kernel())
    assert np.abs(kernel.mean(axis=(0, 1, 2))).max() < 1e-5
    spread = np.sqrt((kernel**2).sum(axis=(0, 1, 2)))
    assert spread == pytest.approx(np.full(256, np.sqrt(2 / (1 - 1 / np.pi))), rel=1e-3)


def test_only_3x3_convolutions_are_standardized(pair):
    kinds = {layer.name: type(layer) for layer in pair[0].layers}
    assert kinds["encoder1_conv1"] is StandardizedConv2D
    assert kinds["logits"] is keras.layers.Conv2D


def test_unfolding_turns_folding_round(pair):
    trained, plain = pair
    trained.get_layer("bottom_conv2").gain.assign(np.linspace(0.5, 3, 256))
    fold(trained, plain)
    again = standardize(plain)
    unfold(plain, again)
    image = np.random.default_rng(1).random((1, 64, 64, 3), np.float32)
    assert np.asarray(again(image)) == pytest.approx(np.asarray(plain(image)), abs=2e-3)
    kernel = np.asarray(again.get_layer("bottom_conv2").kernel)
    assert (kernel**2).sum(axis=(0, 1, 2)) == pytest.approx(np.full(256, 2), rel=0.01)
