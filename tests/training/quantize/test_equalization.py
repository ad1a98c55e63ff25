"""Tests of training.equalization: same function, evener channels."""

import keras
import numpy as np
import pytest
from keras import layers

from tests.helpers.tiny_networks import pictures, tiny_gate, tiny_segmenter
from training.quantize.equalization import equalize
from training.quantize.fake_quant import observe_channels
from training.quantize.fold_network import fold_network


def peaks_of(network, images):
    seen = observe_channels(network, [images])
    return {name: np.abs(values).max(axis=0) for name, values in seen.items()}


def unevenness(peak):
    """Largest channel over the median of those that are ever on."""
    return peak.max() / np.median(peak[peak > 0])


@pytest.mark.parametrize("build", [tiny_gate, tiny_segmenter])
def test_function_stays(build):
    folded, images = fold_network(build()), pictures(6)
    before = folded.predict_on_batch(images)
    weights = [w.copy() for w in folded.get_weights()]
    equalize(folded, peaks_of(folded, images))
    np.testing.assert_allclose(folded.predict_on_batch(images), before, atol=2e-5)
    changed = [not np.allclose(a, b) for a, b in zip(weights, folded.get_weights(), strict=True)]
    assert any(changed)


def test_a_loud_channel_is_brought_down():
    network, images = tiny_segmenter(), pictures(6)
    layer = network.get_layer("down")
    kernel, bias = layer.get_weights()
    loud = np.array([50, 1, 1, 1], np.float32)
    layer.set_weights([kernel * loud, bias * loud])
    folded = fold_network(network)
    before = peaks_of(folded, images)
    equalize(folded, before)
    after = peaks_of(folded, images)
    assert unevenness(after["down"]) < unevenness(before["down"]) / 4
    assert unevenness(after["skip"]) < unevenness(before["skip"]) / 2


def test_averages_get_their_share_of_the_scale_that_they_have_with_maxima():
    keras.utils.set_random_seed(3)
    inputs = keras.Input((16, 16, 3))
    average, peak = (
        layers.Conv2D(6, 1, activation="relu", name=name)(inputs) for name in ("mean_of", "max_of")
    )
    pooled = [
        layers.GlobalAveragePooling2D(name="average")(average),
        layers.GlobalMaxPooling2D(name="peak")(peak),
    ]
    pooled = layers.Concatenate(name="pooled")(pooled)
    output = layers.Dense(1, activation="sigmoid", name="fracture")(pooled)
    images = np.zeros((4, 16, 16, 3), np.float32)
    images[:, 7, 7] = np.random.default_rng(0).random((4, 3))  # a bright spot: low averages
    folded = fold_network(keras.Model(inputs, output))
    exact = folded.predict_on_batch(images)
    before = peaks_of(folded, images)
    equalize(folded, before)
    after = peaks_of(folded, images)
    share = [peaks["average"].max() / peaks["pooled"].max() for peaks in (before, after)]
    assert share[0] < 0.01 < 10 * share[0] < share[1]
    np.testing.assert_allclose(folded.predict_on_batch(images), exact, atol=1e-5)


def test_residual_sums_are_left_alone():
    folded, images = fold_network(tiny_gate()), pictures(6)
    peaks = peaks_of(folded, images)
    equalize(folded, peaks)
    after = peaks_of(folded, images)
    np.testing.assert_allclose(after["project"], peaks["project"], rtol=1e-4)
    assert not np.allclose(after["depthwise"], peaks["depthwise"])
