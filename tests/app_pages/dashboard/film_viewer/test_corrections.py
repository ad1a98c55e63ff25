"""Corrections that the browser sends are kept by film, and nothing else of what it sends."""

import json

import numpy as np
import pytest

from app_pages.dashboard.film_viewer import corrections
from app_pages.dashboard.film_viewer.panes import places_in
from app_pages.dashboard.uploads import xray_files
from fracturelens.findings.numbering import number_findings
from fracturelens.findings.regions import find_regions
from fracturelens.results import FracturePrediction, Segmentation, Thresholds, Verdict
from fracturelens.xray.radiograph import Radiograph
from tests.helpers.app_helpers import xray_png

RADIOGRAPH = Radiograph(np.zeros((96, 96), np.uint8))
BOX = [5, 6, 7, 8]
MISSED = {"status": "missed", "box": BOX, "outline": None}


@pytest.fixture(autouse=True)
def session(monkeypatch):
    """A session of our own."""
    kept = {}
    monkeypatch.setattr(corrections.st, "session_state", kept)
    return kept


@pytest.fixture
def file():
    [file] = xray_files("wrist.png", xray_png(200))
    return file


def marked(*spots):
    """A prediction with a mark of the U-Net at each spot."""
    mask = np.zeros((96, 96), bool)
    for spot in spots:
        mask[spot] = True
    regions, _ = find_regions(mask, mask.astype(np.float32))
    findings = number_findings({"unet": regions}, mask.size)["unet"]
    found = {"unet": Segmentation("unet", mask.astype(np.float32), mask, findings)}
    return FracturePrediction(0.9, Verdict.FRACTURE, Thresholds(0.2, 0.6, {}), found)


FOUND = marked(np.s_[10:20, 30:45])
MARK = {"status": "right", "box": [30, 10, 15, 10]}


def keep(file, *items, found=FOUND, film=None):
    sent = {"film": film or file.digest, "items": list(items)}
    corrections.keep_corrections(file, sent, RADIOGRAPH, found)
    return json.loads(corrections.saved_json() or b"{}").get("annotations", [])


def test_marks_and_drawings_are_kept_and_sent_back(file):
    outline = [[1.5, 1.5], [9, 2], [4, 8]]
    drawn = {"status": "missed", "box": [1, 1, 8, 7], "outline": outline}
    assert [one["status"] for one in keep(file, MARK, MISSED, drawn)] == [
        "right",
        "missed",
        "missed",
    ]
    sent = json.loads(json.dumps(corrections.corrections_of(file.digest)))
    assert sent == [MARK | {"outline": None}, MISSED, drawn]
    assert keep(file, *sent) == keep(file, MARK, MISSED, drawn)


def test_nothing_sent_keeps_nothing(file):
    corrections.keep_corrections(file, None, RADIOGRAPH, FOUND)
    assert corrections.saved_json() == b""
    assert corrections.corrections_of(file.digest) == []


def test_what_was_taken_back_is_gone(file):
    keep(file, MISSED)
    assert keep(file) == []
    assert corrections.saved_json() == b""


def test_what_belongs_to_another_film_is_left_alone(file):
    keep(file, MISSED)
    assert [one["status"] for one in keep(file, MARK, film="another")] == ["missed"]


def test_a_judgement_stays_with_its_place_when_thresholds_change(file):
    [before] = keep(file, MARK)
    moved = marked(np.s_[60:80, 60:80], np.s_[10:20, 30:45])
    assert len(places_in(moved)) == 2
    [renumbered] = keep(file, MARK, found=moved)
    assert renumbered["bbox"] == before["bbox"]
    [gone] = keep(file, MARK | {"status": "wrong"}, found=marked())
    assert (gone["bbox"], gone["status"]) == (before["bbox"], "wrong")


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"status": "missed", "box": [0, 0, 500, 500]},
        {"status": "missed", "box": "much"},
        {"status": "right", "box": [1, 2, 3, 4]},
        {"status": "<b>", "box": [30, 10, 15, 10]},
        {"status": "missed", "box": BOX, "outline": [[1, 2], [3]]},
    ],
)
def test_what_no_person_draws_is_dropped(file, item):
    assert [one["status"] for one in keep(file, item, MISSED)] == ["missed"]


def test_the_hash_is_that_of_the_file(file):
    from hashlib import sha256

    keep(file, MISSED)
    [image] = json.loads(corrections.saved_json())["images"]
    assert image["sha256"] == sha256(xray_png(200)).hexdigest()
    assert (image["file_name"], image["width"], image["height"]) == ("wrist.png", 96, 96)
