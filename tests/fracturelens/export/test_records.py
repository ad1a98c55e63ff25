"""Results as JSON, CSV and PNG: keys are data, and the disclaimer is inside."""

import csv
import json
from datetime import datetime, timedelta, timezone
from io import StringIO

import numpy as np
import pytest
from PIL import Image

from fracturelens.export.csv import FINDING_COLUMNS, results_csv, table_csv
from fracturelens.export.names import download_name
from fracturelens.export.png import encode_png, notice_png
from fracturelens.export.provenance import provenance_of
from fracturelens.export.records import REFUSED, UNREADABLE, Report, results_json, whole_record
from fracturelens.measured.shares import RegionShare
from fracturelens.results import (
    Examination,
    Finding,
    FracturePrediction,
    Segmentation,
    Thresholds,
    Verdict,
)
from fracturelens.screening.words import Refusal
from important_variables import DISCLAIMER, NETWORKS, VERSION
from tests.helpers.app_helpers import fake_engine, fake_screening, pixels
from tests.helpers.reports import report

THRESHOLDS = Thresholds(0.2, 0.6, {"encoder_decoder": 0.5, "unet": 0.4})
SHARE = RegionShare(0.66004, 0.54, 0.77, 103, 156, "val")
COLOR = Refusal("color", "This is a color picture.", "Bring a gray one.")
BOTH, UNET = frozenset({"encoder_decoder", "unet"}), frozenset({"unet"})
NONE = FracturePrediction(0.05, Verdict.NO_FRACTURE, THRESHOLDS, {})


def judged(prediction, refusal=None):
    return Examination(refusal=refusal, prediction=prediction)


@pytest.fixture
def found():
    empty = np.zeros((4, 5), bool)
    findings = (
        Finding(1, (1, 2, 3, 1), 3, 15.0, 0.91, BOTH),
        Finding(2, (0, 0, 1, 1), 1, 5.0, 0.5, UNET),
    )
    segmentations = {"unet": Segmentation("unet", empty.astype(np.float32), empty, findings)}
    return FracturePrediction(0.87654321, Verdict.FRACTURE, THRESHOLDS, segmentations)


def csv_rows(*reports):
    return list(csv.DictReader(StringIO(results_csv(reports).decode(), newline="")))


def json_results(*reports):
    return json.loads(results_json(reports))["results"]


def test_json_carries_the_notice_and_every_result(found):
    reports = Report("wrist.png", judged(found)), Report("knee.png", judged(NONE))
    content = json.loads(results_json(reports))
    assert content["notice"] == DISCLAIMER
    assert "FracAtlas" in content["attribution"]
    first, second = content["results"]
    assert [first["verdict"], second["verdict"]] == ["fracture", "no_fracture"]
    assert first["findings"][0]["box"] == [1, 2, 3, 1]
    assert first["thresholds"] == {
        "doubtful": 0.2,
        "fracture": 0.6,
        "mask": {"encoder_decoder": 0.5, "unet": 0.4},
    }
    assert (first["segmenters_run"], second["segmenters_run"]) == (["unet"], [])


def test_json_tells_who_marks_a_finding_and_what_was_measured_of_such(found):
    [result] = json_results(Report("a.png", judged(found), {BOTH: SHARE}))
    first, second = result["findings"]
    assert first["marked_by"] == ["encoder_decoder", "unet"]
    assert first["measured"]["true"] == 103 and first["measured"]["split"] == "val"
    assert second["marked_by"] == ["unet"] and second["measured"] is None


def test_csv_has_a_row_for_each_finding_and_one_for_none(found):
    rows = csv_rows(Report("a.png", judged(found)), Report("b.png", judged(NONE)))
    assert [(row["file"], row["verdict"], row["finding"]) for row in rows] == [
        ("a.png", "fracture", "1"),
        ("a.png", "fracture", "2"),
        ("b.png", "no_fracture", ""),
    ]
    assert {row["notice"] for row in rows} == {DISCLAIMER}
    assert rows[0]["gate_probability"] == "0.8765"
    assert [rows[0][key] for key in ("x", "y", "width", "height")] == ["1", "2", "3", "1"]
    assert [rows[0][key] for key in ("area_pixels", "area_percent")] == ["3", "15.0"]


def test_csv_tells_who_marks_a_finding_and_what_was_measured_of_such(found):
    first, second = csv_rows(Report("a.png", judged(found), {BOTH: SHARE}))
    columns = ("marked_by", "measured_share", "measured_regions", "measured_on", "mean_probability")
    assert [first[key] for key in columns] == ["encoder_decoder+unet", "0.66", "156", "val", "0.91"]
    assert [second[key] for key in columns] == ["unet", "", "", "", "0.5"]


