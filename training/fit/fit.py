"""Trains one network, epoch by epoch, so that a killed run goes on where it was."""

import math
import time
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np
from keras import ops
from tqdm import tqdm

from fracturelens.networks.card import sha256_of
from fracturelens.networks.history import History
from training.fit.augmentation import Example
from training.fit.batches import (
    Sampling,
    draw_batches,
    validation_arrays,
)
from training.fit.checkpoint import (
    as_saved,
    load_checkpoint,
    optimizer_memory,
    random_states,
    restore_optimizer,
    restore_random_states,
    save_checkpoint,
)
from training.fit.hard_negatives import with_hard_negatives
from training.fit.settings import TrainingSettings
from training.fit.tasks import task_of
from training.fit.watched import as_watched


class SettingsChangedError(RuntimeError):
    """A run of the same name with other settings lies in the work folder."""


def fit(
    settings: TrainingSettings,
    train: list[Example],
    val: list[Example],
    workdir: Path,
    weights: str | None = None,
    show_progress: bool = True,
):
    """Trains a network, or goes on with an interrupted run.

    Args:
        settings: what to train and how.
        train: training pictures.
        val: pictures on which the best epoch is chosen.
        workdir: keeps checkpoint.npz (one file, replaced whole after each epoch), and
            hard negatives.
        weights: ImageNet weights of the gate's backbone: a file, "imagenet", or None.
        show_progress: draw a progress bar on standard error.

    Returns:
        The float32 keras.Model with the best averaged weights, and the History.

    Raises:
        SettingsChangedError: workdir holds a run with other settings.
    """
    keras.utils.set_random_seed(settings.seed)
    trainer = Trainer(settings, workdir, weights)
    if settings.hard_negatives:
        kept = trainer.path.with_name(f"hard_negatives_{sha256_of(Path(settings.start))[:12]}.npz")
        train = with_hard_negatives(
            trainer.network(), train, settings.watched_size, kept, settings.stretch
        )
    trainer.resume()
    images, masks, labels = validation_arrays(as_watched(val, settings), settings.watched_size)
    targets = trainer.task.targets(images, masks, labels)
    for epoch in range(len(trainer.history), settings.epochs):
        started = time.monotonic()
        row = {"epoch": epoch + 1, "seconds": 0.0, "learning_rate": trainer.rate(epoch)}
        row |= trainer.train_epoch(epoch, train, show_progress)
        row |= trainer.validate(images, targets)
        row["seconds"] = round(time.monotonic() - started, 1)
        trainer.finish_epoch(row)
    return trainer.best_model(), History(settings.name, trainer.history)


