"""Made-up pictures and stand-in networks that `evaluate` can measure in a second."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from fracturelens.measured.bootstrap import Bootstrap
from fracturelens.networks.card import ModelCard
from fracturelens.networks.inference import gate_inference, segmenter_inference
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import Mode
from important_variables import GATE, NETWORKS
from tests.helpers.app_helpers import THIRD
from training.data.dataset import Xray
from training.evaluate.evaluation import evaluate

GATE_THRESHOLDS = {"doubtful": 0.3, "fracture": 0.6, "images": 24}
MASK_THRESHOLDS = {"mask": 0.5, "min_lesion_share": 0.0001, "images": 24}


def box_polygon(x, y, side):
    return np.array([[x, y], [x + side, y], [x + side, y + side], [x, y + side]], float)


def draw(path, fractured, index):
    """A gray picture of 96 x 128; a fracture is a white square of side 12."""
    image = np.full((96, 128), 60 + index, np.uint8)
    if fractured:
        image[36:48, 48:60] = 255
    cv2.imwrite(str(path), image)


@pytest.fixture
def xrays(tmp_path):
    """24 training and 24 validation pictures, every third fractured; one val label is hidden."""
    found = []
    for index in range(48):
        fractured = index % 3 == 0
        path = tmp_path / f"IMG{index:07d}.png"
        draw(path, fractured and index != 27, index)
        found.append(
            Xray(
                path.name,
                path,
                "train" if index < 24 else "val",
                fractured,
                polygons=(box_polygon(0.375, 0.375, 0.11),) if fractured else (),
                attributes={"hand": index % 2, "leg": 1 - index % 2, "frontal": 1, "hardware": 0},
            )
        )
    return found


def judge(batch):
    """The stand-in gate: sure where there is anything white."""
    return np.where(batch.max(axis=(1, 2, 3)) > 0.9, 0.9, 0.1 + 0.1 * batch[:, 128, 128, 0])[
        :, None
    ]


def paint(batch):
    """The stand-in segmenter: white is fracture."""
    seen = (batch[..., :1] > 0.9) * 0.8
    return np.concatenate([1 - seen, seen], axis=-1)


def paint_aside(batch):
    """Another one, which marks a corner of the picture besides."""
    maps = paint(batch)
    size = maps.shape[1]
    maps[:, size // 2 : size // 2 + size // 16, : size // 16, 1] = 0.7
    return maps


def stand_in(name, function, size, thresholds):
    """A network that a function plays, with its card."""
    gate = NETWORKS[name].role == "gate"
    inference = gate_inference(size) if gate else segmenter_inference(size, enlarged=False)
    inference = replace(inference, thresholds={"float32": thresholds})
    card = ModelCard(name, name, 1, inference, files={"model.keras": name[0] * 64})
    return Predictor(lambda batch: function(batch).astype(np.float32), card, "float32")


@pytest.fixture
def predictors():
    """A stand-in for each network of `NETWORKS`."""
    return {
        name: stand_in(name, judge, 256, GATE_THRESHOLDS)
        if name == GATE
        else stand_in(name, paint, 256, MASK_THRESHOLDS)
        for name in NETWORKS
    }


@pytest.fixture
def third(predictors, monkeypatch):
    """A third segmenter of another input size, which marks a corner besides."""
    monkeypatch.setitem(NETWORKS, "third", THIRD)
    predictors["third"] = stand_in("third", paint_aside, 128, MASK_THRESHOLDS)
    return predictors["third"]


@pytest.fixture
def measure(xrays, predictors, tmp_path):
    """Evaluates the named stand-ins."""

    def run(*names, split="val", mode=Mode.USUAL):
        chosen = {name: predictors[name] for name in names}
        return evaluate(chosen, xrays, split, mode, Bootstrap(draws=30), tmp_path / "scores")

    return run
