"""A short run learns, stops, goes on after kill -9 without a gap, and keeps its best weights."""

import csv
import json
import signal
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from important_variables import ROOT
from tests.helpers.tiny_training import SAVED, TINY
from training.data.dataset import usable
from training.fit.augmentation import Augmentation
from training.fit.batches import load_examples, validation_arrays
from training.fit.checkpoint import load_checkpoint, save_checkpoint
from training.fit.fit import SettingsChangedError, Trainer, fit
from training.fit.train import train_and_evaluate

pytestmark = pytest.mark.usefixtures("tiny")


def test_killed_run_goes_on_without_a_gap(xrays, tmp_path):
    data = xrays[0].path.parents[2]
    command = [sys.executable, "-m", "tests.helpers.tiny_training", str(data), str(tmp_path)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as run:
        assert run.stdout.readline().strip() == SAVED
        run.send_signal(signal.SIGKILL)
    assert run.returncode == -signal.SIGKILL
    with np.load(tmp_path / "checkpoint.npz") as file:
        before = json.loads(str(file["state"]))["history"]
    assert len(before) == 1
    card = train_and_evaluate(TINY, xrays, tmp_path, out=tmp_path, show_progress=False)
    with (tmp_path / TINY.name / "history.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3]
    assert float(rows[0]["loss"]) == before[0]["loss"]
    assert card.training["epochs"] == 3
    assert set(rows[0]) >= {"val_dice_positives", "val_pixel_accuracy_baseline", "seconds"}


class StoppedError(Exception):
    """Stands for a kill after an epoch."""


@pytest.mark.parametrize("name", [TINY.name, "gate"])
def test_a_run_that_goes_on_ends_as_the_uninterrupted_one(name, xrays, tmp_path, monkeypatch):
    """Bit for bit: weights, their averages, dropout's draws, the optimizer and the figures."""
    settings = replace(TINY, name=name, crop_epochs=int(name != "gate"))
    examples = load_examples(usable(xrays, "train"))
    whole, history = fit(settings, examples, examples, tmp_path / "w", show_progress=False)
    finish = Trainer.finish_epoch

    def finish_and_stop(trainer, row):
        finish(trainer, row)
        raise StoppedError

    monkeypatch.setattr(Trainer, "finish_epoch", finish_and_stop)
    for _ in range(2):
        with pytest.raises(StoppedError):
            fit(settings, examples, examples, tmp_path / "c", show_progress=False)
    monkeypatch.setattr(Trainer, "finish_epoch", finish)
    cut, rows = fit(settings, examples, examples, tmp_path / "c", show_progress=False)
    for row, other in zip(history.rows, rows.rows, strict=True):
        assert row | {"seconds": 0} == other | {"seconds": 0}
    groups, others = (load_checkpoint(tmp_path / run / "checkpoint.npz")[1] for run in "wc")
    assert [list(map(np.ndarray.tobytes, group)) for group in groups] == [
        list(map(np.ndarray.tobytes, group)) for group in others
    ]
    for one, other in zip(whole.get_weights(), cut.get_weights(), strict=True):
        assert one.tobytes() == other.tobytes()


def test_a_checkpoint_of_an_earlier_version_is_gone_on_with(xrays, tmp_path):
    """One without the random state of dropout."""
    examples = load_examples(usable(xrays, "train"))
    short = replace(TINY, epochs=1)
    fit(short, examples, examples, tmp_path, show_progress=False)
    state, groups = load_checkpoint(tmp_path / "checkpoint.npz")
    save_checkpoint(tmp_path / "checkpoint.npz", state, groups[:3])
    trainer = Trainer(short, tmp_path, None)
    trainer.resume()
    assert len(trainer.history) == 1
    assert trainer.model.get_weights()[0].tobytes() == groups[0][0].tobytes()


def test_start_share_mixes_the_kept_weights_with_the_starts(xrays, tmp_path):
    gate = replace(TINY, name="gate", epochs=1, crop_epochs=0)
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


def test_gate_loss_of_training_and_val_is_the_same_sum(xrays, tmp_path):
    settings = replace(
        TINY, name="gate", crop_epochs=0, learning_rate=0.0, augmentation=Augmentation.none()
    )
    trainer = Trainer(settings, tmp_path, None)
    examples = load_examples(usable(xrays, "train"))
    trainer.train_epoch(0, examples, show_progress=False)  # the averages begin at the first step
    images, masks, labels = validation_arrays(examples, 64)
    parts = trainer.model.evaluate(
        images, trainer.task.targets(images, masks, labels), verbose=0, return_dict=True
    )
    row = trainer.validate(images, trainer.task.targets(images, masks, labels))
    total = parts["fracture_loss"] + 2 * parts["lesion_map_loss"]
    assert row["val_loss"] == pytest.approx(total, rel=1e-3)
    trainer.model.train_on_batch = lambda *_, **__: parts
    assert trainer.train_epoch(0, examples, False)["loss"] == pytest.approx(total, rel=1e-3)


def test_training_lowers_the_loss(xrays, tmp_path):
    settings = replace(
        TINY,
        epochs=6,
        crop_epochs=0,
        views=8,
        batch_size=4,
        learning_rate=0.1,
        augmentation=Augmentation.none(),
    )
    examples = load_examples(usable(xrays, "train"))
    _, history = fit(settings, examples, examples, tmp_path, show_progress=False)
    assert history.rows[-1]["loss"] < 0.8 * history.rows[0]["loss"]


def test_other_settings_do_not_mix_with_a_run(xrays, tmp_path):
    examples = load_examples(usable(xrays, "train"))
    short = replace(TINY, epochs=1)
    fit(short, examples, examples, tmp_path, show_progress=False)
    with pytest.raises(SettingsChangedError, match="other settings"):
        fit(replace(short, seed=2), examples, examples, tmp_path, show_progress=False)


def test_epoch_figures_are_means_over_its_batches(xrays, tmp_path, monkeypatch):
    # Keras starts its metrics anew at each train_on_batch: the last batch is not the epoch.
    trainer = Trainer(replace(TINY, crop_epochs=0, views=6), tmp_path, None)
    losses = iter([4.0, 1.0, 1.0])

    def fake(images, targets, return_dict):
        names = ("dice_positives", "iou_positives", "pixel_accuracy")
        return {"loss": next(losses), **dict.fromkeys(names, 0.5)}

    monkeypatch.setattr(trainer.model, "train_on_batch", fake)
    row = trainer.train_epoch(0, load_examples(usable(xrays, "train")), show_progress=False)
    assert row["loss"] == pytest.approx(2.0)
    assert row["dice_positives"] == 0.5


@pytest.mark.parametrize("name", [TINY.name, "gate"])
def test_a_run_goes_on_from_a_trained_network(name, tmp_path):
    first = Trainer(replace(TINY, name=name), tmp_path / "first", None)
    first.best = first.model.get_weights()
    path = tmp_path / "first.keras"
    first.best_model().save(path)
    second = Trainer(replace(TINY, name=name, start=str(path), seed=2), tmp_path / "second", None)
    second.best = second.model.get_weights()
    image = np.random.default_rng(0).random((1, 64, 64, 3), np.float32)
    before, after = (trainer.best_model().predict(image, verbose=0) for trainer in (first, second))
    assert after == pytest.approx(before, abs=1e-4)
