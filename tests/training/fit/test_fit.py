"""A short run learns, stops, goes on after kill -9 without a gap, and saves what it trained."""

import csv
import json
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from dataclasses import replace

import numpy as np
import pytest

from create_segmentation_model import load_model
from fracturelens.networks.card import sha256_of
from important_variables import ROOT
from tests.helpers.small_fracatlas import write_small_fracatlas
from training.data.dataset import read_fracatlas, usable
from training.fit.augmentation import Augmentation
from training.fit.batches import load_examples, validation_arrays
from training.fit.fit import SettingsChangedError, Trainer, fit
from training.fit.settings import (
    SettingsError,
    TrainingSettings,
    continued_settings,
    default_settings,
)
from training.fit.train import (
    StartError,
    add_arguments,
    fingerprint,
    settings_from,
    train_and_evaluate,
)

SMALL = TrainingSettings(
    "encoder_decoder", input_size=64, epochs=3, crop_epochs=1, crop=32, views=4, crop_views=4,
    batch_size=2, average_momentum=0.5, precision="float32",
)  # fmt: skip
SCRIPT = f"""
import sys
from pathlib import Path
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
from test_fit import SMALL
from training.dataset import read_fracatlas
from training.train import train_and_evaluate
data, work = Path(sys.argv[1]), Path(sys.argv[2])
train_and_evaluate(SMALL, read_fracatlas(data), work, out=work)
"""


@pytest.fixture(scope="module")
def xrays(tmp_path_factory):
    return read_fracatlas(write_small_fracatlas(tmp_path_factory.mktemp("data") / "FracAtlas"))


def wait_for(path, process):
    for _ in range(4000):
        if path.is_file() or process.poll() is not None:
            return
        time.sleep(0.1)


