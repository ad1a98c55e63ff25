"""The cost of another look is measured, on as many pictures as it says."""

import time

import numpy as np

from fracturelens.networks.card import ModelCard
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import Look
from tests.helpers.small_fracatlas import write_small_fracatlas
from training.data.dataset import read_fracatlas
from training.evaluate.tiling_cost import look_cost


def slow(batch):
    time.sleep(0.02)
    return np.zeros((len(batch), 1), np.float32)


def test_looking_twice_takes_twice_as_long(tmp_path):
    xrays = read_fracatlas(write_small_fracatlas(tmp_path))
    network = Predictor(slow, 64, ModelCard("gate", "Gate", 1, {}), "float32")
    cost = look_cost([network], xrays, Look.FLIPS)
    assert cost["images"] == len(xrays)
    assert cost["usual_ms"] >= 20 and cost["look_ms"] >= 40
    assert look_cost([network, network], xrays[:1], Look.WHOLE)["usual_ms"] >= 40
