import csv
import json

import numpy as np
import pytest
from PIL import Image

from fracturelens.export.csv import results_csv
from fracturelens.export.png import notice_png
from fracturelens.export.records import Report, download_name, results_json
from fracturelens.measured.shares import RegionShare
from fracturelens.results import FracturePrediction, Lesion, Segmentation, Verdict
from fracturelens.screening.check import Refusal
from important_variables import DISCLAIMER, Thresholds
from tests.helpers.app_helpers import pixels

POINTS = Thresholds(0.2, 0.6, {"encoder_decoder": 0.5, "unet": 0.4})
SHARE = RegionShare(0.66004, 0.54, 0.77, 103, 156, "val")
COLOUR = Refusal("colour", "This is a colour picture.", "Bring a gray one.")


@pytest.fixture
def found():
    empty = np.zeros((4, 5), bool)
    lesions = (
        Lesion(1, (1, 2, 3, 1), 3, 15.0, 0.91, True),
        Lesion(2, (0, 0, 1, 1), 1, 5.0, 0.5, False),
    )
    segmentations = {"unet": Segmentation("unet", empty.astype(np.float32), empty, lesions)}
    return FracturePrediction(0.87654321, Verdict.FRACTURE, POINTS, segmentations)


NONE = FracturePrediction(0.05, Verdict.NONE_SEEN, POINTS, {})


def csv_rows(*reports):
    return list(csv.DictReader(results_csv(reports).decode().splitlines()))


def json_results(*reports):
    return json.loads(results_json(reports))["results"]


def test_json_carries_the_notice_and_every_result(found):
    content = json.loads(results_json([Report("wrist.png", found), Report("knee.png", NONE)]))
    assert content["notice"] == DISCLAIMER
    assert "FracAtlas" in content["attribution"]
    assert [result["verdict"] for result in content["results"]] == ["fracture", "no fracture seen"]
    assert content["results"][0]["lesions"][0]["box"] == [1, 2, 3, 1]


def test_json_tells_who_marked_a_lesion_and_what_was_measured_of_such(found):
    [result] = json_results(Report("a.png", found, {"Both networks": SHARE}))
    first, second = result["lesions"]
    assert first["marked_by"] == "Both networks"
    assert first["measured"]["true"] == 103 and first["measured"]["split"] == "val"
    assert second["marked_by"] == "U-Net only" and second["measured"] is None


def test_csv_has_a_row_for_each_lesion_and_one_for_none(found):
    rows = csv_rows(Report("a.png", found), Report("b.png", NONE))
    assert [(row["file"], row["lesion"]) for row in rows] == [
        ("a.png", "1"),
        ("a.png", "2"),
        ("b.png", ""),
    ]
    assert {row["notice"] for row in rows} == {DISCLAIMER}
    assert rows[0]["gate_probability"] == "0.8765"
    assert [rows[0][key] for key in ("x", "y", "width", "height")] == ["1", "2", "3", "1"]
    assert [rows[0][key] for key in ("area_pixels", "area_percent")] == ["3", "15.0"]


def test_csv_tells_who_marked_a_lesion_and_what_was_measured_of_such(found):
    first, second = csv_rows(Report("a.png", found, {"Both networks": SHARE}))
    columns = ("marked_by", "measured_share", "measured_regions", "measured_on", "mean_probability")
    assert [first[key] for key in columns] == ["Both networks", "0.66", "156", "validation", "0.91"]
    assert [second[key] for key in columns] == ["U-Net only", "", "", "", "0.5"]


def test_files_without_a_verdict_stand_with_their_reason():
    reports = Report("photo.png", refusal=COLOUR), Report("text.png", error="It is no picture.")
    refused, unread = csv_rows(*reports)
    assert (refused["verdict"], refused["refused_as"]) == ("refused", "colour")
    assert refused["refused_because"] == COLOUR.seen
    assert (unread["verdict"], unread["error"]) == ("not read", "It is no picture.")
    refused, unread = json_results(*reports)
    assert (refused["verdict"], refused["reason"]) == ("refused", COLOUR.seen)
    assert unread == {"file": "text.png", "error": "It is no picture."}


def test_a_verdict_despite_a_refusal_says_so(found):
    report = Report("photo.png", found, refusal=COLOUR)
    assert {row["refused_as"] for row in csv_rows(report)} == {"colour"}
    assert {row["verdict"] for row in csv_rows(report)} == {"fracture"}
    [result] = json_results(report)
    assert result["judged_despite"] == {"kind": "colour", "reason": COLOUR.seen}
    assert "judged_despite" not in json_results(Report("a.png", found))[0]


@pytest.mark.parametrize("name", ["=1+1.png", "+cmd.png", "-2.png", "@sum.png"])
def test_csv_disarms_formulas(name):
    assert csv_rows(Report(name, NONE))[0]["file"] == f"'{name}"


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
