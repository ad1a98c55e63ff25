"""The command `train`: what it asks for, what it writes, and what the card says of it."""

from argparse import ArgumentParser
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from create_segmentation_model import build_encoder_decoder, load_model
from fracturelens.export.coco import CorrectedFilm, corrections_json, missed_correction
from fracturelens.networks.card import read_card, sha256_of
from fracturelens.networks.inference import gate_inference, segmenter_inference
from fracturelens.networks.inputs import NetworkInputs
from fracturelens.networks.tiling import run_network
from tests.helpers.tiny_networks import THIRD
from tests.helpers.tiny_training import TINY
from training.data.dataset import usable
from training.fit.new_card import fingerprint
from training.fit.settings import default_settings
from training.fit.train import (
    StartError,
    add_arguments,
    corrected_xrays,
    settings_from,
    train_and_evaluate,
)

ONE_EPOCH = replace(TINY, epochs=1, crop_epochs=0)


def train(settings, xrays, folder, out=None):
    return train_and_evaluate(
        settings, xrays, folder / "work", out=out or folder, show_progress=False
    )


def asked(*words):
    parser = ArgumentParser()
    add_arguments(parser)
    return settings_from(parser.parse_args(words))


def test_saved_network_is_the_cards_and_loads(xrays, tmp_path):
    card = train(replace(ONE_EPOCH, name="encoder_decoder"), xrays, tmp_path)
    assert card.parameters == 1_554_498
    assert card.inference == segmenter_inference(64, enlarged=False)
    assert card.training["notes"] == []
    assert card.data["train"] == {"pictures": 4, "fractured": 2}
    assert card.data["train_sha256"] == fingerprint(usable(xrays, "train"))
    predictor = load_model("encoder_decoder", folder=tmp_path)
    assert predictor(np.zeros((1, 64, 64, 3), np.float32)).shape == (1, 64, 64, 2)


@pytest.mark.slow
def test_gate_trains_with_a_lesion_map_and_saves_without(xrays, tmp_path):
    card = train(replace(ONE_EPOCH, name="gate"), xrays, tmp_path)
    assert card.inference == gate_inference(64)
    assert "val_auroc" in card.metrics["watched_val"]
    assert load_model("gate", folder=tmp_path)(np.zeros((1, 64, 64, 3), np.float32)).shape == (1, 1)


@pytest.mark.usefixtures("tiny")
def test_a_further_network_trains_and_is_written_with_its_card(xrays, tmp_path):
    settings, name = replace(ONE_EPOCH, crop_epochs=1, enlargement=2.0), THIRD
    assert train(settings, xrays, tmp_path) == read_card(name, tmp_path)
    network = load_model(name, folder=tmp_path)
    assert (network.card.title, network.card.training["best_epoch"]) == ("Third network", 1)
    assert network.inference == segmenter_inference(64, enlarged=True)
    assert network.card.thresholds_at("int8")["mask"] == 0.5
    pixels = np.random.default_rng(0).integers(0, 256, (80, 60), np.uint8)
    assert run_network(network, NetworkInputs(pixels)).shape == (64, 64, 2)


@pytest.mark.usefixtures("tiny")
def test_a_gate_teaches_a_segmenter(xrays, tmp_path):
    gate = replace(ONE_EPOCH, name="gate", learning_rate=0.0)
    train(gate, xrays, tmp_path / "gate")
    teacher = str(tmp_path / "gate" / "gate" / "model.keras")
    settings = replace(TINY, name="encoder_decoder", epochs=2, teacher=teacher)
    card = train(settings, xrays, tmp_path)
    assert card.parameters == build_encoder_decoder().count_params(), "the head is for training"
    assert card.settings["teacher"] == "model.keras"
    assert sha256_of(teacher)[:12] in card.training["notes"][0]
    predictor = load_model("encoder_decoder", folder=tmp_path)
    assert predictor(np.zeros((1, 64, 64, 3), np.float32)).shape == (1, 64, 64, 2)


