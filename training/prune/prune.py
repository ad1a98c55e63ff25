"""From a trained segmenter to a narrower one in its own folder: choose, cut, refit, train."""

from dataclasses import asdict, replace
from pathlib import Path

import keras
import msgspec
import numpy as np

from create_segmentation_model import load_model
from fracturelens.networks.brought import free_colors, write_spec
from fracturelens.networks.card import FILES, ModelCard, sha256_of, write_card
from important_variables import NETWORKS, SAVED_MODELS, NetworkSpec
from training.data.dataset import Xray, usable
from training.fit.augmentation import Example
from training.fit.batches import Sampling, draw_batches, load_examples, segmenter_targets
from training.fit.rebuild import resized
from training.fit.settings import TrainingSettings, continued_settings
from training.fit.train import train_and_evaluate
from training.prune.channels import (
    PruneError,
    choose_channels,
    layers_of,
    multiply_accumulates,
)
from training.prune.cut import cut
from training.prune.importance import channel_importance
from training.prune.reconstruct import reconstruct
from training.quantize.calibration_pictures import balanced
from training.quantize.prepared import check_from_keras

PICTURES = 400
"""Training X-rays from which the views come that choose and refit."""
VIEWS = 512
REFITTED_VIEWS = 96
START_FILE = "start.keras"


def pruned_name(name: str) -> str:
    """Key of the network that pruning another one makes."""
    return f"{name}_pruned"


def training_settings(card: ModelCard, start: Path, teacher: Path) -> TrainingSettings:
    """The settings of the network's own last stage, with a teacher and plain float32.

    Args:
        card: of the network that is pruned.
        start: the narrow network.
        teacher: the network that is pruned.
    """
    name = pruned_name(card.name)
    default = asdict(continued_settings(name, str(start)))
    own = {key: value for key, value in card.settings.items() if key in default}
    fixed = {"name": name, "start": str(start), "teacher": str(teacher), "precision": "float32"}
    fixed |= {"input_size": card.input_size, "start_share": 0.0}
    return msgspec.convert(default | own | fixed, TrainingSettings)


def prune(
    name: str,
    xrays: list[Xray],
    share: float,
    *,
    changes: dict | None = None,
    models: Path = SAVED_MODELS,
    workdir: Path,
    show_progress: bool = True,
) -> ModelCard:
    """Writes <models>/<name>_pruned; goes on with an interrupted run.

    Args:
        name: of a segmenter with a Keras file.
        xrays: pictures of train and val.
        share: of the multiply-accumulates that may stay, in (0, 1).
        changes: training settings that differ from those of the network's last stage.
        models: folder of the networks.
        workdir: keeps the narrow network before its training, and the checkpoint.
        show_progress: draw a progress bar.

    Returns:
        The card as written.

    Raises:
        MissingModelError: the network is missing, or has no Keras file.
        PruneError: it cannot be made so narrow, or the share is none.
    """
    if not 0 < share < 1:
        raise PruneError(f"--macs takes a share between 0 and 1, received {share}. Say 0.5.")
    exact = load_model(name, "float32", models)
    check_from_keras(exact.card)
    spec = _spec(name)
    NETWORKS.setdefault(spec.name, spec)
    teacher = Path(models) / name / FILES["float32"]
    folder = Path(workdir) / f"{spec.name}_{exact.digest[:12]}_{share:g}"
    settings = training_settings(exact.card, folder / START_FILE, teacher)
    settings = replace(settings, **(changes or {}))
    if not (folder / START_FILE).is_file():
        _write_start(teacher, usable(xrays, "train"), share, settings)
    card = train_and_evaluate(settings, xrays, folder, out=models, show_progress=show_progress)
    card = replace(card, training=card.training | {"pruned": _story(exact.card, folder, teacher)})
    write_card(card, models)
    write_spec(spec, models)
    return card


def _write_start(teacher: Path, train: list[Xray], share: float, settings) -> None:
    """The narrow network as it is before training, written whole or not at all."""
    model = keras.saving.load_model(teacher, compile=False)
    network, model = layers_of(model), resized(model, None)
    views = _views(load_examples(balanced(train, PICTURES, settings.seed)), settings)
    names = [name for name, layer in network.items() if layer.read_by]
    importance = channel_importance(model, names, views, settings.lesion_weight)
    kept = choose_channels(network, importance, share)
    narrow = cut(model, network, kept)
    seen = np.concatenate([pictures for pictures, _ in views])[:REFITTED_VIEWS]
    reconstruct(model, narrow, kept, seen)
    path = Path(settings.start)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name("draft.keras")
    resized(narrow, settings.input_size).save(draft)
    draft.replace(path)


def _views(examples: list[Example], settings) -> list[tuple[np.ndarray, np.ndarray]]:
    """Training views with their truth, as `channel_importance` takes them."""
    sampling = Sampling(
        VIEWS,
        settings.batch_size,
        settings.positive_share,
        settings.input_size,
        settings.crop if settings.crop_epochs else None,
        enlargement=settings.enlargement,
        stretch=settings.stretch,
    )
    batches = draw_batches(examples, sampling, settings.augmentation, (settings.seed,))
    return [(images, segmenter_targets(masks)) for images, masks, _ in batches]


def _spec(name: str) -> NetworkSpec:
    """How pages show the narrow network."""
    whole, new = NETWORKS[name], pruned_name(name)
    color_name, mark, lines = free_colors(new)
    return replace(
        whole,
        name=new,
        title=f"{whole.title}, pruned",
        caption=f"Marks the pixels of a fracture. A narrower {whole.title} for slow machines.",
        color_name=color_name,
        mark=mark,
        lines=lines,
        brought=True,
    )


def _story(whole: ModelCard, folder: Path, teacher: Path) -> dict:
    """What the card tells of the pruning."""
    before, after = (
        layers_of(keras.saving.load_model(path, compile=False))
        for path in (teacher, folder / START_FILE)
    )
    macs = [multiply_accumulates(network, {}) for network in (before, after)]
    return {
        "from": whole.name,
        "sha256": sha256_of(teacher),
        "multiply_accumulates": {"before": macs[0], "after": macs[1]},
        "channels": {
            name: [layer.outputs, after[name].outputs]
            for name, layer in before.items()
            if layer.outputs != after[name].outputs
        },
    }
