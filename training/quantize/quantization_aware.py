"""Quantization-aware training: a few epochs in which the network learns to bear its rounding."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import keras
import numpy as np
from tqdm import tqdm

from important_variables import GATE
from training.fit.augmentation import Augmentation, Example
from training.fit.batches import Sampling, draw_batches
from training.fit.checkpoint import (
    as_saved,
    load_checkpoint,
    optimizer_memory,
    restore_optimizer,
    save_checkpoint,
)
from training.quantize.fake_quant import QuantizedTwin
from utils import lesion_loss_weighing


@dataclass(frozen=True)
class RoundingSettings:
    """Everything that decides a quantization-aware run, kept in the card.

    Attributes:
        epochs: the best on val is kept.
        views: training views in one epoch.
        batch_size: views in one batch.
        positive_share: share of views that come from fractured pictures.
        learning_rate: Adam's; it falls to zero along a cosine.
        lesion_weight: weight of a pixel that the teacher calls a lesion.
        calibration_pictures: training pictures that set the ranges.
        enlargement: of the tiles that are the views, at most; 1 for whole pictures.
        stretch: whether the views' contrast is stretched.
        seed: of pictures and views.
    """

    epochs: int = 3
    views: int = 480
    batch_size: int = 8
    positive_share: float = 0.5
    learning_rate: float = 2e-5
    lesion_weight: float = 10.0
    calibration_pictures: int = 64
    enlargement: float = 1.0
    stretch: bool = False
    seed: int = 1
    augmentation: Augmentation = field(default_factory=Augmentation)


@dataclass
class _Run:
    """State between epochs: validated scores, best weights and what the optimizer remembers."""

    scores: list[float]
    best: list[np.ndarray]


def train_rounded(
    twin: QuantizedTwin,
    teacher,
    examples: list[Example],
    settings: RoundingSettings,
    workdir: Path,
    score: Callable[[list[np.ndarray]], float],
    show_progress: bool = True,
) -> list[float]:
    """Trains the twin to give its float teacher's outputs; goes on with an interrupted run.

    The teacher's outputs serve as targets, since the aim is to lose nothing of what it learned:
    labels would ask for other outputs than those that the thresholds were chosen for.

    Args:
        twin: the network with rounding; ends with the best weights.
        teacher: the folded float network.
        examples: training pictures.
        settings: how long and how fast.
        workdir: keeps checkpoint.npz, replaced whole after each epoch.
        score: quality on val of the twin's weights, once exported; higher is better.
        show_progress: draw a progress bar.

    Returns:
        The score after each epoch.
    """
    is_gate = teacher.name == GATE
    twin.compile(
        keras.optimizers.Adam(settings.learning_rate, global_clipnorm=1.0),
        loss="binary_crossentropy" if is_gate else lesion_loss_weighing(settings.lesion_weight),
        jit_compile=False,  # XLA takes longer to compile than these few steps to run
    )
    twin.optimizer.build(twin.trainable_variables)
    checkpoint = Path(workdir) / "checkpoint.npz"
    run = _resume(checkpoint, twin, settings)
    for epoch in range(len(run.scores), settings.epochs):
        _train_epoch(twin, teacher, examples, settings, epoch, show_progress)
        weights = twin.network.get_weights()
        run.scores.append(score(weights))
        if run.scores[-1] == max(run.scores):
            run.best = weights
        _save(checkpoint, twin, settings, run)
    twin.network.set_weights(run.best)
    return run.scores


def _train_epoch(twin, teacher, examples, settings, epoch, show_progress) -> None:
    size = teacher.input_shape[1]
    sampling = Sampling(
        settings.views,
        settings.batch_size,
        settings.positive_share,
        frame=size,
        crop=size if settings.enlargement > 1 else None,
        enlargement=settings.enlargement,
        stretch=settings.stretch,
    )
    steps = -(-settings.views // settings.batch_size)
    batches = draw_batches(examples, sampling, settings.augmentation, (settings.seed, epoch))
    title = f"{teacher.name} INT8 {epoch + 1}/{settings.epochs}"
    bar = tqdm(batches, title, steps, disable=not show_progress, leave=False)
    twin.reset_metrics()
    for step, (images, _, _) in enumerate(bar):
        part = (epoch + step / steps) / settings.epochs
        twin.optimizer.learning_rate = settings.learning_rate * (1 + math.cos(math.pi * part)) / 2
        loss = twin.train_on_batch(images, teacher.predict_on_batch(images))
        bar.set_postfix(loss=f"{float(loss):.4f}")


def _resume(path: Path, twin: QuantizedTwin, settings: RoundingSettings) -> _Run:
    """Takes up the checkpoint where it has the same settings, else starts anew."""
    if path.is_file():
        state, (weights, memory, best) = load_checkpoint(path)
        if state["settings"] == as_saved(asdict(settings)):
            twin.network.set_weights(weights)
            restore_optimizer(twin.optimizer, memory)
            return _Run(state["scores"], best)
    return _Run([], twin.network.get_weights())


def _save(path: Path, twin: QuantizedTwin, settings: RoundingSettings, run: _Run) -> None:
    memory = optimizer_memory(twin.optimizer)
    state = {"settings": asdict(settings), "scores": run.scores}
    save_checkpoint(path, state, [twin.network.get_weights(), memory, run.best])
