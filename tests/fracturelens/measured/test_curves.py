"""Training curves as rows for charts."""

from dataclasses import replace

import pytest

from fracturelens.measured.curves import baseline_of, chart_rows, curves_of, watched_words
from fracturelens.networks.card import ModelCard
from fracturelens.networks.history import read_history
from important_variables import SEGMENTER_CURVES, Curve
from tests.helpers.app_helpers import THIRD, fake_inference, write_history

DICE = Curve("dice_positives", "Dice")


@pytest.fixture
def history(tmp_path):
    write_history(tmp_path, "unet", [0.1, 0.4, 0.3])
    return read_history("unet", tmp_path)


def test_cells_without_a_number_are_left_out(tmp_path):
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "history.csv").write_text(
        "epoch,loss,val_dice_positives\n1,nan,0.1\n2,,0.3\n3,0.5,broken\n"
    )
    history = read_history("unet", tmp_path)
    assert history.best_epoch == 2
    rows = chart_rows([history], Curve("loss", "Loss"))
    assert [(row["epoch"], row["value"]) for row in rows] == [(3, 0.5)]


def test_chart_rows_tell_split_network_and_best(history):
    rows = chart_rows([history], DICE)
    assert len(rows) == 6
    assert rows[3] == {
        "epoch": 2,
        "value": 0.4,
        "network": "U-Net",
        "split": "validation",
        "series": "U-Net, validation",
        "best": True,
    }
    assert sum(row["best"] for row in rows) == 1


def test_baseline_is_the_all_background_accuracy(history):
    accuracy = SEGMENTER_CURVES[-1]
    assert accuracy.column == "pixel_accuracy"
    assert baseline_of([history], accuracy) == 0.9992
    assert baseline_of([history], DICE) is None


def test_the_measures_of_several_networks_are_each_named_once(tmp_path, networks):
    own = Curve("sharpness", "Sharpness")
    networks["third"] = replace(THIRD, curves=(*SEGMENTER_CURVES[:2], own))
    for name in ("unet", "third"):
        write_history(tmp_path, name, [0.2])
    histories = [read_history(name, tmp_path) for name in ("unet", "third")]
    assert curves_of(histories) == [*SEGMENTER_CURVES, own]


def test_a_further_network_has_curves_by_its_spec(tmp_path, networks):
    networks["third"] = THIRD
    write_history(tmp_path, "third", [0.2])
    rows = chart_rows([read_history("third", tmp_path)], THIRD.curves[0])
    assert {row["series"] for row in rows} == {"Third, train", "Third, validation"}


def test_the_watched_part_of_validation_is_named_with_its_numbers():
    card = ModelCard("unet", "U-Net", 1, fake_inference("unet"))
    assert watched_words(card) == ""
    told = replace(card, data={"watched_val": {"pictures": 9, "fractured": 4}})
    assert "on 9 of the validation X-rays: all 4 fractured ones and 5" in watched_words(told)
    assert "twice" not in watched_words(told)
    changed = {"pictures": 9, "fractured": 4, "changed": 9}
    assert "twice" in watched_words(replace(card, data={"watched_val": changed}))
