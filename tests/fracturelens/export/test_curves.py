"""Training curves as CSV and PNG."""

import csv

import pytest

from fracturelens.export.curves import histories_csv, histories_png
from fracturelens.networks.history import read_history
from important_variables import DISCLAIMER
from tests.helpers.app_helpers import pixels, write_history


@pytest.fixture
def history(tmp_path):
    write_history(tmp_path, "unet", [0.1, 0.4, 0.3])
    return read_history("unet", tmp_path)


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
