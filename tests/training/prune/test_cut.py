"""A narrower network: the channels that stay compute what they did, and take over what went."""

import keras
import numpy as np

from tests.helpers.tiny_networks import pictures, tiny_segmenter
from training.fit.rebuild import resized
from training.prune.channels import layers_of, multiply_accumulates
from training.prune.cut import cut, inputs_kept
from training.prune.importance import channel_importance
from training.prune.reconstruct import reconstruct

KEPT = {"down": np.array([0, 2, 3]), "bottom": np.arange(4), "up": np.array([1, 3])}


def logits_of(model, views):
    return keras.Model(model.input, model.get_layer("logits").output).predict_on_batch(views)


def test_a_layer_loses_the_inputs_that_went_from_all_that_it_reads():
    network = layers_of(tiny_segmenter())
    assert inputs_kept("logits", network, KEPT).tolist() == [1, 3, 4, 6, 7]
    assert inputs_kept("down", network, KEPT).tolist() == [0, 1, 2]


def test_channels_that_gave_nothing_are_not_missed():
    """Silent channels can go: the rest has to be put together in the right order."""
    model, views = tiny_segmenter(), pictures(4)
    for name, kept in KEPT.items():
        layer = model.get_layer(name)
        kernel, bias = layer.get_weights()
        gone = np.setdiff1d(np.arange(len(bias)), kept)
        kernel[(..., gone, slice(None)) if name == "up" else (..., gone)] = 0
        bias[gone] = 0
        layer.set_weights([kernel, bias])
    network = layers_of(model)
    narrow = cut(model, network, KEPT)
    np.testing.assert_allclose(logits_of(narrow, views), logits_of(model, views), atol=1e-5)
    gone = {name: network[name].outputs - len(kept) for name, kept in KEPT.items()}
    expected = multiply_accumulates(network, gone)
    assert multiply_accumulates(layers_of(narrow), {}) == expected


def test_refitting_brings_the_answer_nearer():
    model, views = tiny_segmenter(), pictures(12)
    narrow = cut(model, layers_of(model), KEPT)
    exact, seen, unseen = logits_of(model, views), views[:8], slice(8, None)
    before = np.abs(logits_of(narrow, views) - exact)[unseen].mean()
    reconstruct(model, narrow, KEPT, seen)
    assert np.abs(logits_of(narrow, views) - exact)[unseen].mean() < before / 2


def test_a_copy_takes_pictures_of_another_size():
    model, large = tiny_segmenter(), pictures(1, size=32)
    np.testing.assert_array_equal(
        resized(model, None).predict_on_batch(large), resized(model, 32).predict_on_batch(large)
    )


def test_channels_that_reach_nothing_do_not_matter():
    model, views = resized(tiny_segmenter(), None), pictures(4)
    kernel, bias = model.get_layer("logits").get_weights()
    kernel[..., 1, :] = 0  # channel 1 of `up`
    model.get_layer("logits").set_weights([kernel, bias])
    truth = np.zeros((4, 16, 16, 2), np.float32)
    truth[..., 0], truth[:, 4:8, 4:8] = 1, (0, 1)
    found = channel_importance(model, ["up", "down"], [(views[:2], truth[:2])] * 2, 3.0)
    assert found["up"].shape == found["down"].shape == (4,)
    assert found["up"][1] == 0 < found["up"][0]
