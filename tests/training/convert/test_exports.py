"""`export`: other programs give the same answers from what we write."""

import json
from functools import cache

import numpy as np
import pytest

import command_line
from create_segmentation_model import load_model
from fracturelens.networks.card import read_card
from fracturelens.xray.read import decode_xray
from important_variables import SAMPLES
from tests.helpers.missing import need
from tests.helpers.needs_torch import torch
from training.convert.inference_block import read_block
from training.quantize.calibration_pictures import asked_about

need("tf2onnx", "requirements-torch.txt")
need("onnxruntime", "requirements-torch.txt")

NAMES = ("gate", "unet")


def export(name, kind, folder):
    words = ["export", name, "--format", kind, "--out", str(folder)]
    assert command_line.main(words) == 0
    return folder


@cache
def keras_network(name):
    return load_model(name)


def views(name):
    """What a network is asked about a sample, float32 (N, S, S, 3)."""
    pixels = decode_xray((SAMPLES / "hand_broken.png").read_bytes()).network_pixels
    return np.concatenate(asked_about(keras_network(name), pixels))


@pytest.mark.parametrize("name", NAMES)
def test_onnxruntime_gives_the_same_answers(tmp_path, name, capsys):
    path = export(name, "onnx", tmp_path) / f"{name}.onnx"
    assert capsys.readouterr().out.split() == [str(path), str(tmp_path / f"{name}.json")]
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    pictures = views(name)
    [found] = session.run(None, {session.get_inputs()[0].name: pictures})
    assert np.abs(found - keras_network(name)(pictures)).max() < 1e-5


@pytest.mark.parametrize("name", NAMES)
def test_a_torch_program_gives_the_same_answers(tmp_path, name):
    export(name, "torch", tmp_path)
    network = torch.export.load(tmp_path / f"{name}.pt2").module()
    pictures = views(name)
    with torch.no_grad():
        found = network(torch.from_numpy(pictures.transpose(0, 3, 1, 2).copy())).numpy()
    found = found.transpose(0, 2, 3, 1) if found.ndim == 4 else found
    assert np.abs(found - keras_network(name)(pictures)).max() < 1e-5
    state = torch.load(tmp_path / f"{name}.pt", weights_only=True)
    assert state.keys() == network.state_dict().keys()


def test_a_saved_model_gives_the_same_answers(tmp_path):
    import tensorflow as tf

    found = tf.saved_model.load(export("unet", "saved_model", tmp_path) / "unet")
    pictures = views("unet")
    assert np.abs(found.serve(pictures).numpy() - keras_network("unet")(pictures)).max() < 1e-5


def test_the_block_lies_beside_it(tmp_path):
    export("unet", "torch", tmp_path)
    assert json.loads((tmp_path / "unet.json").read_text())["input"]["layout"] == "NCHW"
    assert read_block(tmp_path / "unet.json") == read_card("unet").inference


def test_what_stands_in_the_way_is_told(tmp_path, capsys, monkeypatch):
    (tmp_path / "file").write_text("")
    words = ["export", "unet", "--format", "torch", "--out"]
    assert command_line.main([*words, str(tmp_path / "file")]) == 1
    assert "Name another --out" in capsys.readouterr().err
    assert command_line.main([*words, str(tmp_path), "--models", str(tmp_path)]) == 1
    assert "card.json is missing" in capsys.readouterr().err
    monkeypatch.setattr("training.convert.exports.find_spec", lambda _: None)
    assert command_line.main([*words, str(tmp_path)]) == 1
    assert "`pip install -r requirements-torch.txt` brings it" in capsys.readouterr().err
