"""The page of the training curves: charts by the networks' specs, notes, and what is missing."""

import pytest
from streamlit.testing.v1 import AppTest

from fracturelens.networks.card import ModelCard, write_card
from important_variables import GATE, segmenters
from tests.helpers.app_helpers import THIRD, fake_inference, html, write_history

NAMES = (*segmenters(), GATE)


def write_named_card(folder, name, **changes):
    write_card(ModelCard(name, name, 1, fake_inference(name), **changes), folder)


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
    assert [text.value.split("`")[1] for text in page.info] == [
        f"fracturelens train {name}" for name in NAMES
    ]
    assert charts(page) == 0
    assert "Not for diagnosis" in html(page)


def test_both_networks_overlaid_or_apart(folder):
    for name in NAMES:
        write_history(folder, name, [0.2, 0.4, 0.3])
    page = draw()
    assert charts(page) == 7, "four of the segmenters, three of the gate"
    best = page.table[0].value.to_dict("records")[0]
    assert best == {"Figure": "Best epoch", "Encoder-decoder": "2 of 3", "U-Net": "2 of 3"}
    page.segmented_control(key="curves_layout").set_value("apart").run()
    assert not page.exception
    assert charts(page) == 11, "eight of the segmenters, three of the gate"


def test_one_network_alone(folder):
    write_history(folder, "unet", [0.2])
    page = draw()
    assert charts(page) == 4
    assert len(page.info) == 2


def test_a_damaged_history_is_told_and_the_others_are_drawn(folder):
    write_history(folder, "unet", [0.2, 0.4])
    write_history(folder, "encoder_decoder", [0.2, 0.4])
    (folder / "unet" / "history.csv").write_bytes(b"epoch,loss\n1,\xff\n")
    page = draw()
    assert charts(page) == 4
    assert f"`git checkout -- {folder / 'unet' / 'history.csv'}`" in page.warning[0].value


def test_notes_of_a_run_stand_beside_its_curves(folder):
    write_history(folder, "unet", [0.2])
    note = "The rate was dropped at epoch 33."
    write_named_card(folder, "unet", training={"notes": [note]})
    [notes] = [box for box in draw().expander if box.label == "Notes on these runs"]
    assert notes.markdown[0].value == f"- U-Net: {note}"


def test_the_xrays_behind_the_validation_curves_are_named(folder):
    watched = {"watched_val": {"pictures": 9, "fractured": 4}}
    for name in NAMES:
        write_history(folder, name, [0.2])
        write_named_card(folder, name, data=watched)
    said = [
        caption.value for caption in draw().caption if "on 9 of the validation" in caption.value
    ]
    assert len(said) == 2, "once for both segmenters, once for the gate"


def test_a_third_network_has_its_curves_too(folder, networks):
    networks["third"] = THIRD
    for name in (*NAMES, "third"):
        write_history(folder, name, [0.2, 0.4, 0.3])
    page = draw()
    assert charts(page) == 7, "in the charts of the other segmenters"
    best = page.table[0].value.to_dict("records")[0]
    assert list(best) == ["Figure", "Encoder-decoder", "U-Net", "Third"]
    page.segmented_control(key="curves_layout").set_value("apart").run()
    assert not page.exception
    assert charts(page) == 15, "twelve of the segmenters, three of the gate"


def test_an_app_with_one_segmenter_has_nothing_to_overlay(folder, networks):
    del networks["encoder_decoder"]
    for name in ("unet", GATE):
        write_history(folder, name, [0.2, 0.4])
    page = draw()
    assert charts(page) == 7 and not page.info
    assert not page.get("segmented_control")


@pytest.mark.parametrize("kind", ["csv", "png"])
def test_the_curves_can_be_taken_away(folder, monkeypatch, kind):
    files = {}
    monkeypatch.setattr(
        "streamlit.download_button", lambda _, data, *__, key, **___: files.update({key: data})
    )
    for name in NAMES:
        write_history(folder, name, [0.2, 0.4])
    page = draw()
    assert files == {}, "nothing is made before somebody asks for it"
    for key in ("curves", "gate_curves"):
        page.session_state[f"downloads_{key}"] = True
    page.run()
    assert set(files) == {
        f"download_{key}_{end}" for key in ("curves", "gate_curves") for end in ("csv", "png")
    }
    start = {"csv": b"network,epoch", "png": b"\x89PNG"}[kind]
    assert all(
        files[f"download_{key}_{kind}"].startswith(start) for key in ("curves", "gate_curves")
    )


def test_the_columns_of_the_epochs_have_words(folder):
    for name in NAMES:
        write_history(folder, name, [0.2, 0.4])
    columns = [column for table in draw().dataframe for column in table.value.columns]
    assert "Epoch" in columns
    assert "Dice on fractured X-rays, training" in columns
    assert "Dice on fractured X-rays, validation" in columns
    assert not [column for column in columns if "_" in column]


def test_dashes_and_dice_are_explained(folder):
    write_history(folder, "unet", [0.2, 0.4])
    said = " ".join(caption.value for caption in draw().caption)
    assert "Dashed lines show training" in said
    assert "Training Dice can lie below validation Dice, because" in said
