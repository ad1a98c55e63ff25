"""The homepage's example: the networks' real output on a synthetic sample."""

import numpy as np
import pytest
import streamlit as st

from app_pages.homepage.example import _example
from app_pages.session import versions_of
from fracturelens.results import Thresholds, Verdict
from important_variables import NETWORKS, SAMPLES, segmenters
from tests.helpers.app_helpers import THIRD, fake_engine, pixels

SAMPLE = SAMPLES / "forearm_broken.png"


@pytest.fixture(autouse=True)
def nothing_cached():
    st.cache_data.clear()


def drawn(doubtful, fracture):
    """Pictures of a gate that answers with the sample's brightness, and its verdict."""
    engine = fake_engine(Thresholds(doubtful, fracture, dict.fromkeys(segmenters(), 0.5)))
    pictures, verdict, _ = _example(SAMPLE, versions_of(engine), engine.thresholds, engine)
    return {name: pixels(data).astype(int) for name, data in pictures.items()}, verdict


def inked(picture, network):
    return int((np.abs(picture - NETWORKS[network].mark).max(axis=2) < 12).sum())


def test_each_picture_shows_its_own_network():
    pictures, verdict = drawn(0.0, 0.01)
    assert verdict is Verdict.FRACTURE
    for name, other in (("unet", "encoder_decoder"), ("encoder_decoder", "unet")):
        assert inked(pictures[name], name) > 100
        assert inked(pictures[name], other) == 0
    assert inked(pictures["unet"], "unet") > inked(drawn(0.0, 1.0)[0]["unet"], "unet"), (
        "hints are dotted"
    )


def test_nothing_is_marked_where_no_fracture_is_found():
    pictures, verdict = drawn(0.99, 0.995)
    assert verdict is Verdict.NO_FRACTURE
    assert [inked(picture, name) for name, picture in pictures.items()] == [0, 0]


def test_a_third_network_has_a_picture_of_its_own(networks):
    networks["third"] = THIRD
    pictures, _ = drawn(0.0, 0.01)
    assert list(pictures) == ["encoder_decoder", "unet", "third"]
    assert inked(pictures["third"], "third") > 100
