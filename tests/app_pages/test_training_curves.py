import pytest
from streamlit.testing.v1 import AppTest

import app_pages.training_curves
from fracturelens.networks.card import ModelCard, write_card
from tests.helpers.app_helpers import html, write_history


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(app_pages.training_curves, "SAVED_MODELS", tmp_path)
    return tmp_path


def draw():
    def script():
        from app_pages import training_curves

        training_curves.show()

    page = AppTest.from_function(script, default_timeout=60).run()
    assert not page.exception
    return page


def charts(page):
    return len(page.get("vega_lite_chart"))


def test_before_training_each_network_names_its_command(folder):
    page = draw()
    assert [f"train {name}" in page.info[i].value for i, name in enumerate(NAMES)] == [True] * 3
    assert charts(page) == 0
    assert "Not for diagnosis" in html(page)


def test_both_networks_overlaid_or_apart(folder):
    for name in NAMES:
        write_history(folder, name, [0.2, 0.4, 0.3])
    page = draw()
    assert charts(page) == 7, "four of the segmenters, three of the gate"
    best = page.table[0].value.to_dict("records")[0]
    assert best == {"Figure": "Best epoch", "Encoder-decoder": "2 of 3", "U-Net": "2 of 3"}
    page.segmented_control(key="curves_layout").set_value("Apart").run()
    assert not page.exception
    assert charts(page) == 11, "eight of the segmenters, three of the gate"


def test_one_network_alone(folder):
    write_history(folder, "unet", [0.2])
    page = draw()
    assert charts(page) == 4
    assert len(page.info) == 2


def test_notes_of_a_run_stand_beside_its_curves(folder):
    write_history(folder, "unet", [0.2])
    note = "The rate was dropped at epoch 33."
    write_card(ModelCard("unet", "U-Net", 1, {}, training={"notes": [note]}), folder)
    [notes] = [box for box in draw().expander if box.label == "Notes on these runs"]
    assert notes.markdown[0].value == f"- U-Net: {note}"


def test_the_xrays_behind_the_validation_curves_are_named(folder):
    watched = {"watched_val": {"pictures": 9, "fractured": 4}}
    for name in NAMES:
        write_history(folder, name, [0.2])
        write_card(ModelCard(name, name, 1, {}, data=watched), folder)
    said = [
        caption.value for caption in draw().caption if "on 9 of the validation" in caption.value
    ]
    assert len(said) == 2, "once for both segmenters, once for the gate"


NAMES = ("encoder_decoder", "unet", "gate")
