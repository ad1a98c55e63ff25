"""The cost of another mode is measured, on as many pictures as it says."""

import time

import numpy as np

from fracturelens.networks.card import ModelCard
from fracturelens.networks.inference import gate_inference
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import Mode
from tests.helpers.small_fracatlas import write_small_fracatlas
from training.data.dataset import read_fracatlas
from training.evaluate.mode_cost import mode_cost


def slow(batch):
    time.sleep(0.02)
    return np.zeros((len(batch), 1), np.float32)


def test_asking_twice_takes_twice_as_long(tmp_path):
    xrays = read_fracatlas(write_small_fracatlas(tmp_path))
    network = Predictor(slow, ModelCard("gate", "Gate", 1, gate_inference(64)), "float32")
    cost = mode_cost([network], xrays, Mode.FLIPS)
    assert cost.images == len(xrays)
    assert cost.usual_ms >= 20 and cost.mode_ms >= 40
    assert mode_cost([network, network], xrays[:1], Mode.WHOLE).usual_ms >= 40
