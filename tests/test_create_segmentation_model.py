"""Parameter counts, file checks and threads of the networks."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from create_segmentation_model import (
    MissingModelError,
    build_encoder_decoder,
    build_gate,
    build_network,
    build_unet,
    load_model,
)
from fracturelens.networks.card import ModelCard, sha256_of, write_card
from fracturelens.networks.inference import segmenter_inference
from important_variables import NETWORKS
from tests.helpers.tiny_networks import THIRD, add_third_network, tiny_backbone

ENCODER_DECODER_COUNTS = [
    448,
    2320,
    4640,
    9248,
    36992,
    147584,
    295168,
    590080,
    131200,
    147584,
    147584,
    16416,
    9248,
    9248,
    2064,
    2320,
    2320,
    34,
]
UNET_COUNTS = [
    448,
    2320,
    4640,
    9248,
    18496,
    36928,
    73856,
    147584,
    295168,
    590080,
    131200,
    295040,
    147584,
    32832,
    73792,
    36928,
    8224,
    18464,
    9248,
    2064,
    4624,
    2320,
    34,
]


@pytest.fixture(scope="module")
def networks():
    return {"encoder_decoder": build_encoder_decoder(), "unet": build_unet()}


@pytest.fixture(scope="module")
def saved(networks, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved_model")
    path = folder / "encoder_decoder" / "model.keras"
    path.parent.mkdir()
    networks["encoder_decoder"].save(path)
    files = {"model.keras": sha256_of(path), "model_int8.tflite": "0" * 64}
    write_card(
        ModelCard("encoder_decoder", "E", 1, segmenter_inference(256, enlarged=False), files=files),
        folder,
    )
    return folder


@pytest.mark.parametrize(
    ("name", "total", "counts"),
    [
        ("encoder_decoder", 1_554_498, ENCODER_DECODER_COUNTS),
        ("unet", 1_941_122, UNET_COUNTS),
    ],
)
def test_parameter_table(networks, name, total, counts):
    model = networks[name]
    assert model.count_params() == total == sum(counts)
    assert [layer.count_params() for layer in model.layers if layer.count_params()] == counts


@pytest.mark.parametrize("name", ["encoder_decoder", "unet"])
def test_softmax_of_two_channels(networks, name):
    image = np.random.default_rng(0).random((1, 256, 256, 3), np.float32)
    output = np.asarray(networks[name](image))
    assert output.shape == (1, 256, 256, 2)
    assert output.sum(-1) == pytest.approx(np.ones((1, 256, 256)), abs=1e-5)


@pytest.mark.parametrize("name", ["encoder_decoder", "unet"])
def test_dropout_rises_to_the_bottom(networks, name):
    layers = networks[name].layers
    rates = {layer.name: layer.rate for layer in layers if "dropout" in layer.name}
    assert rates["encoder1_dropout"] == 0.1
    assert rates["bottom_dropout"] == 0.2
    convolutions = [layer for layer in layers if "_conv" in layer.name]
    assert {layer.activation.__name__ for layer in convolutions} == {"relu"}
    kinds = {type(layer.kernel_initializer).__name__ for layer in convolutions}
    assert kinds == {"HeNormal"}


def test_gate_gives_one_probability():
    gate = build_gate(96)
    output = np.asarray(gate(np.zeros((2, 96, 96, 3), np.float32)))
    assert output.shape == (2, 1)
    assert np.all((output > 0) & (output < 1))


def test_another_backbone_may_be_given():
    gate = build_gate(64, backbone=tiny_backbone)
    assert gate.count_params() < 5000 < build_gate(64).count_params()
    assert gate.get_layer("lesion_features").output.shape == (None, 4, 4, 64)
    assert gate.get_layer("average").input.shape[1:3] == (2, 2)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_of_the_list_has_a_builder(name):
    assert build_network(name).name == name


def test_a_further_network_is_built_by_its_name(monkeypatch):
    add_third_network(monkeypatch)
    assert build_network(THIRD).name == THIRD
    monkeypatch.undo()
    with pytest.raises(ValueError, match=r"build_third in create_segmentation_model\.py"):
        build_network(THIRD)


def test_loaded_network_answers_alike_from_many_threads(saved, networks):
    predictor = load_model("encoder_decoder", folder=saved)
    images = np.random.default_rng(1).random((6, 1, 256, 256, 3), np.float32)
    alone = [predictor(image) for image in images]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(predictor, images))
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))
    expected = np.asarray(networks["encoder_decoder"](images[0]))
    assert alone[0] == pytest.approx(expected, abs=1e-5)
    assert predictor.inference.input.size == 256


def test_missing_card_and_file_name_the_command(tmp_path, saved):
    with pytest.raises(MissingModelError, match="fracturelens train unet"):
        load_model("unet", folder=tmp_path)
    with pytest.raises(
        MissingModelError, match=r"tflite is missing.*fracturelens quantize encoder_decoder"
    ):
        load_model("encoder_decoder", "int8", saved)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "Git LFS pointer"),
        (b"PK half a file", "truncated, changed or swapped"),
    ],
)
def test_damaged_file_is_told(tmp_path, content, problem):
    folder = tmp_path / "unet"
    folder.mkdir()
    (folder / "model.keras").write_bytes(content)
    write_card(
        ModelCard(
            "unet", "U", 1, segmenter_inference(256, enlarged=False), files={"model.keras": "1"}
        ),
        tmp_path,
    )
    with pytest.raises(MissingModelError, match=problem):
        load_model("unet", folder=tmp_path)


def test_the_way_back_names_the_file(tmp_path):
    (tmp_path / "unet").mkdir()
    path = tmp_path / "unet" / "model.keras"
    path.write_bytes(b"changed")
    write_card(
        ModelCard("unet", "U", 1, segmenter_inference(256, enlarged=False), files={path.name: "1"}),
        tmp_path,
    )
    with pytest.raises(MissingModelError) as told:
        load_model("unet", folder=tmp_path)
    assert f"`git checkout -- {path}`" in str(told.value)


def test_file_that_is_no_network_is_told(tmp_path):
    (tmp_path / "unet").mkdir()
    path = tmp_path / "unet" / "model.keras"
    path.write_bytes(b"not a network")
    files = {"model.keras": sha256_of(path)}
    write_card(
        ModelCard("unet", "U", 1, segmenter_inference(256, enlarged=False), files=files), tmp_path
    )
    with pytest.raises(MissingModelError, match=r"cannot be loaded.*train unet"):
        load_model("unet", folder=tmp_path)


def test_unknown_name_is_refused():
    with pytest.raises(ValueError, match="Expected a network of"):
        load_model("resnet")
