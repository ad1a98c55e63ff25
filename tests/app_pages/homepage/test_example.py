"""The homepage's examples: the networks' real output on synthetic samples, one for each verdict."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from app_pages.homepage.example import Example, _example, _words, choose
from fracturelens.measured.words import VERDICTS
from fracturelens.results import Thresholds, Verdict
from important_variables import NETWORKS, SEVERAL_MARK, segmenters
from tests.helpers.app_helpers import fake_engine, pixels

ENTRY = {"file": "forearm_broken.png", "description": "Forearm, oblique fracture of the radius"}


@pytest.fixture(autouse=True)
def nothing_cached():
    st.cache_data.clear()


def drawn(doubtful, fracture):
    """The example of a gate that answers with the sample's brightness, and its picture."""
    engine = fake_engine(Thresholds(doubtful, fracture, dict.fromkeys(segmenters(), 0.5)))
    example = _example(ENTRY, engine)
    return example, pixels(example.picture).astype(int)


def inked(picture, color):
    return int((np.abs(picture - color).max(axis=2) < 12).sum())


def an_example(verdict, probability):
    return Example(Path("a.png"), "Hand, whole bones", verdict, probability, b"")


def test_the_picture_shows_the_marks_of_all_networks():
    example, picture = drawn(0.0, 0.01)
    assert example.verdict is Verdict.FRACTURE and example.title == "forearm, broken"
    assert inked(picture, SEVERAL_MARK) > 100
    assert inked(picture, NETWORKS["unet"].mark) > 100
    _, hints = drawn(0.0, 1.0)
    assert 0 < inked(hints, SEVERAL_MARK) < inked(picture, SEVERAL_MARK), "hints are dotted"


def test_nothing_is_marked_where_no_fracture_is_found():
    example, picture = drawn(0.99, 0.995)
    assert example.verdict is Verdict.NO_FRACTURE
    assert np.ptp(picture, axis=2).max() < 30, "gray"


def test_the_clearest_of_each_verdict_is_chosen():
    found = [
        an_example(verdict, probability)
        for verdict, probability in (
            (Verdict.NO_FRACTURE, 0.04),
            (Verdict.FRACTURE, 0.6),
            (Verdict.NO_FRACTURE, 0.01),
            (Verdict.DOUBTFUL, 0.2),
            (Verdict.FRACTURE, 0.9),
        )
    ]
    assert [one.probability for one in choose(found)] == [0.9, 0.2, 0.01]
    assert "None of our samples" not in _words(choose(found))


def test_a_verdict_that_no_sample_gets_is_told():
    [chosen] = choose([an_example(Verdict.DOUBTFUL, 0.2)])
    words = _words([chosen, replace(chosen, verdict=Verdict.FRACTURE)])
    assert f"None of our samples gets “{VERDICTS[Verdict.NO_FRACTURE]}”." in words
