"""Loading networks: what the page says meanwhile, and what it starts with."""

from contextlib import nullcontext

import pytest

import app_pages.session
from app_pages.session import load_networks, precisions
from create_segmentation_model import MissingModelError
from important_variables import NETWORKS
from tests.helpers.app_helpers import fake_predictor


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(app_pages.session, "SAVED_MODELS", tmp_path)
    app_pages.session.network.clear()
    return tmp_path


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


def test_a_missing_network_leaves_its_remedy(folder, monkeypatch):
    def load(name, *_):
        raise MissingModelError(f"Make {name}.")

    monkeypatch.setattr(app_pages.session, "load_model", load)
    networks, problems = load_networks("int8")
    assert networks == {} and problems == {name: f"Make {name}." for name in NETWORKS}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (NETWORKS, ["int8", "float32"]),
        (NETWORKS[:2], ["float32", "int8"]),
        ((), ["float32"]),
    ],
)
def test_int8_comes_first_where_no_network_is_missing(folder, names, expected):
    write_int8(folder, names)
    assert precisions() == expected
