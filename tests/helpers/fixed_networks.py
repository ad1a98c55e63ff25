"""Networks that always say the same and count how often they are asked."""

from dataclasses import replace

import numpy as np

from fracturelens.networks.card import ModelCard
from fracturelens.networks.inference import gate_inference, segmenter_inference
from fracturelens.networks.predictor import Predictor
from fracturelens.results import Thresholds
from important_variables import GATE
from prediction import Engine

THRESHOLDS = Thresholds(0.2, 0.7, {"unet": 0.5, "encoder_decoder": 0.5}, min_lesion_share=0.0)
GATE_SIZE, SIZE = 320, 256


class Fixed:
    """A network that answers with one array and counts its calls."""

    def __init__(self, answer, size):
        self.answer = np.asarray(answer, np.float32)
        self.size = size
        self.calls = 0

    def __call__(self, batch):
        assert batch.dtype == np.float32 and batch.shape == (1, self.size, self.size, 3)
        self.calls += 1
        return self.answer[None]


def fixed(name, answer, **changes):
    """A network that always gives one answer; `changes` are fields of its inference block."""
    size = GATE_SIZE if name == GATE else SIZE
    start = gate_inference(size) if name == GATE else segmenter_inference(size, enlarged=False)
    card = ModelCard(name, name, 1, replace(start, **{"views": ()} | changes))
    return Predictor(Fixed(answer, size), card, "float32")


def spots(*boxes):
    """Softmax map of `SIZE` px with fracture 0.9 in boxes (x, y, width, height)."""
    fracture = np.full((SIZE, SIZE), 0.1, np.float32)
    for x, y, width, height in boxes:
        fracture[y : y + height, x : x + width] = 0.9
    return np.stack([1 - fracture, fracture], -1)


def engine_of(gate, maps=None, thresholds=THRESHOLDS, **changes):
    """An engine whose gate says `gate`; by default only the U-Net marks anything."""
    maps = maps or {"unet": spots((40, 100, 20, 10)), "encoder_decoder": spots()}
    networks = {GATE: fixed(GATE, [gate])} | {name: fixed(name, one) for name, one in maps.items()}
    return replace(Engine(networks, "float32", thresholds), **changes)


def calls(engine):
    """How often each network was asked."""
    return {name: network.run.calls for name, network in engine.networks.items()}
