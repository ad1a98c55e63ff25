"""Which channels go: the cheapest ones, never too many, and what that saves."""

import numpy as np
import pytest

from create_segmentation_model import build_encoder_decoder, build_unet
from tests.helpers.tiny_networks import tiny_gate, tiny_segmenter
from training.prune.channels import (
    PruneError,
    choose_channels,
    layers_of,
    multiply_accumulates,
)


@pytest.mark.parametrize(
    ("build", "macs"), [(build_unet, 3_033_530_368), (build_encoder_decoder, 4_115_660_800)]
)
def test_multiply_accumulates_are_those_of_the_operator_table(build, macs):
    assert multiply_accumulates(layers_of(build()), {}) == macs


def test_a_channel_costs_in_its_own_layer_and_in_all_that_read_it():
    network = layers_of(tiny_segmenter())
    assert dict(network["down"].read_by) == {"bottom": 0, "logits": 4}
    assert dict(network["up"].read_by) == {"logits": 0}
    assert network["logits"].read_by == ()
    whole = multiply_accumulates(network, {})
    saved = whole - multiply_accumulates(network, {"down": 1})
    assert saved == 16 * 16 * (9 * 3 + 2) + 8 * 8 * 9 * 8


def test_what_is_summed_or_read_by_a_depthwise_convolution_stays():
    with pytest.raises(PruneError, match="No channel of 'gate'"):
        layers_of(tiny_gate())


def chosen(share, **importance):
    network = layers_of(tiny_segmenter())
    worth = {name: np.ones(x.outputs) for name, x in network.items() if x.read_by}
    kept = choose_channels(network, worth | importance, share)
    gone = {name: network[name].outputs - len(channels) for name, channels in kept.items()}
    return kept, multiply_accumulates(network, gone) / multiply_accumulates(network, {})


def test_the_least_important_go_first():
    kept, share = chosen(0.9, down=np.array([9.0, 0.1, 9.0, 0.1]))
    assert kept["down"].tolist() == [0, 2]
    assert kept["bottom"].tolist() == list(range(8))
    assert share <= 0.9


@pytest.mark.parametrize("share", [0.8, 0.5, 0.4])
def test_no_more_stays_than_asked(share):
    kept, left = chosen(share)
    assert left <= share
    assert all(len(channels) >= 1 for channels in kept.values())


def test_a_share_below_what_can_go_is_told():
    with pytest.raises(PruneError, match="Say --macs with more"):
        chosen(0.01)
