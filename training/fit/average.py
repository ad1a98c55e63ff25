"""`average`: the mean of a trained network's weights and of those that it went on from.

Networks of one line of training lie in one valley of the loss, where a mean of their weights keeps
what each knows (Wortsman et al. 2022, arXiv 2203.05482 and 2109.01903).
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from create_segmentation_model import load_model
from fracturelens.networks.card import FILES, ModelCard, sha256_of, write_card
from important_variables import SAVED_MODELS, trained_here
from training.fit.new_card import new_inference
from training.fit.weight_rounding import save_rounded
from training.options import add_models_option


class AverageError(ValueError):
    """The files cannot be averaged; the text says which and why."""


TOLD_ERRORS = (AverageError,)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `average`."""
    parser.add_argument("name", choices=trained_here())
    parser.add_argument(
        "--with",
        dest="others",
        type=Path,
        nargs="+",
        required=True,
        metavar="FILE",
        help=".keras files that it went on from",
    )
    add_models_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Replaces the network by the mean; `calibrate` and `quantize` have to follow."""
    average_network(arguments.name, arguments.others, arguments.models)
    sys.stdout.write(
        f"{arguments.models / arguments.name / FILES['float32']} holds the mean of "
        f"{len(arguments.others) + 1} networks. Run calibrate, quantize and evaluate next.\n"
    )
    return 0


def average_network(name: str, others: list[Path], models: Path = SAVED_MODELS) -> ModelCard:
    """Replaces models/<name>/model.keras by the plain mean of its weights and those of `others`.

    Thresholds go back to 0.5 and the figures of the network before are dropped: they were not
    measured on the mean.

    Returns:
        The card as written.

    Raises:
        AverageError: a file is missing, is no network of this kind, or is the network itself.
        MissingModelError: models/<name>/ holds no network that fits its card.
    """
    import keras

    card = load_model(name, "float32", models).card  # tells of a missing or swapped file
    path = Path(models) / name / FILES["float32"]
    model = keras.saving.load_model(path, compile=False)
    weights = [model.get_weights(), *(_weights_of(other, model, path) for other in others)]
    model.set_weights([np.mean(parts, axis=0) for parts in zip(*weights, strict=True)])
    save_rounded(model, path)
    fresh = new_inference(name, card.input_size, card.inference.tiling is not None)
    mean = replace(
        card,
        inference=replace(
            card.inference, calibration=fresh.calibration, thresholds=fresh.thresholds
        ),
        training=card.training | {"notes": [*card.training.get("notes", ()), _note(others)]},
        metrics={},
        files={FILES["float32"]: sha256_of(path)},
    )
    write_card(mean, models)
    return mean


def _weights_of(other: Path, model, path: Path) -> list[np.ndarray]:
    import keras

    if not other.is_file():
        raise AverageError(f"{other} is missing. Name the .keras file of a trained network.")
    if sha256_of(other) == sha256_of(path):
        raise AverageError(
            f"{other} is the same file as {path}: their mean would change nothing. Name the "
            "network that training went on from."
        )
    try:
        weights = keras.saving.load_model(other, compile=False).get_weights()
    except (OSError, ValueError) as error:
        raise AverageError(f"{other} cannot be read as a Keras network ({error}).") from error
    if [w.shape for w in weights] != [w.shape for w in model.get_weights()]:
        raise AverageError(f"{other} is another kind of network than {path}. Name one alike.")
    return weights


def _note(others: list[Path]) -> str:
    hashes = ", ".join(sha256_of(other)[:12] for other in others)
    return (
        "The weights in use are the mean of those of the best epoch and of the network"
        f"{'s' if len(others) > 1 else ''} with SHA-256 {hashes}."
    )
