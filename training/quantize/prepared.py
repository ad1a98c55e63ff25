"""What all ways to INT8 start from: the folded network, its ranges, the pictures behind them."""

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from create_segmentation_model import MissingModelError
from fracturelens.networks.card import FILES, ModelCard
from fracturelens.networks.predictor import Predictor
from training.data.dataset import Xray, load_image
from training.quantize.calibration_pictures import asked_about, balanced
from training.quantize.clipping import clipped_ranges
from training.quantize.equalization import equalize
from training.quantize.fake_quant import Ranges, observe_channels, ranges_of
from training.quantize.fold_network import fold_network
from training.quantize.quantization_aware import RoundingSettings

TRAINING_PICTURES = 800


@dataclass(frozen=True)
class Prepared:
    """A network ready to be rounded.

    Attributes:
        train: training pictures, half of them fractured where there are enough.
        pictures: all that the network is asked about some of them, each float32 (1, S, S, 3).
        folded: the network, folded and equalized.
        ranges: of its layers' outputs.
    """

    train: list[Xray]
    pictures: list[np.ndarray]
    folded: keras.Model
    ranges: Ranges


def check_from_keras(card: ModelCard) -> None:
    """Raises MissingModelError where the float network is no Keras file."""
    if card.file_at("float32") != FILES["float32"]:
        raise MissingModelError(
            f"{card.name!r} was converted from PyTorch: `fracturelens convert` made its INT8 file "
            "too."
        )


def prepare(
    exact: Predictor, train: list[Xray], settings: RoundingSettings, models: Path
) -> Prepared:
    """Folds and equalizes the network, and finds the ranges of its activations.

    Args:
        exact: the float network.
        train: usable training pictures.
        settings: how many of them set the ranges, and the seed of their choice.
        models: holds the network's folder.
    """
    train = balanced(train, TRAINING_PICTURES, settings.seed)
    few = balanced(train, settings.calibration_pictures, settings.seed)
    pictures = [view for xray in few for view in asked_about(exact, load_image(xray))]
    path = Path(models) / exact.name / FILES["float32"]
    folded = fold_network(keras.saving.load_model(path, compile=False))
    channels = observe_channels(folded, pictures)
    equalize(folded, {name: np.abs(seen).max(axis=0) for name, seen in channels.items()})
    ranges = ranges_of(observe_channels(folded, pictures), folded)
    return Prepared(train, pictures, folded, clipped_ranges(ranges, folded, pictures))
