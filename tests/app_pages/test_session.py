"""Loading networks: what the page says meanwhile, what it starts with, what it keeps."""

import os
from contextlib import nullcontext
from dataclasses import replace

import pytest

import app_pages.session
from app_pages.session import load_engine, load_networks, precisions
from create_segmentation_model import MissingModelError
from fracturelens.networks.card import read_card, write_card
from important_variables import GATE, NETWORKS, segmenters
from tests.helpers.app_helpers import THIRD, fake_load_model, fake_predictor, write_cards

NAMES = tuple(NETWORKS)


@pytest.fixture
def cards(folder, monkeypatch):
    """The folder with cards, and stand-ins instead of the networks' files."""
    write_cards(folder)
    monkeypatch.setattr(app_pages.session, "load_model", fake_load_model)
    return folder


def write_int8(folder, names):
    for name in names:
        (folder / name).mkdir()
        (folder / name / "model_int8.tflite").write_bytes(b"x")


def test_the_page_says_what_it_waits_for_and_how_far_it_is(folder, monkeypatch):
    said = []
    monkeypatch.setattr("streamlit.spinner", lambda text: said.append(text) or nullcontext())
    monkeypatch.setattr(app_pages.session, "load_model", lambda name, *_: fake_predictor(name))
    networks, problems = load_networks("float32")
    assert set(networks) == set(NETWORKS) and problems == {}
    assert all(text.startswith("TensorFlow is starting") for text in said)
    assert [text.rsplit(": ", 1)[1] for text in said] == [
        "Gate, 1 of 3…",
        "Encoder-decoder, 2 of 3…",
        "U-Net, 3 of 3…",
    ]


def test_a_further_network_is_waited_for_too(folder, monkeypatch, networks):
    said = []
    networks["third"] = THIRD
    monkeypatch.setattr("streamlit.spinner", lambda text: said.append(text) or nullcontext())
    monkeypatch.setattr(app_pages.session, "load_model", lambda name, *_: fake_predictor(name))
    assert set(load_networks("int8")[0]) == {*NAMES, "third"}
    assert said[-1].endswith("Third, 4 of 4…")


def test_a_missing_network_leaves_its_remedy(folder, monkeypatch):
    def load(name, *_):
        raise MissingModelError(f"Make {name}.")

    monkeypatch.setattr(app_pages.session, "load_model", load)
    networks, problems = load_networks("int8")
    assert networks == {} and problems == {name: f"Make {name}." for name in NETWORKS}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (NAMES, ["int8", "float32"]),
        (NAMES[:2], ["float32", "int8"]),
        ((), ["float32"]),
    ],
)
def test_int8_comes_first_where_no_network_is_missing(folder, names, expected):
    write_int8(folder, names)
    assert precisions() == expected


def test_the_engine_has_what_can_be_loaded(cards):
    (cards / "unet" / "card.json").unlink()
    engine, problems = load_engine("int8")
    assert set(engine.networks) == {GATE, "encoder_decoder"}
    assert list(engine.thresholds.mask) == ["encoder_decoder"]
    assert "'unet' was not trained yet" in problems["unet"]


def test_there_is_no_engine_without_a_gate(cards):
    (cards / GATE / "card.json").unlink()
    engine, problems = load_engine("int8")
    assert engine is None and set(problems) == {GATE}


def test_one_segmenter_makes_an_engine(cards, networks):
    del networks["encoder_decoder"]
    engine, problems = load_engine("int8")
    assert problems == {} and set(engine.networks) == {GATE, "unet"} == {GATE, *segmenters()}


def test_an_engine_is_kept_until_a_card_changes(cards):
    first, _ = load_engine("int8")
    assert load_engine("int8")[0] is first
    card = read_card(GATE, cards)
    chosen = {"float32": {"doubtful": 0.3, "fracture": 0.9}}
    path = write_card(replace(card, inference=replace(card.inference, thresholds=chosen)), cards)
    os.utime(path, (2e9, 2e9))
    second, _ = load_engine("int8")
    assert second.thresholds.fracture == 0.9
