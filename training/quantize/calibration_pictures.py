"""The pictures that set the ranges of an INT8 file: X-rays, and what a network is asked about."""

from dataclasses import replace

import numpy as np

from fracturelens.networks.inputs import NetworkInputs
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import run_network
from training.data.dataset import Xray


def asked_about(network: Predictor, pixels: np.ndarray) -> list[np.ndarray]:
    """All that a network is asked about one uint8 (H, W) picture, each float32 (1, S, S, 3)."""
    asked: list[np.ndarray] = []

    def answer(batch):
        asked.extend(picture[None] for picture in batch)
        return np.zeros((*batch.shape[:3], 1), np.float32)

    recorder = replace(network, run=answer)
    run_network(recorder, NetworkInputs(pixels))
    return asked


def balanced(xrays: list[Xray], count: int, seed: int) -> list[Xray]:
    """At most `count` pictures, half of them fractured where there are enough."""
    random = np.random.default_rng(seed)
    kinds = [[x for x in xrays if x.fractured], [x for x in xrays if not x.fractured]]
    picks = [random.permutation(len(kind))[: count // 2] for kind in kinds]
    return [kind[index] for kind, pick in zip(kinds, picks, strict=True) for index in sorted(pick)]