class Trainer:
    """State of one run: network, optimizer, history and the best weights so far."""

    def __init__(self, settings: TrainingSettings, workdir: Path, weights: str | None):
        """Builds and compiles the network; arguments as of `fit`."""
        self.settings = settings
        self.path = Path(workdir) / "checkpoint.npz"
        self.task = task_of(settings)
        self.history: list[dict] = []
        self.best: list[np.ndarray] = []
        self.anchor: dict[str, np.ndarray] = {}
        keras.config.set_dtype_policy(settings.precision)
        self.model = self.task.build(weights)
        keras.config.set_dtype_policy("float32")
        if settings.start:
            network = keras.models.load_model(settings.start, compile=False)
            self.task.take_up(network, self.model)
            if settings.start_share:
                self.anchor = {w.path: ops.convert_to_numpy(w) for w in network.weights}
        optimizer = keras.optimizers.Adam(
            settings.learning_rate,
            global_clipnorm=settings.clip_norm,
            use_ema=True,
            ema_momentum=settings.average_momentum,
        )
        # XLA halves the speed of these networks on a CPU.
        on_cpu = keras.backend.backend() == "tensorflow"
        jit = False if on_cpu else "auto"
        self.model.compile(optimizer, **self.task.objective(), jit_compile=jit)
        optimizer.build(self.model.trainable_variables)

    def rate(self, epoch: int, part: float = 0.0) -> float:
        """Learning rate, `part` (0 to 1) of the way through an epoch."""
        done = epoch + part
        if done < 1:
            return self.settings.learning_rate * (0.05 + 0.95 * done)
        share = (done - 1) / max(self.settings.epochs - 1, 1)
        return self.settings.learning_rate * (0.01 + 0.99 * (1 + math.cos(math.pi * share)) / 2)

    def network(self):
        """The network in training without its training-only outputs."""
        return keras.Model(self.model.input, self.model.output["fracture"])

    def train_epoch(self, epoch: int, train: list[Example], show_progress: bool) -> dict:
        """One epoch of training; returns loss and metrics over it."""
        settings, sampling = self.settings, self._sampling(epoch)
        steps = -(-sampling.views // sampling.batch_size)
        seed = (settings.seed, epoch)
        bar = tqdm(total=steps, desc=self._title(epoch), disable=not show_progress, leave=False)
        sums: dict[str, float] = {}
        batches = draw_batches(train, sampling, settings.augmentation, seed, self.task.teach)
        for step, (images, masks, labels) in enumerate(batches):
            self.model.optimizer.learning_rate = self.rate(epoch, step / steps)
            targets = self.task.targets(images, masks, labels)
            logs = self.model.train_on_batch(images, targets, return_dict=True)
            for key, value in logs.items():  # each batch's own: Keras starts its metrics anew
                sums[self._plain(key)] = sums.get(self._plain(key), 0.0) + float(value)
            bar.set_postfix({key: f"{total / (step + 1):.3f}" for key, total in sums.items()})
            bar.update()
        bar.close()
        return self._columns({key: total / steps for key, total in sums.items()})

    def validate(self, images, targets) -> dict:
        """Loss and metrics of the averaged weights on val, and the trivial baseline."""
        raw = self.model.get_weights()
        self.averaged = self._take_averages()
        logs = self.model.evaluate(
            images, targets, batch_size=self.settings.batch_size, verbose=0, return_dict=True
        )
        self.model.set_weights(raw)
        columns = self._columns({self._plain(key): float(value) for key, value in logs.items()})
        trivial = float(1 - self.task.truth(targets).mean())
        baseline = {f"val_{self.task.baseline}_baseline": trivial}
        return {f"val_{key}": value for key, value in columns.items()} | baseline

    def _take_averages(self) -> list[np.ndarray]:
        """Sets the averaged weights, mixed with the start's as the settings say; returns them."""
        self.model.optimizer.finalize_variable_values(self.model.trainable_variables)
        share = self.settings.start_share
        for weight in self.model.weights:
            if weight.path in self.anchor:
                weight.assign(share * self.anchor[weight.path] + (1 - share) * weight)
        return self.model.get_weights()

    def finish_epoch(self, row: dict) -> None:
        """Notes the epoch, keeps the best weights and replaces the checkpoint."""
        self.history.append(row)
        if History(self.settings.name, self.history).best_epoch == row["epoch"]:
            self.best = self.averaged
        self._save()

    def best_model(self):
        """A float32 network of the saved kind with the best weights."""
        model = self.task.network(self.settings.input_size)
        self.model.set_weights(self.best)
        self.task.finish(self.model, model)
        return model

    def resume(self) -> None:
        """Takes up where the checkpoint stands, where there is one: the run ends as if never cut.

        To the bit: what comes is decided by weights, optimizer, epoch and dropout's random state.
        """
        if not self.path.is_file():
            return
        state, (weights, memory, best, *draws) = load_checkpoint(self.path)
        if state["settings"] != as_saved(asdict(self.settings)):
            raise SettingsChangedError(
                f"{self.path} belongs to a run with other settings. Go on with those, or "
                "delete the file to start anew."
            )
        self.model.set_weights(weights)
        restore_optimizer(self.model.optimizer, memory)
        for states in draws:  # none in checkpoints of earlier versions
            restore_random_states(self.model, states)
        self.best, self.history = best, state["history"]

    def _save(self) -> None:
        memory = optimizer_memory(self.model.optimizer)
        state = {"settings": asdict(self.settings), "history": self.history}
        groups = [self.model.get_weights(), memory, self.best, random_states(self.model)]
        save_checkpoint(self.path, state, groups)

    def _sampling(self, epoch: int) -> Sampling:
        s = self.settings
        on_crops = epoch < s.crop_epochs
        return Sampling(
            s.crop_views if on_crops else s.views,
            s.batch_size * (2 if on_crops else 1),
            s.positive_share,
            s.input_size,
            s.crop if on_crops else None,
            s.copy_paste,
            s.simulated_fractures,
            s.enlargement,
            s.exports,
            s.stretch,
        )

    def _title(self, epoch: int) -> str:
        rows = self.history
        left = (self.settings.epochs - epoch) * (rows[-1]["seconds"] if rows else 0) / 60
        score = f", val {rows[-1]['val_' + self.task.measures[0]]:.3f}" if rows else ""
        return (
            f"{self.settings.name} {epoch + 1}/{self.settings.epochs}, {left:.0f} min left{score}"
        )

    def _plain(self, key: str) -> str:
        """A measure of the main output by its plain name; "fracture_loss" is a part of "loss"."""
        return key if key.endswith("_loss") else key.removeprefix("fracture_")

    def _columns(self, logs: dict) -> dict:
        return {key: logs[key] for key in ("loss", *self.task.measures)}
