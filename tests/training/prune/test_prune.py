"""The command `prune`: from a trained segmenter to a narrower one that everything else takes."""

from dataclasses import replace

import keras
import numpy as np
import pytest

import command_line
from create_segmentation_model import build_network, load_model
from fracturelens.networks.brought import add_brought_networks
from fracturelens.networks.card import ModelCard, read_card, sha256_of, write_card
from fracturelens.networks.inference import segmenter_inference
from important_variables import NETWORKS
from tests.helpers.small_fracatlas import write_small_fracatlas
from tests.helpers.tiny_networks import THIRD
from tests.helpers.tiny_training import train_tiny_networks
from training.data.dataset import read_fracatlas
from training.fit.settings import TrainingSettings
from training.prune import prune as module
from training.prune.channels import PruneError
from training.prune.prune import prune, training_settings

NEW = f"{THIRD}_pruned"
QUICK = ["--epochs", "1", "--set", "crop_views=4", "--set", "batch_size=2", "--set", "crop=32"]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_small_fracatlas(tmp_path_factory.mktemp("data") / "FracAtlas")


@pytest.fixture
def models(tmp_path, monkeypatch):
    """A folder with one tiny segmenter; the one to come is forgotten afterwards."""
    train_tiny_networks(monkeypatch)
    monkeypatch.setattr(module, "VIEWS", 8)
    monkeypatch.setitem(NETWORKS, NEW, None)
    monkeypatch.delitem(NETWORKS, NEW)
    path = tmp_path / "models" / THIRD / "model.keras"
    path.parent.mkdir(parents=True)
    build_network(THIRD, 64).save(path)
    settings = {"name": THIRD, "copy_paste": 0.3, "enlargement": 2.0, "precision": "mixed"}
    files = {path.name: sha256_of(path)}
    card = ModelCard(THIRD, "Third", 1, segmenter_inference(64, True), settings, files=files)
    write_card(card, tmp_path / "models")
    return tmp_path / "models"


def test_the_pruned_network_is_a_further_one(models, data, tmp_path, capsys):
    words = ["prune", THIRD, "--macs", "0.6", "--models", str(models), "--data", str(data)]
    words += ["--workdir", str(tmp_path / "work"), *QUICK]
    assert command_line.main(words) == 0
    card = read_card(NEW, models)
    told = card.training["pruned"]
    macs = told["multiply_accumulates"]
    assert told["from"] == THIRD and macs["after"] <= 0.6 * macs["before"]
    assert any(after < before for before, after in told["channels"].values())
    assert f"{macs['before']:,} multiply-accumulates became {macs['after']:,}" in (
        capsys.readouterr().out
    )
    whole = sha256_of(models / THIRD / "model.keras")[:12]
    assert any(f"SHA-256 {whole} paints" in note for note in card.training["notes"])
    assert card.settings["copy_paste"] == 0.3, "as the network itself was trained"
    del NETWORKS[NEW]
    assert add_brought_networks(models) == [] and NETWORKS[NEW].title == "Third network, pruned"
    network = load_model(NEW, folder=models)
    assert network.card.parameters < build_network(THIRD, 64).count_params()
    assert network(np.zeros((1, 64, 64, 3), np.float32)).shape == (1, 64, 64, 2)
    assert network.inference.tiling == segmenter_inference(64, True).tiling


def test_a_second_call_goes_on_where_the_first_was_stopped(models, data, tmp_path):
    changes = {"epochs": 2, "crop_epochs": 2, "crop_views": 4, "batch_size": 2, "crop": 32}
    xrays, places = read_fracatlas(data), {"models": models, "workdir": tmp_path / "work"}

    def run():
        prune(THIRD, xrays, 0.6, changes=changes, show_progress=False, **places)
        return keras.saving.load_model(models / NEW / "model.keras", compile=False).get_weights()

    def state():
        work = [path for path in (tmp_path / "work").rglob("*") if path.is_file()]
        return {path.name: path.stat().st_mtime_ns for path in work}

    first, made = run(), state()
    assert made.keys() >= {"start.keras", "checkpoint.npz"}
    for one, other in zip(first, run(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert state() == made


def test_settings_are_those_of_the_last_stage(tmp_path):
    settings = {"name": "unet", "enlargement": 2.0, "lesion_weight": 3.0, "teacher": "gate.keras"}
    settings |= {"start_share": 0.0, "of_another_version": 1, "augmentation": {"flip": False}}
    card = ModelCard("unet", "U-Net", 1, segmenter_inference(256, True), settings)
    found = training_settings(card, tmp_path / "start.keras", tmp_path / "model.keras")
    assert isinstance(found, TrainingSettings)
    assert (found.name, found.enlargement, found.precision) == ("unet_pruned", 2.0, "float32")
    assert found.teacher == str(tmp_path / "model.keras") and found.augmentation.flip is False
    bare = training_settings(replace(card, settings={}), tmp_path / "a", tmp_path / "b")
    assert bare.lesion_weight == 3.0, "that of any further stage"


@pytest.mark.parametrize("share", [0.0, 1.0, 5.0])
def test_a_share_that_is_none_is_told(models, tmp_path, share):
    with pytest.raises(PruneError, match="--macs takes a share between 0 and 1"):
        prune(THIRD, [], share, models=models, workdir=tmp_path / "work")
