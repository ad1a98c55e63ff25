"""`fit-screening`: fits the network that tells X-rays of limbs from other pictures, measures it."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from fracturelens.networks.card import FILES, ModelCard, read_card, sha256_of, write_card
from fracturelens.screening.network import SCREENING, ScreeningError, load_screening
from training.data.dataset import FracAtlasError, Xray, read_fracatlas, usable
from training.options import add_data_option, add_models_option
from training.screening.backbone import (
    build_screening,
    export_features,
    export_screening,
    run_file,
)
from training.screening.card import described, screening_card
from training.screening.drawn import drawn_pictures
from training.screening.measure import LabelsError, measure_folder, measure_xrays
from training.screening.packages import MissingPictureError, package_pictures
from training.screening.phantoms import phantom_pictures
from training.screening.pictures import KINDS
from training.screening.sources import CrossValidation, Views, best_penalty, final_head
from training.screening.views import View, draw_views, plan_views
from training.screening.xrays import xray_pictures

SIZE = 224
"""Side of the network's input, pixels."""
SEED = 20261126
RANGE_VIEWS = 300
"""Views that set the ranges of the INT8 numbers."""
TOLD_ERRORS = (FracAtlasError, ScreeningError, MissingPictureError, LabelsError)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens fit-screening`."""
    add_data_option(parser)
    add_models_option(parser)
    parser.add_argument(
        "--weights",
        default="imagenet",
        help="ImageNet weights of the backbone: a file or 'imagenet'",
    )
    parser.add_argument(
        "--external", type=Path, help="folder with labels.csv, of other hospitals, to measure on"
    )
    parser.add_argument(
        "--measure-only", action="store_true", help="measure the network that is there; fit nothing"
    )


def run(arguments: argparse.Namespace) -> int:
    """Fits, exports, measures and writes saved_model/screening/."""
    xrays = read_fracatlas(arguments.data)
    if not arguments.measure_only:
        fit_screening(usable(xrays, "train"), arguments.weights, arguments.models)
    card = measured(xrays, arguments.external, arguments.models)
    path = write_card(card, arguments.models)
    sys.stdout.write(f"{_told(card)}\nWritten to {path.parent}\n")
    return 0


def fit_screening(train: list[Xray], weights: str | None, models: Path) -> ModelCard:
    """Learns from FracAtlas' training films and from pictures of other things.

    Args:
        train: usable pictures of the training split.
        weights: of the backbone, as of `build_screening`.
        models: folder of the networks; gets screening/model_int8.tflite and card.json.
    """
    pictures = [*xray_pictures(train), *package_pictures(), *drawn_pictures(), *phantom_pictures()]
    views = plan_views(pictures, SEED)
    model = build_screening(SIZE, len(KINDS), weights)
    images = list(draw_views(_some(views), SIZE))
    known = _features(views, export_features(model, images))
    cross = best_penalty(known)
    file = export_screening(model, final_head(known, cross.penalty), images)
    return _written(file, model.count_params(), cross, described(train, views), models)


def measured(xrays: list[Xray], external: Path | None, models: Path) -> ModelCard:
    """The card of the network that is there, with what it makes of FracAtlas and of a folder.

    Args:
        xrays: all pictures of FracAtlas that are on disk.
        external: folder with labels.csv; None keeps what was measured before.
        models: folder of the networks.

    Raises:
        ScreeningError: there is no network, or a damaged one.
    """
    network = load_screening(models)
    metrics = dict(network.card.metrics)
    for split in ("train", "val", "test"):
        if chosen := usable(xrays, split):
            metrics[split] = measure_xrays(chosen, network, split)
    if external:
        metrics["external"] = measure_folder(external, network)
    return replace(read_card(SCREENING, models), metrics=metrics)


def _some(views: list[View]) -> list[View]:
    """A few views, every kind of picture among them."""
    return views[:: max(1, len(views) // RANGE_VIEWS)]


def _features(views: list[View], file: bytes) -> Views:
    features = run_file(file, draw_views(views, SIZE), len(views), "features")
    kinds = np.array([KINDS.index(view.picture.kind) for view in views])
    return Views(features, kinds, np.array([view.picture.source for view in views]))


def _written(
    file: bytes, parameters: int, cross: CrossValidation, data: dict, models: Path
) -> ModelCard:
    path = Path(models) / SCREENING / FILES["int8"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file)
    card = screening_card(SIZE, parameters, sha256_of(path), cross, data, SEED)
    write_card(card, models)
    return card


def _told(card: ModelCard) -> str:
    """The figures that matter most, a line each."""
    found = {name: card.metrics[name] for name in ("val", "test") if name in card.metrics}
    found |= card.metrics.get("external", {}).get("group", {})
    return "\n".join(
        f"{name}: {one['pictures']} pictures, {one['refused']['share']:.1%} refused, "
        f"{one['cautioned']['share']:.1%} with a caution"
        for name, one in found.items()
    )
