"""Distillation: a network learns what a trained gate knows, besides the labels.

Feature distillation after Romero et al. 2015 (FitNets, arXiv 1412.6550): a segmenter that starts
from nothing sees 500 lesions; the gate's backbone has seen a million photographs besides.
"""

from functools import cache
from pathlib import Path

import cv2
import keras
import numpy as np
from keras import ops

from create_segmentation_model import build_network, load_model
from fracturelens.networks.inputs import NetworkInputs
from fracturelens.networks.tiling import run_network
from important_variables import GATE, NETWORKS

FEATURES = "lesion_features"
TAUGHT = "taught"
"""Name of a gate's output that learns what a teacher says."""
DEEPEST = "bottom_conv2"
"""Names of the layers that are learned from and that learn; every segmenter's builder has it."""


class Teacher:
    """The gate's features of a batch, at the stride of a segmenter's deepest layer."""

    def __init__(self, gate: str, segmenter: str, frame: int):
        """Loads the teacher.

        Args:
            gate: .keras file of a trained gate.
            segmenter: name of the network that is taught.
            frame: side to which whole pictures are letterboxed for it, pixels.
        """
        self.gate = keras.models.load_model(gate, compile=False)
        self.stride, self.frame = NETWORKS[segmenter].deepest_stride, frame

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Features of pictures or crops.

        Args:
            images: float32 (N, S, S, 3) in [0, 1]; they are resized to the scale at which the
                gate sees whole pictures, as far as its stride of 16 allows.

        Returns:
            float32 (N, S / stride, S / stride, 64), at least 0.
        """
        side = 16 * round(images.shape[1] * self.gate.input_shape[1] / self.frame / 16)
        seen = np.stack([cv2.resize(image, (side, side)) for image in images])
        features = np.asarray(_features(self.gate, side).predict_on_batch(seen))
        grid = (images.shape[1] // self.stride,) * 2
        return np.stack([cv2.resize(f, grid) for f in features])  # area: 4 channels at most

    def head(self, segmenter):
        """The training-only output on a segmenter's deepest layer that learns the features."""
        channels = self.gate.get_layer(FEATURES).output.shape[-1]
        deepest = segmenter.get_layer(DEEPEST).output
        return keras.layers.Conv2D(channels, 1, dtype="float32", name=FEATURES)(deepest)


class GateTeacher:
    """What a trained gate says of pictures, asked as its card says."""

    def __init__(self, gate: str):
        """Loads the INT8 file beside `gate`, a .keras file in a folder with its card."""
        self.gate = load_model(GATE, "int8", Path(gate).parent.parent)

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Probabilities, float32 (N, 1), of pictures (N, S, S, 3) in [0, 1]."""
        pictures = np.rint(images[..., 0] * 255).astype(np.uint8)
        return np.stack([run_network(self.gate, NetworkInputs(one)) for one in pictures])


def relative_error(y_true, y_pred):
    """Squared error over the batch as a share of the target's own squares, a scalar >= 0."""
    return ops.sum(ops.square(y_pred - y_true)) / (ops.sum(ops.square(y_true)) + 1e-6)


@cache
def _features(gate, side: int):
    """The gate up to its lesion features, for inputs of `side` pixels."""
    resized = build_network(GATE, side)
    resized.set_weights(gate.get_weights())
    return keras.Model(resized.input, resized.get_layer(FEATURES).output)
