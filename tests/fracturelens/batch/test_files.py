"""Many files in a row: what is written, counted and passed over."""

import csv
import json
import weakref
from dataclasses import replace
from itertools import combinations
from zipfile import ZipFile

import cv2
import numpy as np
import pytest

from fracturelens.batch.files import Outcome, predict_files
from fracturelens.batch.search import find_pictures
from fracturelens.export.provenance import provenance_of
from fracturelens.export.records import REFUSED, UNREADABLE
from fracturelens.measured.shares import RegionShare
from fracturelens.results import Verdict
from important_variables import segmenters
from prediction import examine_xray
from tests.helpers.app_helpers import fake_screening
from tests.helpers.bright_spots import spotting_engine, write_color, write_picture
from tests.helpers.films import deep, dicom_file, film


def test_writes_tables_and_pictures(tmp_path):
    bright = write_picture(tmp_path / "in" / "one.png", bright=True)
    dark = write_picture(tmp_path / "in" / "two.png", bright=False)
    assert predict_files([bright, dark], spotting_engine(), tmp_path / "out") == Outcome(
        predicted=2
    )
    records = [json.loads(x) for x in (tmp_path / "out" / "results.jsonl").read_text().splitlines()]
    assert [record["verdict"] for record in records] == ["fracture", "no_fracture"]
    assert {finding["network"] for finding in records[0]["findings"]} == set(segmenters())
    rows = (tmp_path / "out" / "results.csv").read_text().splitlines()
    assert rows[0].startswith("file,verdict")
    assert len(rows) == 1 + 2 + 1
    assert sum(row.startswith("file,verdict") for row in rows) == 1
    pictures = {path.name for path in (tmp_path / "out").glob("*.png")}
    assert pictures == {f"one_{n}_{k}.png" for n in segmenters() for k in ("mask", "overlay")}
    mask = cv2.imread(str(tmp_path / "out" / "one_unet_mask.png"), cv2.IMREAD_GRAYSCALE)
    assert mask.shape == (80, 64)
    assert set(np.unique(mask)) == {0, 255}
    assert abs(int((mask > 0).sum()) - 100) < 30


def test_both_tables_tell_what_was_measured_of_such_regions(tmp_path):
    bright = write_picture(tmp_path / "one.png", bright=True)
    shares = {
        frozenset(group): RegionShare(0.75, 0.6, 0.9, 15, 20, "val")
        for size in (1, 2)
        for group in combinations(segmenters(), size)
    }
    engine = replace(spotting_engine(), shares={Verdict.FRACTURE: shares})
    predict_files([bright], engine, tmp_path / "out")
    record = json.loads((tmp_path / "out" / "results.jsonl").read_text())
    assert [finding["marked_by"] for finding in record["findings"]] == [sorted(segmenters())] * 2
    assert {finding["measured"]["regions"] for finding in record["findings"]} == {20}
    rows = csv.DictReader((tmp_path / "out" / "results.csv").read_text().splitlines())
    assert [(row["marked_by"], row["measured_share"]) for row in rows] == [
        ("+".join(sorted(segmenters())), "0.75")
    ] * 2


def test_doubtful_xrays_get_dotted_overlays_and_no_masks(tmp_path):
    bright = write_picture(tmp_path / "one.png", bright=True)
    doubting = spotting_engine(fracture=0.999)  # the gate answers 250 / 255
    predict_files([bright], doubting, tmp_path / "out")
    pictures = {path.name for path in (tmp_path / "out").glob("*.png")}
    assert pictures == {f"one_{name}_overlay.png" for name in segmenters()}
    record = json.loads((tmp_path / "out" / "results.jsonl").read_text())
    assert record["findings"] and not record["painted"]


def test_goes_on_past_bad_files_and_says_why(tmp_path):
    bad = tmp_path / "bad.png"
    bad.write_text("no picture")
    good = write_picture(tmp_path / "good.png", bright=True)
    missing = tmp_path / "missing.png"
    outcome = predict_files([bad, missing, good], spotting_engine(), tmp_path / "out")
    assert set(outcome.unreadable) == {str(bad), str(missing)} and outcome.refused == {}
    assert "no picture" in outcome.unreadable[str(bad)]
    records = [json.loads(x) for x in (tmp_path / "out" / "results.jsonl").read_text().splitlines()]
    assert ["error" in record for record in records] == [True, True, False]
    _, rows = read_results(tmp_path / "out")
    assert [row["verdict"] == UNREADABLE for row in rows[:2]] == [True, True]
    assert "no picture" in rows[0]["error"]


@pytest.mark.parametrize(
    ("name", "words"), [("typo.png", "no such file"), ("typo*.png", "no file matches this pattern")]
)
def test_mistyped_names_are_told_in_words(tmp_path, name, words):
    paths = find_pictures([str(tmp_path / name)], tmp_path / "out")
    reason = predict_files(paths, spotting_engine(), tmp_path / "out").unreadable
    assert words in reason[str(tmp_path / name)] and "Errno" not in reason[str(tmp_path / name)]


def read_results(out):
    lines = (out / "results.jsonl").read_text().splitlines()
    with (out / "results.csv").open(newline="") as file:
        return [json.loads(line) for line in lines], list(csv.DictReader(file))


