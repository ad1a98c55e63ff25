"""Tests of training.convert.source and channels_last: what can be brought, and what cannot."""

import json

import pytest

from fracturelens.networks.inference import gate_inference, segmenter_inference
from tests.helpers.needs_torch import torch
from tests.helpers.torch_pyramid import SIZE, Wide, pyramid
from training.convert.channels_last import Dress, dressed
from training.convert.errors import ConversionError
from training.convert.source import load_source

nn = torch.nn
BLOCK = segmenter_inference(SIZE, enlarged=False)
PICTURE = torch.rand(1, 1, SIZE, SIZE)
HERE = "tests.helpers.torch_pyramid"


def program(network, path, picture=PICTURE):
    torch.export.save(torch.export.export(network, (picture,)), path)
    return str(path)


def test_a_factory_with_its_weights(tmp_path):
    network = pyramid()
    with torch.no_grad():
        network.stem[0].weight.mul_(2)
    torch.save(network.state_dict(), tmp_path / "weights.pt")
    found = load_source(f"{HERE}:pyramid", tmp_path / "weights.pt")
    assert not found.training
    assert torch.equal(found(PICTURE)["out"], network.eval()(PICTURE)["out"])
    assert not torch.equal(found(PICTURE)["out"], pyramid().eval()(PICTURE)["out"])


def test_a_program(tmp_path):
    found = load_source(program(pyramid().eval(), tmp_path / "one.pt2"))
    assert torch.allclose(found(PICTURE)["out"], pyramid().eval()(PICTURE)["out"], atol=1e-6)


def test_what_cannot_be_loaded_is_told(tmp_path):
    (tmp_path / "bad.pt2").write_bytes(b"PK no program")
    (tmp_path / "bad.pt").write_bytes(b"no weights")
    torch.save({"stem.weight": torch.zeros(1)}, tmp_path / "other.pt")
    cases = {
        ("network.onnx", None): "Expected a .pt2 file or module:factory",
        (str(tmp_path / "none.pt2"), None): "is missing",
        (str(tmp_path / "bad.pt2"), None): "is no program that PyTorch",
        (str(tmp_path / "bad.pt2"), tmp_path / "bad.pt"): "leave --weights out",
        ("nowhere.at_all:network", None): "gave no network",
        (f"{HERE}:nothing", None): "gave no network",
        (f"{HERE}:not_a_network", None): "gave a list",
        (f"{HERE}:pyramid", tmp_path / "bad.pt"): "is no state dict",
        (f"{HERE}:pyramid", tmp_path / "other.pt"): "is no state dict",
        (f"{HERE}:pyramid", tmp_path / "none.pt"): "is no state dict",
    }
    for (source, weights), words in cases.items():
        with pytest.raises(ConversionError, match=words):
            load_source(source, weights)


def test_weights_that_hold_code_are_not_run(tmp_path):
    class Evil:
        def __reduce__(self):
            return (json.loads, ("[]",))

    torch.save(Evil(), tmp_path / "evil.pt")
    with pytest.raises(ConversionError, match="is no state dict"):
        load_source(f"{HERE}:pyramid", tmp_path / "evil.pt")


@pytest.mark.parametrize(
    "network", [nn.BatchNorm2d(2), nn.Dropout(0.5)], ids=["statistics", "dropout"]
)
def test_training_mode_is_told(tmp_path, network):
    network = nn.Sequential(nn.Conv2d(3, 2, 1), network).train()
    path = program(network, tmp_path / "one.pt2", torch.rand(1, 3, SIZE, SIZE))
    with pytest.raises(ConversionError, match=r"in training mode: .*`network.eval\(\)`"):
        dressed(load_source(path), BLOCK, Dress())


def test_one_channel_and_one_logit_become_our_contract():
    network = pyramid().eval()
    asked = dressed(network, BLOCK, Dress(mean=(0.5,), deviation=(0.25,)))
    gray = torch.rand(1, SIZE, SIZE, 1)
    answer = asked(gray.expand(-1, -1, -1, 3))
    assert answer.shape == (1, SIZE, SIZE, 2)
    exact = torch.sigmoid(network((gray.permute(0, 3, 1, 2) - 0.5) / 0.25)["out"])
    assert torch.allclose(answer[..., 1], exact[:, 0], atol=1e-6)
    assert torch.allclose(answer.sum(-1), torch.ones(1), atol=1e-6)


@pytest.mark.parametrize("gives", ["logits", "probabilities"])
@pytest.mark.parametrize("classes", [1, 2])
def test_a_gate_gives_one_probability(gives, classes):
    head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, classes))
    if gives == "probabilities":
        head.append(nn.Sigmoid() if classes == 1 else nn.Softmax(1))
    picture = torch.rand(1, SIZE, SIZE, 3)
    answer = dressed(head, gate_inference(SIZE), Dress(gives))(picture)
    raw = head(picture.permute(0, 3, 1, 2))
    if gives == "logits":
        raw = torch.sigmoid(raw) if classes == 1 else torch.softmax(raw, 1)
    assert answer.shape == (1, 1) and torch.equal(answer, raw[:, -1:])


@pytest.mark.parametrize(
    ("network", "gives", "words"),
    [
        (Wide(), "logits", r"gives \(1, 3, 64, 64\). Expected a tensor \(1, 1, 64, 64\)"),
        (nn.Conv2d(3, 2, 3, stride=2), "logits", r"gives \(1, 2, 31, 31\)"),
        (nn.Conv2d(5, 2, 1), "logits", r"fails on a picture \(1, 3, 64, 64\)"),
        (nn.Sequential(nn.Conv2d(3, 2, 1), nn.Softmax(1)), "logits", "sum to 1 everywhere"),
        (nn.Conv2d(3, 2, 1), "probabilities", "which are no probabilities"),
    ],
)
def test_another_contract_is_told(network, gives, words):
    with pytest.raises(ConversionError, match=words):
        dressed(network.eval(), BLOCK, Dress(gives))
