"""A training run of a second: its settings, and the run as a program that can be killed."""

import sys
import time
from pathlib import Path

import keras
import pytest

from tests.helpers.tiny_networks import THIRD, add_third_network, use_tiny_networks
from training.data.dataset import read_fracatlas
from training.fit.fit import Trainer
from training.fit.settings import TrainingSettings
from training.fit.train import train_and_evaluate

TINY = TrainingSettings(
    THIRD,
    input_size=64,
    epochs=3,
    crop_epochs=1,
    crop=32,
    views=4,
    crop_views=4,
    batch_size=2,
    average_momentum=0.5,
    precision="float32",
)
SAVED = "saved"


def train_tiny_networks(patch) -> None:
    """Makes all networks tiny, adds a third and runs them uncompiled; a pytest.MonkeyPatch."""
    use_tiny_networks(patch)
    add_third_network(patch)
    uncompiled = property(lambda model: True, lambda model, value: None)
    patch.setattr(keras.Model, "run_eagerly", uncompiled)


def main() -> None:
    """Trains on the data of the first argument in the second, and hangs after the first epoch."""
    patch = pytest.MonkeyPatch()
    train_tiny_networks(patch)
    finish = Trainer.finish_epoch

    def finish_and_hang(trainer, row):
        finish(trainer, row)
        sys.stdout.write(f"{SAVED}\n")
        sys.stdout.flush()
        time.sleep(600)

    patch.setattr(Trainer, "finish_epoch", finish_and_hang)
    data, work = map(Path, sys.argv[1:])
    train_and_evaluate(TINY, read_fracatlas(data), work, out=work, show_progress=False)


if __name__ == "__main__":
    main()
