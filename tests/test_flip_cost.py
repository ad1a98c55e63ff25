"""The cost of mirror averaging is measured, on as many pictures as it says."""

import time

import numpy as np

from create_segmentation_model import Predictor
from model_card import ModelCard
from tests.small_fracatlas import write_small_fracatlas
from training.dataset import read_fracatlas
from training.flip_cost import flip_cost


def slow(batch):
    time.sleep(0.02)
    return np.zeros((len(batch), 1), np.float32)


def test_looking_twice_takes_twice_as_long(tmp_path):
    xrays = read_fracatlas(write_small_fracatlas(tmp_path))
    network = Predictor(slow, 64, ModelCard("gate", "Gate", 1, {}), "float32")
    cost = flip_cost([network], xrays)
    assert cost["images"] == len(xrays)
    assert cost["once_ms"] >= 20 and cost["flips_ms"] >= 40
    assert flip_cost([network, network], xrays[:1])["once_ms"] >= 40
