"""The homepage's example: the networks' real output on a synthetic sample."""

import numpy as np

from app_pages.homepage.example import _example
from fracturelens.findings.views import NETWORK_COLOURS
from important_variables import SAMPLES, Thresholds
from tests.helpers.app_helpers import fake_predictor, pixels

NETWORKS = {name: fake_predictor(name, "int8") for name in ("gate", "encoder_decoder", "unet")}
SAMPLE = SAMPLES / "forearm_broken.png"
MASK = dict.fromkeys(NETWORK_COLOURS, 0.5)


def drawn(doubtful, fracture):
    """Pictures of a gate that answers with the sample's brightness, and its verdict."""
    points = Thresholds(doubtful, fracture, MASK)
    pictures, verdict, _ = _example(SAMPLE, (str(points),), points, NETWORKS)
    return {name: pixels(data).astype(int) for name, data in pictures.items()}, verdict


def inked(picture, network):
    return int((np.abs(picture - NETWORK_COLOURS[network]).max(axis=2) < 12).sum())


def test_each_picture_shows_its_own_network():
    pictures, verdict = drawn(0.0, 0.01)
    assert verdict == "fracture"
    for name, other in (("unet", "encoder_decoder"), ("encoder_decoder", "unet")):
        assert inked(pictures[name], name) > 100
        assert inked(pictures[name], other) == 0
    assert inked(pictures["unet"], "unet") > inked(drawn(0.0, 1.0)[0]["unet"], "unet"), (
        "hints are dotted"
    )


def test_nothing_is_marked_where_no_fracture_is_seen():
    pictures, verdict = drawn(0.99, 0.995)
    assert verdict == "no fracture seen"
    assert [inked(picture, name) for name, picture in pictures.items()] == [0, 0]
