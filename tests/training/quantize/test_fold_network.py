"""Tests of training.fold_network: the folded network computes what the trained one did."""

import numpy as np
import pytest

from tests.helpers.tiny_networks import pictures, tiny_gate, tiny_segmenter

pytest.importorskip("keras")

from keras import layers

from create_segmentation_model import build_gate, build_unet
from training.quantize.fold_network import fold_network


@pytest.mark.parametrize("build", [tiny_gate, tiny_segmenter])
def test_folding_keeps_the_function(build):
    network = build()
    folded = fold_network(network)
    images = pictures(4)
    before, after = network.predict_on_batch(images), folded.predict_on_batch(images)
    assert np.ptp(before) > 0.01
    np.testing.assert_allclose(after, before, atol=2e-6)


@pytest.mark.parametrize("build", [lambda: build_gate(64), lambda: build_unet(64)])
def test_real_networks_fold_wholly(build):
    folded = fold_network(build())
    kinds = {type(layer) for layer in folded.layers}
    assert not kinds & {
        layers.BatchNormalization,
        layers.Dropout,
        layers.ReLU,
        layers.Softmax,
        layers.GlobalMaxPooling2D,
    }
    convolutions = [layer for layer in folded.layers if isinstance(layer, layers.Conv2D)]
    assert all(layer.use_bias for layer in convolutions)


def test_folding_leaves_the_network_alone():
    network = tiny_gate()
    before = [weights.copy() for weights in network.get_weights()]
    fold_network(network)
    assert all(np.array_equal(a, b) for a, b in zip(before, network.get_weights(), strict=True))
    assert network.get_layer("fracture").activation.__name__ == "sigmoid"


def test_two_channel_sigmoid_sums_to_one():
    output = fold_network(tiny_segmenter()).predict_on_batch(pictures(2))
    np.testing.assert_allclose(output.sum(axis=-1), 1, atol=1e-6)
