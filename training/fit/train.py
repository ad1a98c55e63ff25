"""`train`: one network from FracAtlas to saved_model, with its history and card."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from fracturelens.measured.corrected import CorrectionsError, read_corrected
from fracturelens.networks.card import FILES, ModelCard, write_card
from fracturelens.networks.history import write_history
from important_variables import GATE, SAVED_MODELS, WORK, fracatlas_folder, trained_here
from training.data.dataset import FracAtlasError, Xray, read_fracatlas, usable
from training.fit.augmentation import Example
from training.fit.batches import load_examples, outlines_of
from training.fit.fit import SettingsChangedError, fit
from training.fit.new_card import make_card
from training.fit.settings import (
    SettingsError,
    TrainingSettings,
    continued_settings,
    default_settings,
    number_of,
)
from training.fit.watched import watched
from training.fit.weight_rounding import save_rounded
from training.options import add_numbers_option


class StartError(ValueError):
    """The network to go on from would be overwritten; the text says what to do."""


TOLD_ERRORS = (
    CorrectionsError,
    FracAtlasError,
    SettingsChangedError,
    SettingsError,
    StartError,
)
REALS = {
    "learning_rate": "peak of Adam's rate",
    "start_share": "share of the start's weights in those that are kept (gate)",
    "copy_paste": "share of views with a piece of another X-ray pasted in",
    "simulated_fractures": "share of views with a bone broken by the computer",
    "exports": "share of views changed as export, scanning and cropping do",
    "enlargement": "largest enlargement of a segmenter's crops; above 1, the new network is asked "
    "about tiles of an enlarged X-ray",
}
ASKED = ("teacher", "epochs", "seed", "precision", *REALS)
"""Settings that have an option of their own."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `train`."""
    parser.add_argument("name", choices=trained_here())
    parser.add_argument("--data", type=Path, default=None, help="folder of FracAtlas")
    parser.add_argument("--workdir", type=Path, default=None, help="where checkpoints lie")
    parser.add_argument("--out", type=Path, default=SAVED_MODELS, help="where the network goes")
    parser.add_argument(
        "--weights", default="imagenet", help="ImageNet weights of the gate: a file or 'imagenet'"
    )
    parser.add_argument(
        "--stretch", action="store_true", help="stretch each picture's contrast, as the card says"
    )
    parser.add_argument(
        "--corrections",
        type=Path,
        metavar="FILE",
        help="X-rays of your own to train on besides: the corrections that the dashboard saved",
    )
    parser.add_argument("--start", default="", help="trained .keras file to go on from")
    parser.add_argument("--teacher", default=None, help="trained gate that the network learns from")
    parser.add_argument("--epochs", type=int, default=None, help="most epochs")
    parser.add_argument("--seed", type=int, default=None, help="of weights, batches and views")
    parser.add_argument(
        "--precision",
        choices=("float32", "mixed_bfloat16"),
        default=None,
        help="of the arithmetic; float32 is quicker on processors without AMX",
    )
    for name, words in REALS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=None, help=words)
    add_numbers_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Trains the network; a second call goes on where the first was stopped."""
    settings = settings_from(arguments)
    xrays = read_fracatlas(arguments.data or fracatlas_folder())
    if arguments.corrections:
        xrays += corrected_xrays(arguments.corrections)
    card = train_and_evaluate(
        settings,
        xrays,
        arguments.workdir or WORK / arguments.name,
        out=arguments.out,
        weights=arguments.weights,
    )
    sys.stdout.write(f"{arguments.out / card.name / FILES['float32']}\n{card.metrics}\n")
    return 0


def corrected_xrays(source: Path) -> list[Xray]:
    """X-rays that a person corrected in the dashboard, for training; what is left out is told.

    Raises:
        CorrectionsError: it is no file of corrections.
    """
    found, left_out = read_corrected(source)
    for name, reason in left_out.items():
        sys.stderr.write(f"{name} is left out: {reason}.\n")
    return [
        Xray(one.name, one.path, "train", one.fractured, polygons=one.outlines) for one in found
    ]


def settings_from(arguments: argparse.Namespace) -> TrainingSettings:
    """The settings of the network, or of going on from one, with what the arguments change."""
    settings = default_settings(arguments.name)
    if arguments.start:
        settings = continued_settings(arguments.name, arguments.start)
    asked = {key: getattr(arguments, key) for key in ASKED}
    if arguments.epochs is not None:  # crops keep their share of them
        asked["crop_epochs"] = settings.crop_epochs * arguments.epochs // settings.epochs
    given = {key: value for key, value in asked.items() if value is not None}
    given["stretch"] = arguments.stretch
    return replace(settings, **given | dict(map(number_of, arguments.numbers)))


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
    weights = weights if settings.name == GATE and not settings.start else None
    model, history = fit(settings, examples, load_examples(val), workdir, weights, show_progress)
    file = _target(settings, out)
    file.parent.mkdir(parents=True, exist_ok=True)
    save_rounded(model, file)
    write_history(history, Path(out))
    card = make_card(settings, model.count_params(), train, val, history, file)
    write_card(card, out)
    return card


def _check_start(settings: TrainingSettings, out: Path) -> None:
    if settings.start_share and (settings.name != GATE or not settings.start):
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


def synthetic_examples(settings: TrainingSettings) -> list[Example]:
    """The synthetic radiographs that `settings.synthetic` asks for, whole and broken."""
    from training.synthetic.samples import synthetic_batch  # drawn only where asked for

    pairs = synthetic_batch(settings.synthetic, settings.seed) if settings.synthetic else []
    return [Example(image, outlines_of(mask), bool(mask.any())) for image, mask in pairs]