@pytest.mark.usefixtures("tiny")
def test_second_stage_names_its_start_and_looks_for_hard_negatives(xrays, tmp_path):
    settings = replace(TINY, epochs=1)
    train(settings, xrays, tmp_path)
    start = tmp_path / TINY.name / "model.keras"
    digest = sha256_of(start)
    settings = replace(settings, start=str(start), hard_negatives=True)
    with pytest.raises(StartError, match="overwritten"):
        train(settings, xrays, tmp_path / "v", out=tmp_path)
    card = train(settings, xrays, tmp_path / "v")
    assert card.settings["start"] == "model.keras"
    assert digest[:12] in card.training["notes"][0]
    crops = "Epochs 1 to 1 saw 32 px crops around lesions and hard negatives."
    assert card.training["notes"][1] == crops, "no whole pictures came after"
    assert [path.stem.rpartition("_")[2] for path in (tmp_path / "v/work").glob("hard*")] == [
        digest[:12]
    ]


@pytest.mark.usefixtures("tiny")
def test_notes_tell_what_was_done_to_the_views(xrays, tmp_path):
    changes = {"copy_paste": 0.3, "simulated_fractures": 0.5, "crop_epochs": 1, "enlargement": 2.0}
    notes = train(replace(ONE_EPOCH, **changes), xrays, tmp_path).training["notes"]
    assert [note.partition(" ")[0] for note in notes] == ["A", "A", "Crops", "Epochs"]
    assert "pasted into 30% of the views" in notes[0] and "in 50% of the views" in notes[1]
    assert "validated on whole pictures of 96 px" in notes[2]


@pytest.mark.parametrize("change", [{"name": "unet"}, {"start": ""}])
def test_start_share_without_a_gate_to_mix_with_is_told(xrays, tmp_path, change):
    settings = replace(TINY, name="gate", start="start.keras", start_share=0.5)
    with pytest.raises(StartError, match="--start-share mixes a gate"):
        train(replace(settings, **change), xrays, tmp_path)


@pytest.mark.parametrize(
    ("words", "epochs", "crops"),
    [
        (["unet", "--epochs", "13"], 13, 10),
        (["unet", "--epochs", "40", "--start", "first.keras"], 40, 40),
        (["gate", "--epochs", "2"], 2, 0),
    ],
)
def test_crops_keep_their_share_of_the_epochs_asked_for(words, epochs, crops):
    settings = asked(*words)
    assert (settings.epochs, settings.crop_epochs) == (epochs, crops)


def test_settings_are_taken_where_they_are_asked_for():
    words = ["--learning-rate", "6e-4", "--seed", "0", "--copy-paste", "0.3"]
    words += ["--simulated-fractures", "0.5", "--enlargement", "2"]
    settings = asked("unet", *words)
    assert (settings.learning_rate, settings.seed, settings.copy_paste) == (6e-4, 0, 0.3)
    assert (settings.simulated_fractures, settings.enlargement) == (0.5, 2)
    assert asked("unet") == default_settings("unet")


def test_other_numbers_are_set_by_name_and_win():
    settings = asked("unet", "--epochs", "13", "--set", "crop_epochs=3", "--set", "views=8")
    assert (settings.epochs, settings.crop_epochs, settings.views) == (13, 3, 8)


def test_corrected_xrays_are_trained_on_besides(xrays, tmp_path, capsys):
    digest = sha256(xrays[0].path.read_bytes()).hexdigest()
    corrections = (missed_correction((8, 16, 24, 32), (), 200, 160),)
    films = [
        CorrectedFilm(str(xrays[0].path), digest, 160, 200, corrections),
        CorrectedFilm("gone.png", digest, 160, 200, corrections),
    ]
    source = tmp_path / "corrections.json"
    source.write_bytes(corrections_json(films))
    [own] = corrected_xrays(source)
    assert (own.split, own.fractured, len(own.polygons)) == ("train", True, 1)
    assert "gone.png is left out" in capsys.readouterr().err
    card = train(replace(ONE_EPOCH, name="encoder_decoder"), [*xrays, own], tmp_path)
    assert card.data["train"] == {"pictures": 5, "fractured": 3}
