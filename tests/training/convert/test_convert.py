"""`convert`: somebody's PyTorch network becomes one more of ours."""

import json
import re
import shutil
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

import command_line
from create_segmentation_model import load_model
from fracturelens.networks.brought import SPEC_FILE, add_brought_networks
from fracturelens.networks.card import FLOAT_LITERT, read_card
from fracturelens.networks.history import read_history
from fracturelens.networks.inference import segmenter_inference
from fracturelens.phone.facts import engine_facts
from important_variables import NETWORKS, SAMPLES, SAVED_MODELS, segmenters
from tests.helpers.needs_litert_torch import torch
from tests.helpers.torch_pyramid import SIZE, pyramid
from training.convert.inference_block import write_block

pytestmark = pytest.mark.usefixtures("networks")  # commands add what they find to it
HERE = "tests.helpers.torch_pyramid"
HISTORY = "epoch,loss,dice_positives,val_dice_positives\n1,0.5,0.1,0.1\n2,0.4,0.2,0.2\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of our networks, an inference block and a history."""
    folder = tmp_path_factory.mktemp("convert")
    for name in ("gate", "encoder_decoder", "unet", "screening"):
        shutil.copytree(SAVED_MODELS / name, folder / "models" / name, copy_function=link)
    write_block(segmenter_inference(SIZE, enlarged=True), "NCHW", folder / "block.json")
    (folder / "history.csv").write_text(HISTORY)
    return folder


def link(source, target):
    Path(target).symlink_to(source)


def convert(folder, source, *words, name="mine"):
    """Runs the command on the samples; returns its exit code."""
    fixed = ["--name", name, "--inference", str(folder / "block.json"), "--films", str(SAMPLES)]
    return command_line.main(
        ["convert", source, *fixed, "--models", str(folder / "models"), *words]
    )


@pytest.fixture(scope="module")
def converted(folder):
    """A network of another build, brought once for all tests; what the command printed."""
    with redirect_stdout(StringIO()) as said:
        words = ["--mean", "0.4", "--deviation", "0.2", "--title", "Pyramid"]
        code = convert(folder, f"{HERE}:pyramid", *words, "--history", str(folder / "history.csv"))
    assert code == 0
    return said.getvalue()


def test_its_folder_is_whole(folder, converted):
    assert {path.name for path in (folder / "models" / "mine").iterdir()} == {
        "card.json", "history.csv", FLOAT_LITERT, "model_int8.tflite", SPEC_FILE,
    }  # fmt: skip
    card = read_card("mine", folder / "models")
    assert card.title == "Pyramid" and card.inference.input.layout == "NHWC"
    assert card.parameters == sum(weights.numel() for weights in pyramid().parameters())
    assert read_history("mine", folder / "models").best_epoch == 2
    assert not list((folder / "models").glob(".convert_*"))


def test_operators_and_parity_are_told(folder, converted):
    assert converted.count("multiply-accumulates") == 2 and "DEPTHWISE_CONV_2D" in converted
    assert "float32 against PyTorch on " in converted and "Dice of the masks" in converted
    assert "`fracturelens calibrate --names mine`" in converted
    card = read_card("mine", folder / "models")
    assert card.metrics["torch_parity_float32"]["largest"] <= 1e-4
    assert card.metrics["torch_parity_int8"]["mean"] < 0.05


def test_both_files_answer_as_pytorch(folder, converted, networks):
    NETWORKS["mine"] = NETWORKS["unet"]
    picture = np.random.default_rng(1).random((1, SIZE, SIZE, 1), np.float32).repeat(3, axis=-1)
    with torch.no_grad():
        gray = torch.from_numpy((picture[..., 0] - 0.4) / 0.2)[:, None].float()
        exact = torch.sigmoid(pyramid().eval()(gray)["out"])[0, 0].numpy()
    for precision, slack in (("float32", 1e-4), ("int8", 0.1)):
        found = load_model("mine", precision, folder / "models")(picture)[0]
        assert np.abs(found[..., 1] - exact).max() < slack
        assert np.allclose(found.sum(-1), 1, atol=0.02)


def test_predict_shows_it(folder, converted, networks):
    film = SAMPLES / "lower_leg_broken.png"
    words = ["--models", str(folder / "models"), "--out", str(folder / "out")]
    assert command_line.main(["predict", str(film), *words, "--always-segment"]) == 0
    assert segmenters() == ("encoder_decoder", "unet", "mine")
    record = json.loads((folder / "out" / "results.jsonl").read_text())
    assert record["segmenters_run"] == list(segmenters())


def test_the_phone_takes_it(folder, converted, networks):
    add_brought_networks(folder / "models")
    names = dict.fromkeys(("screening", *NETWORKS), "file")
    facts = engine_facts(folder / "models", names)["networks"]
    assert facts[-1]["title"] == "Pyramid" and facts[-1]["role"] == "segmenter"


def test_our_own_network_comes_back(folder, networks):
    """PyTorch's U-Net with our weights, by way of a program and the block that `export` writes."""
    words = ["export", "unet", "--format", "torch", "--out", str(folder)]
    assert command_line.main(words) == 0
    (folder / "film").mkdir()
    shutil.copy(SAMPLES / "hand_broken.png", folder / "film")
    words = ["--inference", str(folder / "unet.json"), "--gives", "probabilities"]
    words += ["--films", str(folder / "film")]
    assert convert(folder, str(folder / "unet.pt2"), *words, name="from_torch") == 0
    card = read_card("from_torch", folder / "models")
    assert card.inference == read_card("unet").inference
    assert card.parameters == read_card("unet").parameters
    NETWORKS["from_torch"] = NETWORKS["unet"]
    ours, theirs = load_model("unet"), load_model("from_torch", "float32", folder / "models")
    picture = np.random.default_rng(1).random((1, 256, 256, 3), np.float32)
    assert np.abs(ours(picture) - theirs(picture)).max() < 1e-4


@pytest.mark.parametrize(
    ("source", "words", "name", "told"),
    [
        (f"{HERE}:Strange", (), "strange", "litert-torch cannot convert the network"),
        (f"{HERE}:Branching", (), "branching", "`torch.export` cannot take the network apart"),
        (f"{HERE}:pyramid", (), "unet", "is there already"),
        (f"{HERE}:pyramid", (), "My net", "is no name for a network"),
        (f"{HERE}:pyramid", (), "cascade", "is no name for a network"),
        (f"{HERE}:pyramid", ("--replace",), "gate", "A gate .* has to be named 'gate'"),
        (f"{HERE}:pyramid", ("--films", "nowhere"), "films", "holds no X-ray that can be read"),
        (f"{HERE}:pyramid", ("--deviation", "0"), "zero", "no deviation of 0"),
        (f"{HERE}:pyramid", ("--history", "nowhere.csv"), "past", "cannot be read"),
    ],
)
def test_what_cannot_be_converted_is_told(folder, capsys, source, words, name, told):
    before = sorted((folder / "models").rglob("*"))
    assert convert(folder, source, *words, name=name) == 1
    assert re.search(told, capsys.readouterr().err)
    assert sorted((folder / "models").rglob("*")) == before


def test_without_litert_torch_the_remedy_is_told(folder, monkeypatch, capsys):
    monkeypatch.setenv("FRACTURELENS_LITERT_TORCH", str(folder / "no_python"))
    assert convert(folder, f"{HERE}:pyramid", name="other") == 1
    assert "`make torch` installs it" in capsys.readouterr().err
