import csv
import json

import pytest

from app_pages.charts import curve_chart, line_chart
from app_pages.histories import (
    Curve,
    baseline_of,
    chart_rows,
    curves_of,
    histories_csv,
    histories_png,
)
from important_variables import DISCLAIMER
from tests.app_helpers import pixels, write_history
from training_history import read_history

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


def test_curve_chart_draws_lines_best_epoch_and_baseline(history):
    rows = chart_rows([history], DICE)
    chart = curve_chart(rows, ["Encoder-decoder", "U-Net"], 0.99, (0, 1))
    marks = [layer["mark"]["type"] for layer in chart["layer"]]
    assert marks == ["line", "rule", "point", "rule", "text", "rule", "text"]
    line, pointer = chart["layer"][:2]
    assert line["encoding"]["color"]["scale"]["domain"] == ["Encoder-decoder", "U-Net"]
    assert line["encoding"]["color"]["legend"]["values"] == ["U-Net"]
    assert line["encoding"]["y"]["scale"]["domain"] == [0, 1]
    assert [tip["field"] for tip in pointer["encoding"]["tooltip"]] == [
        "epoch",
        "U-Net, train",
        "U-Net, validation",
    ]
    json.dumps(chart, allow_nan=False)
    assert len(curve_chart(rows, ["U-Net"], None)["layer"]) == 5


def test_line_chart_shows_values_and_chance():
    rows = [{"fpr": 0.0, "tpr": 0.5, "threshold": 0.9, "series": "gate", "order": 0}]
    chart = line_chart(rows, ("fpr", "FPR"), ("tpr", "TPR"), diagonal=True)
    assert len(chart["layer"]) == 3
    tips = [tip["field"] for tip in chart["layer"][-1]["encoding"]["tooltip"]]
    assert tips == ["fpr", "tpr", "threshold", "series"]
    assert chart["layer"][1]["encoding"]["color"]["legend"] is None
