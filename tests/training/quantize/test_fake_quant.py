"""Tests of training.fake_quant: rounding, gradients, and agreement with the INT8 file."""

import keras
import numpy as np
import pytest
from keras import ops

from fracturelens.networks.litert import LitertPredictor
from tests.helpers.tiny_networks import pictures, tiny_gate, tiny_segmenter
from training.quantize.fake_quant import (
    QuantizedTwin,
    fake_quant,
    fake_quant_kernel,
    observe_channels,
    ranges_of,
)
from training.quantize.fold_network import fold_network, kernel_axes
from training.quantize.litert_export import export_float32, export_int8


def test_values_land_on_256_levels_with_an_exact_zero():
    x = np.linspace(-3, 5, 4001, dtype=np.float32)
    rounded = ops.convert_to_numpy(fake_quant(x, -1.0, 2.0))
    assert len(np.unique(rounded)) == 256
    assert ops.convert_to_numpy(fake_quant(np.zeros(1, np.float32), -1.0, 2.0))[0] == 0
    inside = (x > -0.99) & (x < 1.99)
    assert np.abs(rounded - x)[inside].max() <= 3 / 255 / 2 + 1e-6
    assert rounded.min() == pytest.approx(-1, abs=3 / 255)
    assert rounded.max() == pytest.approx(2, abs=3 / 255)


def test_each_output_channel_has_its_own_scale():
    kernel = np.stack([np.linspace(-1, 1, 9), np.linspace(-100, 100, 9)], -1).reshape(3, 3, 1, 2)
    rounded = ops.convert_to_numpy(fake_quant_kernel(kernel.astype(np.float32), (0, 1, 2)))
    error = np.abs(rounded - kernel).max(axis=(0, 1, 2))
    assert error[0] <= 1 / 127 / 2 + 1e-6
    assert error[1] <= 100 / 127 / 2 + 1e-4


@pytest.mark.parametrize(
    ("layer", "axes"),
    [
        (keras.layers.Conv2D(4, 3), (0, 1, 2)),
        (keras.layers.DepthwiseConv2D(3), (0, 1)),
        (keras.layers.Conv2DTranspose(4, 2), (0, 1, 3)),
    ],
)
def test_channel_axes(layer, axes):
    layer.build((1, 8, 8, 3))
    assert kernel_axes(layer) == axes


def test_rounding_passes_gradients_and_clipping_stops_them():
    import tensorflow as tf

    x = tf.constant([-2.0, -0.3, 0.7, 3.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(fake_quant(x, -1.0, 2.0))
    np.testing.assert_array_equal(tape.gradient(total, x), [0, 1, 1, 0])


@pytest.mark.parametrize("build", [tiny_gate, tiny_segmenter])
def test_twin_foresees_the_int8_file(build, tmp_path):
    folded, images = fold_network(build()), pictures(16)
    ranges = ranges_of(observe_channels(folded, [images[:8], images[8:]]), folded)
    path = tmp_path / "model.tflite"
    path.write_bytes(export_int8(export_float32(folded), images[:, None], ranges))
    actual = LitertPredictor(path)(images)
    foreseen = QuantizedTwin(folded, ranges).predict_on_batch(images)
    exact = folded.predict_on_batch(images)
    level = 1 / 256
    assert np.abs(actual - foreseen).max() <= 3 * level
    assert np.abs(actual - foreseen).mean() < np.abs(actual - exact).mean() + level / 2


def test_what_a_concatenation_alone_reads_has_its_range():
    """The file gives both one scale: rounding to a finer one would promise too much."""
    folded = fold_network(tiny_gate())
    channels = observe_channels(folded, [pictures(8)])
    channels["average"] /= 100
    ranges = ranges_of(channels, folded)
    assert ranges["average"] == ranges["pooled"]


def test_what_others_read_too_keeps_its_range():
    folded = fold_network(tiny_segmenter())
    channels = observe_channels(folded, [pictures(8)])
    channels["down"] /= 100  # read by the pooling besides
    ranges = ranges_of(channels, folded)
    assert ranges["up"] == ranges["skip"]
    assert ranges["down"][1] == pytest.approx(channels["down"][1].max())


def test_twin_learns():
    folded, images = fold_network(tiny_gate()), pictures(8)
    twin = QuantizedTwin(folded, ranges_of(observe_channels(folded, [images]), folded))
    twin.compile(keras.optimizers.Adam(1e-2), "mse", jit_compile=False)
    target = np.full((8, 1), 0.45, np.float32)  # within the range of the logits
    before = twin.evaluate(images, target, verbose=0)
    for _ in range(30):
        twin.train_on_batch(images, target)
    assert twin.evaluate(images, target, verbose=0) < before / 2