def test_files_without_a_verdict_stand_with_their_reason():
    reports = (
        Report("photo.png", Examination(refusal=COLOR)),
        Report("text.png", Examination("It is no picture.")),
    )
    refused, unread = csv_rows(*reports)
    assert (refused["verdict"], refused["refused_as"]) == (REFUSED, "color")
    assert refused["refused_because"] == COLOR.seen
    assert (unread["verdict"], unread["error"]) == (UNREADABLE, "It is no picture.")
    refused, unread = json_results(*reports)
    assert (refused["verdict"], refused["kind"]) == (REFUSED, "color")
    assert (refused["reason"], refused["remedy"]) == (COLOR.seen, COLOR.remedy)
    assert unread == {"file": "text.png", "error": "It is no picture."}


def test_a_verdict_despite_a_refusal_says_so(found):
    report = Report("photo.png", judged(found, COLOR))
    assert {row["refused_as"] for row in csv_rows(report)} == {"color"}
    assert {row["verdict"] for row in csv_rows(report)} == {"fracture"}
    [result] = json_results(report)
    assert result["judged_despite"] == {"kind": "color", "reason": COLOR.seen}
    assert "judged_despite" not in json_results(Report("a.png", judged(found)))[0]


def test_every_row_has_the_same_columns(found):
    header = results_csv([Report("a.png", judged(found))]).decode().splitlines()[0]
    assert header == ",".join(FINDING_COLUMNS)
    assert table_csv(["a", "b"], [{"b": 1}, {"a": "x"}]) == b"a,b\n,1\nx,\n"


@pytest.mark.parametrize(
    "name", ["=1+1.png", "+cmd.png", "-2.png", "@sum.png", "\t=1+1.png", "\r=1+1.png", "\n=1+1.png"]
)
def test_csv_disarms_formulas(name):
    assert csv_rows(Report(name, judged(NONE)))[0]["file"] == f"'{name}"


@pytest.mark.parametrize("sign", ["\r", "\n", "\r\n", '"', ","])
def test_a_name_cannot_begin_a_row_of_its_own(sign):
    """A row that begins with = would be run as a formula."""
    name = f"hand{sign}=1+1.png"
    table = results_csv([Report(name, judged(NONE))])
    with StringIO(table.decode(), newline="") as text:
        rows = list(csv.reader(text))
    assert [len(row) for row in rows] == [len(FINDING_COLUMNS)] * 2
    assert rows[1][0] == name


def test_png_keeps_every_pixel_and_carries_the_notice(tmp_path):
    mask = np.array([[0, 255], [255, 0]], np.uint8)
    data = notice_png(mask)
    np.testing.assert_array_equal(pixels(data), mask)
    path = tmp_path / "mask.png"
    path.write_bytes(data)
    with Image.open(path) as image:
        assert image.text["Disclaimer"] == DISCLAIMER


@pytest.mark.parametrize("write", [encode_png, notice_png])
@pytest.mark.parametrize("shape", [(3, 4), (3, 4, 3)])
def test_gray_and_color_come_back_as_written(write, shape):
    picture = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    np.testing.assert_array_equal(pixels(write(picture)), picture)
    mask = picture > 99
    if mask.ndim == 2:
        np.testing.assert_array_equal(pixels(write(mask)), mask * np.uint8(255))


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


def test_results_tell_what_made_them_and_of_which_file():
    given = report("wrist.png", custom=True)
    content = json.loads(results_json([given]))
    assert content["made"]["at"] == "2026-11-26T04:20:16Z"
    assert content["made"]["version"] == VERSION
    assert content["made"]["precision"] == "int8"
    assert list(content["made"]["networks"]) == list(NETWORKS)
    [result] = content["results"]
    assert result["sha256"] == "ab" * 32 and result["custom_thresholds"] is True
    line = json.loads(json.dumps(whole_record(given)))
    assert line == result | {"made": content["made"]}
    [row, *_] = csv_rows(given)
    assert row["file_sha256"] == "ab" * 32 and row["made_at"] == content["made"]["at"]
    assert (row["version"], row["precision"]) == (VERSION, "int8")


def test_a_run_names_the_file_of_each_network_that_had_a_say():
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1)))
    told = provenance_of(fake_engine().networks, "int8", fake_screening("limb"), moment)
    assert told.at == "2026-01-02T02:04:05Z", "in UTC"
    assert list(told.networks) == [*NETWORKS, "screening"]