def test_refused_pictures_get_a_reason_and_no_overlay(tmp_path):
    color = write_color(tmp_path / "color.png")
    good = write_picture(tmp_path / "good.png", bright=False)
    outcome = predict_files([color, good], spotting_engine(), tmp_path / "out")
    assert outcome.refused[str(color)].kind == "color" and str(good) not in outcome.refused
    records, rows = read_results(tmp_path / "out")
    assert records[0]["verdict"] == REFUSED and records[0]["kind"] == "color"
    assert "color picture" in records[0]["reason"] and "X-ray" in records[0]["remedy"]
    assert "gate_probability" not in records[0]
    assert [row["verdict"] for row in rows] == [REFUSED, "no_fracture"]
    assert [row["refused_as"] for row in rows] == ["color", ""]
    assert "color picture" in rows[0]["refused_because"]
    assert list((tmp_path / "out").glob("color*")) == []


def test_any_picture_is_judged_on_request_and_the_record_says_so(tmp_path):
    color = write_color(tmp_path / "color.png")
    good = write_picture(tmp_path / "good.png", bright=True)
    files = [color, good]
    outcome = predict_files(files, spotting_engine(), tmp_path / "out", accept_any=True)
    assert outcome.unreadable == outcome.refused == {}
    records, rows = read_results(tmp_path / "out")
    assert records[0]["verdict"] == "fracture" and "gate_probability" in records[0]
    assert records[0]["judged_despite"]["kind"] == "color"
    assert "judged_despite" not in records[1]
    assert {(row["file"], row["refused_as"]) for row in rows} == {
        (str(color), "color"), (str(good), "")
    }  # fmt: skip


def test_the_screening_network_refuses_too(tmp_path):
    path = write_picture(tmp_path / "stranger.png", bright=True)
    engine = replace(spotting_engine(), screening=fake_screening("photo"))
    outcome = predict_files([path], engine, tmp_path / "out")
    assert outcome.refused[str(path)].kind == "photo"


def test_two_files_of_one_name_keep_their_own_pictures(tmp_path):
    paths = [write_picture(tmp_path / side / "hand.png", bright=True) for side in ("l", "r")]
    predict_files(paths, spotting_engine(), tmp_path / "out")
    pictures = {path.name for path in (tmp_path / "out").glob("*_unet_mask.png")}
    assert pictures == {"hand_unet_mask.png", "hand-2_unet_mask.png"}


@pytest.mark.parametrize("threads", [1, 2])
def test_as_many_xrays_are_in_memory_as_are_examined_at_once(threads, tmp_path, monkeypatch):
    made, others = [], []

    def spy(data, engine, **options):
        others.append(sum(any(array() is not None for array in arrays) for arrays in made))
        found = examine_xray(data, engine, **options)
        masks = [one.mask for one in found.prediction.segmentations.values()]
        made.append(
            [weakref.ref(one) for one in (found.radiograph, found.radiograph.pixels, *masks)]
        )
        return found

    monkeypatch.setattr("fracturelens.batch.files.examine_xray", spy)
    monkeypatch.setenv("FRACTURELENS_THREADS", str(threads))
    paths = [write_picture(tmp_path / f"{name}.png", bright=True) for name in "abcdefgh"]
    predict_files(paths, spotting_engine(), tmp_path / "out")
    assert len(others) == len(paths) and max(others) <= threads - 1


def test_one_at_once_and_several_write_the_same(tmp_path, monkeypatch):
    paths = [write_picture(tmp_path / f"{n}.png", bright=n % 3 > 0) for n in range(7)]
    paths.insert(2, tmp_path / "missing.png")
    found, made = [], provenance_of({}, "int8")
    for threads in ("1", "2"):
        monkeypatch.setenv("FRACTURELENS_THREADS", threads)
        predict_files(paths, spotting_engine(), tmp_path / threads, made=made)
        written = sorted((tmp_path / threads).iterdir())
        found.append({path.name: path.read_bytes() for path in written})
    assert found[0] == found[1] and len(found[0]) > 10


def test_a_zip_gives_a_record_for_each_xray_and_an_index_is_skipped(tmp_path):
    data = write_picture(tmp_path / "film.png", bright=True).read_bytes()
    with ZipFile(tmp_path / "study.zip", "w") as writer:
        writer.writestr("1.png", data)
        writer.writestr("2.png", data[:200])
        writer.writestr("3.png", data)
    outcome = predict_files([tmp_path / "study.zip"], spotting_engine(), tmp_path / "out")
    assert outcome.predicted == 2 and list(outcome.unreadable) == [
        f"{tmp_path / 'study.zip'}: 2.png"
    ]
    records, _ = read_results(tmp_path / "out")
    assert len(records) == 3
    assert len(list((tmp_path / "out").glob("*_unet_mask.png"))) == 2


def test_a_folder_is_searched_by_content(tmp_path):
    """As on hospital CDs, whose files have no endings."""
    path = write_picture(tmp_path / "film.png", bright=True)
    path.rename(tmp_path / "IM000001")
    (tmp_path / "AUTORUN.INF").write_text("[autorun]")
    assert find_pictures([str(tmp_path)], tmp_path / "out") == [tmp_path / "IM000001"]


def test_cautions_stand_in_both_tables(tmp_path):
    path = tmp_path / "raw.dcm"
    path.write_bytes(dicom_file(deep(film()), PresentationIntentType="FOR PROCESSING"))
    predict_files([path], spotting_engine(), tmp_path / "out", accept_any=True)
    records, rows = read_results(tmp_path / "out")
    assert "raw_detector_data" in records[0]["cautions"]
    assert "raw_detector_data" in rows[0]["cautions"].split("+")
