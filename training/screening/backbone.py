"""From views to features and on to the network's file: a frozen backbone and a linear head."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import keras
import numpy as np
from keras import layers
from tqdm import tqdm

from fracturelens.networks.litert import LitertPredictor
from training.quantize.fold_network import fold_network
from training.quantize.litert_export import export_float32, export_int8
from training.screening.head import Head

FEATURES = "average"
"""Layer whose output the head reads."""
HEAD = "kinds"
"""Layer that holds the head."""


def build_screening(size: int, kinds: int, weights: str | None):
    """MobileNetV3-Large minimalistic, its features averaged, and a linear head.

    Args:
        size: side of the input, pixels, a multiple of 32.
        kinds: outputs.
        weights: path of a keras.applications weight file, "imagenet" (downloads), or None.

    Returns:
        keras.Model, float32 (N, size, size, 3) in [0, 1] -> logits (N, kinds).
    """
    inputs = keras.Input((size, size, 3), name="xray")
    scaled = layers.Rescaling(2.0, offset=-1.0, name="to_backbone_range")(inputs)
    backbone = keras.applications.MobileNetV3Large(
        input_tensor=scaled,
        include_top=False,
        minimalistic=True,
        weights=weights,
        include_preprocessing=False,
    )
    features = layers.GlobalAveragePooling2D(name=FEATURES)(backbone.output)
    return keras.Model(inputs, layers.Dense(kinds, name=HEAD)(features), name="screening")


def export_features(model, images: Sequence[np.ndarray]) -> bytes:
    """INT8 LiteRT file that gives the features of a picture.

    Args:
        model: of `build_screening`.
        images: uint8 (size, size), views that set the ranges of the numbers.
    """
    features = keras.Model(model.input, model.get_layer(FEATURES).output)
    return _export(features, images)


def export_screening(model, head: Head, images: Sequence[np.ndarray]) -> bytes:
    """INT8 LiteRT file of the whole network.

    Args:
        model: of `build_screening`; gets the head's weights.
        head: fitted on features of `export_features` with the same images.
        images: as of `export_features`.
    """
    model.get_layer(HEAD).set_weights([head.weights, head.bias])
    return _export(model, images)


def run_file(file: bytes, views: Iterable[np.ndarray], total: int, told: str) -> np.ndarray:
    """Outputs of a LiteRT file for uint8 (size, size) views, float32 (N, outputs)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.tflite"
        path.write_bytes(file)
        network = LitertPredictor(path)
    progress = tqdm(views, total=total, desc=told, unit="view", disable=None)
    return np.concatenate([network(network_batch(view)) for view in progress])


def network_batch(view: np.ndarray) -> np.ndarray:
    """A uint8 (size, size) view as the network takes it, float32 (1, size, size, 3) in [0, 1]."""
    scaled = view.astype(np.float32) / np.float32(255)
    return np.repeat(scaled[np.newaxis, ..., np.newaxis], 3, axis=3)


def _export(model, images: Sequence[np.ndarray]) -> bytes:
    return export_int8(export_float32(fold_network(model)), [network_batch(i) for i in images])
