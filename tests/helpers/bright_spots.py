"""Small pictures with a bright spot or without one, and networks that see it."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from fracturelens.networks.card import ModelCard
from fracturelens.networks.inference import gate_inference, segmenter_inference
from fracturelens.networks.predictor import Predictor
from fracturelens.results import Thresholds
from important_variables import GATE, segmenters
from prediction import Engine


def write_picture(path: Path, *, bright: bool) -> Path:
    """Shades of dark gray, 80 x 64 pixels, with a bright spot or with none.

    A rim gives it the contrast of a film, so that its own is not stretched.
    """
    shades = 20 + np.add.outer(np.arange(80), np.arange(64)) // 4
    shades[:3] = 0
    shades[-3:] = 140
    image = np.repeat(shades[..., None].astype(np.uint8), 3, axis=2)
    if bright:
        image[30:40, 20:30] = 250
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), image)
    return path


def write_color(path: Path) -> Path:
    """A picture that no one takes for an X-ray."""
    image = cv2.imread(str(write_picture(path, bright=True)))
    image[..., 2] = 255 - image[..., 2]
    cv2.imwrite(str(path), image)
    return path


def spotting_engine(**changes) -> Engine:
    """A gate that sees bright pixels, and segmenters that mark them; `changes` of thresholds."""

    def gate(batch):
        return batch.max(axis=(1, 2, 3))[:, None].astype(np.float32)

    def segmenter(batch):
        bright = (batch[..., :1] > 0.6).astype(np.float32)
        return np.concatenate([1 - bright, bright], axis=-1)

    cards = {GATE: ModelCard(GATE, GATE, 0, replace(gate_inference(256), views=()))}
    for name in segmenters():
        cards[name] = ModelCard(name, name, 0, segmenter_inference(256, enlarged=False))
    networks = {
        name: Predictor(gate if name == GATE else segmenter, card, "int8")
        for name, card in cards.items()
    }
    start = {"doubtful": 0.6, "fracture": 0.7, "mask": dict.fromkeys(segmenters(), 0.5)}
    return Engine(networks, "int8", Thresholds(**start | {"min_lesion_share": 0.0} | changes))
