"""Tests of training.convert.torch_networks."""

import shutil

import numpy as np
import pytest

from create_segmentation_model import MissingModelError, load_model
from fracturelens.xray.read import decode_xray
from important_variables import NETWORKS, SAMPLES, SAVED_MODELS
from tests.helpers.needs_torch import torch
from training.convert.torch_networks import FACTORIES, carried_over, carry_weights, gate, unet
from training.quantize.calibration_pictures import asked_about

PARAMETERS = {"encoder_decoder": 1_554_498, "unet": 1_941_122, "gate": 1_481_705}


def as_torch(pictures):
    return torch.from_numpy(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2)))


def trainable(network):
    """Parameters as Keras counts them: the statistics of batch norms too."""
    norms = [m for m in network.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    counted = sum(p.numel() for p in network.parameters())
    return counted + sum(2 * norm.num_features for norm in norms)


@pytest.fixture(scope="module", params=PARAMETERS)
def pair(request):
    """A network in Keras and in PyTorch."""
    return load_model(request.param), carried_over(request.param)


def test_parameters_are_those_of_the_card(pair):
    exact, network = pair
    assert trainable(network) == exact.card.parameters == PARAMETERS[exact.name]


def test_outputs_are_equal(pair):
    exact, network = pair
    pixels = decode_xray((SAMPLES / "hand_broken.png").read_bytes()).network_pixels
    size = exact.inference.input.size
    noise = np.random.default_rng(0).random((1, size, size, 3), np.float32)
    for picture in (noise, *asked_about(exact, pixels)):
        with torch.no_grad():
            found = network(as_torch(picture)).numpy()
        found = found.transpose(0, 2, 3, 1) if found.ndim == 4 else found
        assert np.abs(found - exact(picture)).max() < 1e-5


def test_every_network_of_ours_has_its_form():
    assert set(FACTORIES) == set(NETWORKS) == set(PARAMETERS)


def test_it_trains():
    network = gate().train()
    network(torch.rand(2, 3, 64, 64)).sum().backward()
    assert all(p.grad is not None for p in network.parameters())
    assert unet().scores(torch.rand(1, 3, 32, 32)).shape == (1, 2, 32, 32)


def test_another_network_is_told():
    with pytest.raises(MissingModelError, match="'third' is not one of ours"):
        carried_over("third")


def test_a_damaged_file_is_told(tmp_path):
    shutil.copytree(SAVED_MODELS / "unet", tmp_path / "unet")
    (tmp_path / "unet" / "model.keras").write_bytes(b"PK")
    with pytest.raises(MissingModelError, match="git checkout"):
        carried_over("unet", tmp_path)


def test_weights_of_another_build_are_refused():
    import keras

    layers = [keras.Input((32, 32, 3)), keras.layers.Conv2D(4, 3, name="encoder1_conv1")]
    with pytest.raises(RuntimeError, match="size mismatch"):
        carry_weights(keras.Sequential(layers), unet())
