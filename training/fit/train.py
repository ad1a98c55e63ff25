"""`train`: one network from FracAtlas to saved_model, with its history and card."""

import argparse
import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path

from fracturelens.networks.card import FILES, ModelCard, sha256_of, write_card
from fracturelens.networks.history import write_history
from important_variables import (
    GATE,
    NETWORKS,
    SAVED_MODELS,
    SEGMENTERS,
    TITLES,
    WORK,
    fracatlas_folder,
)
from training.data.dataset import FracAtlasError, Xray, read_fracatlas, usable
from training.fit.augmentation import Example
from training.fit.batches import load_examples, outlines_of
from training.fit.fit import SettingsChangedError, fit
from training.fit.settings import (
    SettingsError,
    TrainingSettings,
    continued_settings,
    default_settings,
)
from training.fit.weight_rounding import save_rounded


class StartError(ValueError):
    """The network to go on from would be overwritten; the text says what to do."""


TOLD_ERRORS = (FracAtlasError, SettingsChangedError, SettingsError, StartError)
ASKED = (
    "start_share", "teacher", "transplants", "simulated", "closeup", "epochs", "learning_rate",
    "seed",
)  # fmt: skip
PACKAGES = ("keras", "numpy", "opencv-python-headless", "pillow")
BACKEND_PACKAGES = {"tensorflow": "tensorflow-cpu", "jax": "jax", "torch": "torch"}
LIMITS = [
    "Trained on one data set without patient identifiers, from three hospitals of one country.",
    "Annotations are coarse: two annotators of one picture agree at a mean Dice of 0.69.",
    "Chest, spine, skull and CT pictures were never seen; neither were infants' growth plates "
    "in any number.",
]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `train`."""
    parser.add_argument("name", choices=NETWORKS)
    parser.add_argument("--data", type=Path, default=None, help="folder of FracAtlas")
    parser.add_argument("--epochs", type=int, default=None, help="most epochs")
    parser.add_argument("--start", default="", help="trained .keras file to go on from")
    parser.add_argument("--start-share", type=float, default=None,
                        help="share of its weights in those that are kept (gate)")  # fmt: skip
    parser.add_argument("--teacher", default=None, help="trained gate that a segmenter learns from")
    parser.add_argument("--transplants", type=float, default=None,
                        help="share of views with a piece of another X-ray moved in")  # fmt: skip
    parser.add_argument("--simulated", type=float, default=None,
                        help="share of views with a bone broken by the computer")  # fmt: skip
    parser.add_argument("--closeup", type=float, default=None,
                        help="largest further enlargement of a segmenter's crops")  # fmt: skip
    parser.add_argument("--learning-rate", type=float, default=None, help="peak of Adam's rate")
    parser.add_argument("--seed", type=int, default=None, help="of weights, batches and views")
    parser.add_argument("--workdir", type=Path, default=None, help="where checkpoints lie")
    parser.add_argument("--out", type=Path, default=SAVED_MODELS, help="where the network goes")
    parser.add_argument(
        "--weights", default="imagenet", help="ImageNet weights of the gate: a file or 'imagenet'"
    )


def run(arguments: argparse.Namespace) -> int:
    """Trains the network; a second call goes on where the first was stopped."""
    settings = settings_from(arguments)
    xrays = read_fracatlas(arguments.data or fracatlas_folder())
    card = train_and_evaluate(
        settings,
        xrays,
        arguments.workdir or WORK / arguments.name,
        out=arguments.out,
        weights=arguments.weights,
    )
    sys.stdout.write(f"{arguments.out / card.name / FILES['float32']}\n{card.metrics}\n")
    return 0


def settings_from(arguments: argparse.Namespace) -> TrainingSettings:
    """The settings of the network, or of going on from one, with what the arguments change."""
    settings = default_settings(arguments.name)
    if arguments.start:
        settings = continued_settings(arguments.name, arguments.start)
    asked = {key: getattr(arguments, key) for key in ASKED}
    if arguments.epochs is not None:  # crops keep their share of them
        asked["crop_epochs"] = settings.crop_epochs * arguments.epochs // settings.epochs
    return replace(settings, **{key: value for key, value in asked.items() if value is not None})


def train_and_evaluate(
    settings: TrainingSettings,
    xrays: list[Xray],
    workdir: Path,
    *,
    out: Path = SAVED_MODELS,
    weights: str | None = None,
    show_progress: bool = True,
) -> ModelCard:
    """Trains a network and writes model.keras, history.csv and card.json.

    Args:
        settings: what to train and how.
        xrays: pictures of both splits.
        workdir: keeps the checkpoint.
        out: receives <name>/.
        weights: ImageNet weights of the gate's backbone; unused by the segmenters, and where
            `settings.start` brings weights of its own.
        show_progress: draw a progress bar.

    Returns:
        The card as written.

    Raises:
        StartError: `settings.start` is the file that would be written, or its weights cannot be
            mixed with the trained ones.
    """
    _check_start(settings, out)
    train, val = usable(xrays, "train"), watched(usable(xrays, "val"))
    examples = load_examples(train) + synthetic_examples(settings)
    weights = None if settings.start or settings.name in SEGMENTERS else weights
    model, history = fit(settings, examples, load_examples(val), workdir, weights, show_progress)
    folder = _target(settings, out).parent
    folder.mkdir(parents=True, exist_ok=True)
    save_rounded(model, _target(settings, out))
    write_history(history, Path(out))
    card = _card(settings, model.count_params(), train, val, history, folder)
    write_card(card, out)
    return card


def _check_start(settings: TrainingSettings, out: Path) -> None:
    if settings.start_share and (settings.name in SEGMENTERS or not settings.start):
        raise StartError(
            f"--start-share mixes a gate with the gate that --start names, received "
            f"{settings.name} and {settings.start or 'no start'!r}. Leave it out."
        )
    if settings.start and Path(settings.start).resolve() == _target(settings, out).resolve():
        raise StartError(
            f"{settings.start} would be overwritten by the network that goes on from it. Copy it "
            "elsewhere and name the copy with --start, so that the run can be repeated."
        )


def _target(settings: TrainingSettings, out: Path) -> Path:
    return Path(out) / settings.name / FILES["float32"]


def watched(val: list[Xray]) -> list[Xray]:
    """The val pictures looked at after each epoch: all fractured, every fourth of the others."""
    return [x for x in val if x.fractured] + [x for x in val if not x.fractured][::4]


def synthetic_examples(settings: TrainingSettings) -> list[Example]:
    """The synthetic radiographs that `settings.synthetic` asks for, whole and broken."""
    from training.synthetic.samples import synthetic_batch  # drawn only where asked for

    pairs = synthetic_batch(settings.synthetic, settings.seed) if settings.synthetic else []
    return [Example(image[..., 0].copy(), outlines_of(mask), mask.any()) for image, mask in pairs]


def fingerprint(xrays: list[Xray]) -> str:
    """SHA-256 over ids and file contents, in order."""
    digest = hashlib.sha256()
    for xray in xrays:
        digest.update(xray.image_id.encode() + xray.path.read_bytes())
    return digest.hexdigest()


def _card(settings, parameters, train, val, history, folder) -> ModelCard:
    return ModelCard(
        name=settings.name,
        title=TITLES[settings.name],
        parameters=parameters,
        settings=asdict(settings)
        | {key: Path(getattr(settings, key)).name for key in ("start", "teacher")},
        training={
            "epochs": len(history.rows),
            "best_epoch": history.best_epoch,
            "seconds": round(sum(entry["seconds"] for entry in history.rows)),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores",
            "notes": list(_notes(settings)),
        },
        data={
            "name": "FracAtlas",
            "train": _counts(train),
            "watched_val": _counts(val),
            "synthetic": settings.synthetic,
            "train_sha256": fingerprint(train),
        },
        versions=_versions(),
        metrics={"watched_val": {k: v for k, v in history.best.items() if k.startswith("val_")}},
        thresholds=first_thresholds(settings.name),
        limits=LIMITS,
        files={FILES["float32"]: sha256_of(folder / FILES["float32"])},
    )


def _notes(settings: TrainingSettings) -> Iterator[str]:
    """Sentences that a reader of the training curves needs."""
    if settings.start:
        yield (
            f"Went on from the trained network with SHA-256 {sha256_of(settings.start)[:12]}; "
            "these epochs came after those that made it."
        )
    if settings.name == GATE:
        yield "The epoch of the lowest validation loss was kept."
    if settings.start_share:
        yield f"Each epoch's weights were mixed with {settings.start_share:.0%} of that network's."
    if settings.teacher:
        yield (
            f"Learned the features of the gate with SHA-256 {sha256_of(settings.teacher)[:12]} "
            "besides; its loss holds their relative error."
        )
    if settings.transplants:
        yield (
            f"A piece of another training picture was moved into {settings.transplants:.0%} of "
            "the views at most, with a lesion in half of the cases."
        )
    if settings.simulated:
        yield (
            f"A bone was broken by the computer, or bent without a break, in "
            f"{settings.simulated:.0%} of the views at most."
        )
    if settings.closeup > 1:
        yield (
            f"Crops were enlarged by up to {settings.closeup:g} times beyond the scale of the "
            f"whole picture; validated on whole pictures of {settings.watched_size} px."
        )
    if settings.crop_epochs:
        around = f"around lesions{' and decoys' if settings.decoys else ''}"
        rest = ", the rest whole pictures" if settings.epochs > settings.crop_epochs else ""
        yield f"Epochs 1 to {settings.crop_epochs} saw {settings.crop} px crops {around}{rest}."


def _counts(xrays: list[Xray]) -> dict:
    return {"pictures": len(xrays), "fractured": sum(xray.fractured for xray in xrays)}


def _versions() -> dict:
    import keras

    backend = keras.backend.backend()
    names = (*PACKAGES, BACKEND_PACKAGES[backend])
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    found = {name: version(name) for name in names}
    return {"python": platform.python_version(), "backend": backend, "commit": commit} | found


def first_thresholds(name: str) -> dict:
    """A new network starts at 0.5; `calibrate` sets its operating points."""
    points = {"mask": 0.5} if name in SEGMENTERS else {"doubtful": 0.5, "fracture": 0.5}
    return points | {"chosen_on": "not chosen yet"}
