import csv

import pytest

from fracturelens.export.curves import histories_csv, histories_png
from fracturelens.measured.curves import Curve, baseline_of, chart_rows, curves_of, watched_words
from fracturelens.networks.card import ModelCard
from fracturelens.networks.history import read_history
from important_variables import DISCLAIMER
from tests.helpers.app_helpers import pixels, write_history

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
    assert baseline_of([history], curves_of("unet")[3]) == 0.9992
    assert baseline_of([history], DICE) is None


def test_csv_holds_all_epochs_and_the_notice(history):
    rows = list(csv.DictReader(histories_csv([history]).decode().splitlines()))
    assert [row["epoch"] for row in rows] == ["1.0", "2.0", "3.0"]
    assert [row["best"] for row in rows] == ["False", "True", "False"]
    assert {row["notice"] for row in rows} == {DISCLAIMER}


def test_png_of_the_curves(history, tmp_path):
    picture = pixels(histories_png([history]))
    assert picture.shape[0] > 900
    assert picture.shape[1] == 1650
    assert picture.std() > 5, "something is drawn"


def test_the_watched_part_of_validation_is_named_with_its_numbers():
    card = ModelCard("unet", "U-Net", 1, {}, data={"watched_val": {"pictures": 9, "fractured": 4}})
    assert "on 9 of the validation X-rays: all 4 fractured ones and 5" in watched_words(card)
    assert watched_words(ModelCard("unet", "U-Net", 1, {})) == ""
