import csv
import json

import numpy as np
import pytest
from PIL import Image

from app_pages.reports import download_name, lesion_rows, notice_png, results_csv, results_json
from important_variables import DISCLAIMER, Thresholds
from prediction import FracturePrediction, Lesion, Segmentation, Verdict
from tests.app_helpers import pixels

POINTS = Thresholds(0.2, 0.6, {"encoder_decoder": 0.5, "unet": 0.4})


@pytest.fixture
def found():
    empty = np.zeros((4, 5), bool)
    lesions = (Lesion(1, (1, 2, 3, 1), 3, 15.0, 0.91), Lesion(2, (0, 0, 1, 1), 1, 5.0, 0.5))
    segmentations = {"unet": Segmentation("unet", empty.astype(np.float32), empty, lesions)}
    return FracturePrediction(0.87654321, Verdict.FRACTURE, POINTS, segmentations)


NONE = FracturePrediction(0.05, Verdict.NONE_SEEN, POINTS, {})


def test_json_carries_the_notice_and_every_result(found):
    content = json.loads(results_json([("wrist.png", found), ("knee.png", NONE)]))
    assert content["notice"] == DISCLAIMER
    assert "FracAtlas" in content["attribution"]
    assert [result["verdict"] for result in content["results"]] == ["fracture", "no fracture seen"]
    assert content["results"][0]["lesions"][0]["box"] == [1, 2, 3, 1]


def test_csv_has_a_row_for_each_lesion_and_one_for_none(found):
    rows = list(
        csv.DictReader(results_csv([("a.png", found), ("b.png", NONE)]).decode().splitlines())
    )
    assert [(row["file"], row["lesion"]) for row in rows] == [
        ("a.png", "1"),
        ("a.png", "2"),
        ("b.png", ""),
    ]
    assert {row["notice"] for row in rows} == {DISCLAIMER}
    assert rows[0]["gate_probability"] == "0.8765"
    assert [rows[0][key] for key in ("x", "y", "width", "height")] == ["1", "2", "3", "1"]


@pytest.mark.parametrize("name", ["=1+1.png", "+cmd.png", "-2.png", "@sum.png"])
def test_csv_disarms_formulas(name):
    [row] = csv.DictReader(results_csv([(name, NONE)]).decode().splitlines())
    assert row["file"] == f"'{name}"


def test_lesion_table(found):
    rows = lesion_rows(found)
    assert rows[0] == {
        "network": "U-Net",
        "lesion": 1,
        "x": 1,
        "y": 2,
        "width": 3,
        "height": 1,
        "area_pixels": 3,
        "area_percent": 15.0,
        "peak_probability": 0.91,
    }
    assert len(rows) == 2


def test_png_keeps_every_pixel_and_carries_the_notice(tmp_path):
    mask = np.array([[0, 255], [255, 0]], np.uint8)
    data = notice_png(mask)
    np.testing.assert_array_equal(pixels(data), mask)
    path = tmp_path / "mask.png"
    path.write_bytes(data)
    with Image.open(path) as image:
        assert image.text["Disclaimer"] == DISCLAIMER


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wrist.png", "wrist_mask.png"),
        ("../../etc/passwd", "passwd_mask.png"),
        ("C:\\films\\my wrist.jpg", "my_wrist_mask.png"),
        ("", "xray_mask.png"),
    ],
)
def test_download_names_are_plain(name, expected):
    assert download_name(name, "_mask.png") == expected