def test_killed_run_goes_on_without_a_gap(xrays, tmp_path):
    data = xrays[0].path.parents[2]
    command = [sys.executable, "-c", SCRIPT, str(data), str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as run:
        wait_for(tmp_path / "checkpoint.npz", run)
        run.send_signal(signal.SIGKILL)
    assert run.returncode == -signal.SIGKILL
    with np.load(tmp_path / "checkpoint.npz") as file:
        before = json.loads(str(file["state"]))["history"]
    assert 1 <= len(before) < SMALL.epochs
    card = train_and_evaluate(SMALL, xrays, tmp_path, out=tmp_path, show_progress=False)
    with (tmp_path / "encoder_decoder" / "history.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3]
    assert float(rows[0]["loss"]) == before[0]["loss"]
    assert card.training["epochs"] == 3
    assert set(rows[0]) >= {"val_dice_positives", "val_pixel_accuracy_baseline", "seconds"}


def test_saved_network_is_the_cards_and_loads(xrays, tmp_path):
    settings = replace(SMALL, epochs=1, crop_epochs=0)
    card = train_and_evaluate(settings, xrays, tmp_path / "w", out=tmp_path, show_progress=False)
    assert card.parameters == 1_554_498
    assert card.training["notes"] == []
    assert card.data["train"] == {"pictures": 4, "fractured": 2}
    assert card.data["train_sha256"] == fingerprint(usable(xrays, "train"))
    predictor = load_model("encoder_decoder", folder=tmp_path)
    assert predictor(np.zeros((1, 64, 64, 3), np.float32)).shape == (1, 64, 64, 2)


def test_a_gate_teaches_a_segmenter(xrays, tmp_path):
    gate = replace(SMALL, name="gate", epochs=1, crop_epochs=0, learning_rate=0.0)
    train_and_evaluate(gate, xrays, tmp_path / "g", out=tmp_path, show_progress=False)
    teacher = str(tmp_path / "gate" / "model.keras")
    settings = replace(SMALL, epochs=2, teacher=teacher)
    card = train_and_evaluate(settings, xrays, tmp_path / "w", out=tmp_path, show_progress=False)
    assert card.parameters == 1_554_498, "the head is for training only"
    assert card.settings["teacher"] == "model.keras"
    assert sha256_of(teacher)[:12] in card.training["notes"][0]
    predictor = load_model("encoder_decoder", folder=tmp_path)
    assert predictor(np.zeros((1, 64, 64, 3), np.float32)).shape == (1, 64, 64, 2)


def test_start_share_mixes_the_kept_weights_with_the_starts(xrays, tmp_path):
    gate = replace(SMALL, name="gate", epochs=1, crop_epochs=0)
    examples = load_examples(usable(xrays, "train"))
    start, _ = fit(gate, examples, examples, tmp_path / "s", show_progress=False)
    start.save(tmp_path / "start.keras")
    gone_on = replace(gate, start=str(tmp_path / "start.keras"), seed=2)
    plain, _ = fit(gone_on, examples, examples, tmp_path / "p", show_progress=False)
    mixed = replace(gone_on, start_share=0.25)
    mixed, _ = fit(mixed, examples, examples, tmp_path / "m", show_progress=False)
    weights = zip(*(model.get_weights() for model in (start, plain, mixed)), strict=True)
    moved = 0.0
    for first, last, mean in weights:
        np.testing.assert_allclose(mean, 0.25 * first + 0.75 * last, atol=1e-6)
        moved = max(moved, np.abs(last - first).max())
    assert moved > 1e-4, "the run must change something"


@pytest.mark.parametrize("change", [{"name": "unet"}, {"start": ""}])
def test_start_share_without_a_gate_to_mix_with_is_told(xrays, tmp_path, change):
    settings = replace(SMALL, name="gate", start="start.keras", start_share=0.5)
    with pytest.raises(StartError, match="--start-share mixes a gate"):
        train_and_evaluate(replace(settings, **change), xrays, tmp_path, out=tmp_path)


def test_gate_loss_of_training_and_val_is_the_same_sum(xrays, tmp_path):
    settings = replace(
        SMALL, name="gate", crop_epochs=0, learning_rate=0.0, augmentation=Augmentation.none()
    )
    trainer = Trainer(settings, tmp_path, None)
    examples = load_examples(usable(xrays, "train"))
    images, masks, labels = validation_arrays(examples, 64)
    parts = trainer.model.evaluate(
        images, trainer.task.targets(images, masks, labels), verbose=0, return_dict=True
    )
    row = trainer.validate(images, trainer.task.targets(images, masks, labels))
    total = parts["fracture_loss"] + 2 * parts["lesion_map_loss"]
    assert row["val_loss"] == pytest.approx(total, rel=1e-3)
    trainer.model.train_on_batch = lambda *_, **__: parts
    assert trainer.train_epoch(0, examples, False)["loss"] == pytest.approx(total, rel=1e-3)


def test_second_stage_names_its_start_and_looks_for_decoys(xrays, tmp_path):
    settings = replace(SMALL, epochs=1)
    train_and_evaluate(settings, xrays, tmp_path / "w", out=tmp_path, show_progress=False)
    start = tmp_path / "encoder_decoder" / "model.keras"
    digest = sha256_of(start)
    settings = replace(settings, start=str(start), decoys=True)
    with pytest.raises(StartError, match="overwritten"):
        train_and_evaluate(settings, xrays, tmp_path / "v", out=tmp_path)
    card = train_and_evaluate(
        settings, xrays, tmp_path / "v", out=tmp_path / "second", show_progress=False
    )
    assert card.settings["start"] == "model.keras"
    assert digest[:12] in card.training["notes"][0]
    crops = "Epochs 1 to 1 saw 32 px crops around lesions and decoys."
    assert card.training["notes"][1] == crops, "no whole pictures came after"


def test_gate_trains_with_a_lesion_map_and_saves_without(xrays, tmp_path):
    settings = TrainingSettings(
        "gate", input_size=64, epochs=1, crop_epochs=0, views=4, batch_size=2, precision="float32"
    )
    card = train_and_evaluate(settings, xrays, tmp_path / "w", out=tmp_path, show_progress=False)
    assert "val_auroc" in card.metrics["watched_val"]
    assert load_model("gate", folder=tmp_path)(np.zeros((1, 64, 64, 3), np.float32)).shape == (1, 1)


def test_training_lowers_the_loss(xrays, tmp_path):
    settings = replace(
        SMALL, epochs=6, crop_epochs=0, views=8, batch_size=4, learning_rate=3e-3,
        augmentation=Augmentation.none(),
    )  # fmt: skip
    examples = load_examples(usable(xrays, "train"))
    _, history = fit(settings, examples, examples, tmp_path, show_progress=False)
    assert history.rows[-1]["loss"] < 0.8 * history.rows[0]["loss"]


def test_other_settings_do_not_mix_with_a_run(xrays, tmp_path):
    examples = load_examples(usable(xrays, "train"))
    short = replace(SMALL, epochs=1)
    fit(short, examples, examples, tmp_path, show_progress=False)
    with pytest.raises(SettingsChangedError, match="other settings"):
        fit(replace(short, seed=2), examples, examples, tmp_path, show_progress=False)


def test_defaults_exist_for_each_network():
    assert default_settings("gate").crop_epochs == 0
    assert default_settings("unet").input_size == 256
    assert all(default_settings(n).epochs <= 70 for n in ("gate", "unet", "encoder_decoder"))


def test_epoch_figures_are_means_over_its_batches(xrays, tmp_path, monkeypatch):
    # Keras starts its metrics anew at each train_on_batch: the last batch is not the epoch.
    trainer = Trainer(replace(SMALL, crop_epochs=0, views=6), tmp_path, None)
    losses = iter([4.0, 1.0, 1.0])

    def fake(images, targets, return_dict):
        names = ("dice_positives", "iou_positives", "pixel_accuracy")
        return {"loss": next(losses), **dict.fromkeys(names, 0.5)}

    monkeypatch.setattr(trainer.model, "train_on_batch", fake)
    row = trainer.train_epoch(0, load_examples(usable(xrays, "train")), show_progress=False)
    assert row["loss"] == pytest.approx(2.0)
    assert row["dice_positives"] == 0.5


@pytest.mark.parametrize("name", ["encoder_decoder", "gate"])
def test_a_run_goes_on_from_a_trained_network(name, tmp_path):
    first = Trainer(replace(SMALL, name=name), tmp_path / "first", None)
    first.best = first.model.get_weights()
    path = tmp_path / "first.keras"
    first.best_model().save(path)
    second = Trainer(replace(SMALL, name=name, start=str(path), seed=2), tmp_path / "second", None)
    second.best = second.model.get_weights()
    image = np.random.default_rng(0).random((1, 64, 64, 3), np.float32)
    before, after = (trainer.best_model().predict(image, verbose=0) for trainer in (first, second))
    assert after == pytest.approx(before, abs=1e-4)


def test_closeups_are_watched_at_the_middle_of_their_scales():
    assert TrainingSettings("unet").watched_size == 256
    assert TrainingSettings("unet", closeup=2.0).watched_size == 368
    assert TrainingSettings("gate", input_size=320).watched_size == 320


@pytest.mark.parametrize(("name", "closeup"), [("gate", 2.0), ("unet", 0.5)])
def test_closeups_that_cannot_be_cut_are_told(name, closeup):
    with pytest.raises(SettingsError, match="Leave --closeup out"):
        TrainingSettings(name, closeup=closeup)


@pytest.mark.parametrize("change", [{"epochs": 0}, {"learning_rate": -1e-3}])
def test_settings_that_cannot_train_are_told(change):
    with pytest.raises(SettingsError, match=r"at least 1 epoch .* Mend --epochs"):
        TrainingSettings("unet", **change)


@pytest.mark.parametrize(
    ("words", "epochs", "crops"),
    [
        (["unet", "--epochs", "13"], 13, 10),
        (["unet", "--epochs", "40", "--start", "first.keras"], 40, 40),
        (["gate", "--epochs", "2"], 2, 0),
    ],
)
def test_crops_keep_their_share_of_the_epochs_asked_for(words, epochs, crops):
    parser = ArgumentParser()
    add_arguments(parser)
    settings = settings_from(parser.parse_args(words))
    assert (settings.epochs, settings.crop_epochs) == (epochs, crops)


def test_rate_and_seed_are_taken_where_they_are_asked_for():
    parser = ArgumentParser()
    add_arguments(parser)
    asked = settings_from(parser.parse_args(["unet", "--learning-rate", "6e-4", "--seed", "0"]))
    assert (asked.learning_rate, asked.seed) == (6e-4, 0)
    assert settings_from(parser.parse_args(["unet"])) == default_settings("unet")


def test_second_stage_starts_where_it_is_told():
    settings = continued_settings("unet", "first.keras")
    assert (settings.start, settings.decoys) == ("first.keras", True)
    assert settings.lesion_weight < default_settings("unet").lesion_weight
    assert all(continued_settings(n, "x").epochs <= 70 for n in ("gate", "encoder_decoder"))
