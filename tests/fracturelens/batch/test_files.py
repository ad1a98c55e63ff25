"""Tests of fracturelens.batch.files: what is found, written, counted and passed over."""

import csv
import json
import subprocess
import sys
import weakref
from dataclasses import replace

import cv2
import numpy as np
import pytest

import command_line
from fracturelens.batch.files import Outcome, find_pictures, predict_files
from fracturelens.export.records import REFUSED, UNREADABLE
from fracturelens.measured.shares import RegionShare
from fracturelens.networks.card import ModelCard
from fracturelens.networks.predictor import Predictor
from fracturelens.results import Verdict
from fracturelens.screening.check import Reference
from fracturelens.screening.descriptor import GROUPS
from fracturelens.xray.read import decode_xray
from important_variables import ROOT, SEGMENTERS, Thresholds

THRESHOLDS = Thresholds(0.3, 0.7, dict.fromkeys(SEGMENTERS, 0.5), 0.0)


def write_picture(path, *, bright: bool):
    """Shades of dark gray, 80 x 64 pixels, with a bright spot or with none."""
    shades = 20 + np.add.outer(np.arange(80), np.arange(64)) // 4
    image = np.repeat(shades[..., None].astype(np.uint8), 3, axis=2)
    if bright:
        image[30:40, 20:30] = 250
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), image)
    return path


def networks():
    """A gate that sees bright pixels, and segmenters that paint them."""

    def gate(batch):
        return batch.max(axis=(1, 2, 3))[:, None].astype(np.float32)

    def segmenter(batch):
        bright = (batch[..., :1] > 0.6).astype(np.float32)
        return np.concatenate([1 - bright, bright], axis=-1)

    functions = {"gate": gate} | dict.fromkeys(SEGMENTERS, segmenter)
    return {
        name: Predictor(function, 256, ModelCard(name, name, 0, {"input_size": 256}), "int8")
        for name, function in functions.items()
    }


def test_finds_files_folders_and_globs_once_and_in_order(tmp_path):
    kept = [write_picture(tmp_path / name, bright=True) for name in ("a.png", "b.JPG", "sub/c.tif")]
    (tmp_path / "notes.txt").write_text("none")
    write_picture(tmp_path / "out" / "a_unet_overlay.png", bright=True)
    words = [str(tmp_path / "*.png"), str(tmp_path), str(tmp_path / "missing.png")]
    assert find_pictures(words, tmp_path / "out") == [*kept, tmp_path / "missing.png"]


def test_name_with_brackets_is_a_file(tmp_path):
    path = write_picture(tmp_path / "hand[1].png", bright=True)
    assert find_pictures([str(path)], tmp_path / "out") == [path]


def test_writes_tables_and_pictures(tmp_path):
    bright = write_picture(tmp_path / "in" / "one.png", bright=True)
    dark = write_picture(tmp_path / "in" / "two.png", bright=False)
    assert predict_files([bright, dark], networks(), THRESHOLDS, tmp_path / "out") == Outcome(
        {}, {}
    )
    records = [json.loads(x) for x in (tmp_path / "out" / "results.jsonl").read_text().splitlines()]
    assert [record["verdict"] for record in records] == ["fracture", "no fracture seen"]
    assert {lesion["network"] for lesion in records[0]["lesions"]} == set(SEGMENTERS)
    rows = (tmp_path / "out" / "results.csv").read_text().splitlines()
    assert rows[0].startswith("file,verdict")
    assert len(rows) == 1 + 2 + 1
    assert sum(row.startswith("file,verdict") for row in rows) == 1
    pictures = {path.name for path in (tmp_path / "out").glob("*.png")}
    assert pictures == {f"one_{n}_{k}.png" for n in SEGMENTERS for k in ("mask", "overlay")}
    mask = cv2.imread(str(tmp_path / "out" / "one_unet_mask.png"), cv2.IMREAD_GRAYSCALE)
    assert mask.shape == (80, 64)
    assert set(np.unique(mask)) == {0, 255}
    assert abs(int((mask > 0).sum()) - 100) < 30


def test_both_tables_tell_what_was_measured_of_such_regions(tmp_path):
    bright = write_picture(tmp_path / "one.png", bright=True)
    shares = {Verdict.FRACTURE: {"Both networks": RegionShare(0.75, 0.6, 0.9, 15, 20, "val")}}
    predict_files([bright], networks(), THRESHOLDS, tmp_path / "out", shares=shares)
    record = json.loads((tmp_path / "out" / "results.jsonl").read_text())
    assert {lesion["marked_by"] for lesion in record["lesions"]} == {"Both networks"}
    assert {lesion["measured"]["regions"] for lesion in record["lesions"]} == {20}
    rows = csv.DictReader((tmp_path / "out" / "results.csv").read_text().splitlines())
    assert [(row["marked_by"], row["measured_share"]) for row in rows] == [
        ("Both networks", "0.75")
    ] * 2


def test_doubtful_xrays_get_dotted_overlays_and_no_masks(tmp_path):
    bright = write_picture(tmp_path / "one.png", bright=True)
    doubting = replace(THRESHOLDS, fracture=0.999)  # the gate answers 250 / 255
    predict_files([bright], networks(), doubting, tmp_path / "out")
    pictures = {path.name for path in (tmp_path / "out").glob("*.png")}
    assert pictures == {f"one_{name}_overlay.png" for name in SEGMENTERS}
    record = json.loads((tmp_path / "out" / "results.jsonl").read_text())
    assert record["lesions"] and not record["painted"]


def test_goes_on_past_bad_files_and_says_why(tmp_path):
    bad = tmp_path / "bad.png"
    bad.write_text("no picture")
    good = write_picture(tmp_path / "good.png", bright=True)
    missing = tmp_path / "missing.png"
    outcome = predict_files([bad, missing, good], networks(), THRESHOLDS, tmp_path / "out")
    assert set(outcome.unreadable) == {bad, missing} and outcome.refused == {}
    assert "no picture" in outcome.unreadable[bad]
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
    reason = predict_files(paths, networks(), THRESHOLDS, tmp_path / "out").unreadable
    assert words in reason[tmp_path / name] and "Errno" not in reason[tmp_path / name]


def write_colour(path):
    """A picture that no one takes for an X-ray."""
    image = cv2.imread(str(write_picture(path, bright=True)))
    image[..., 2] = 255 - image[..., 2]
    cv2.imwrite(str(path), image)
    return path


def read_results(out):
    lines = (out / "results.jsonl").read_text().splitlines()
    with (out / "results.csv").open(newline="") as file:
        return [json.loads(line) for line in lines], list(csv.DictReader(file))


def test_refused_pictures_get_a_reason_and_no_overlay(tmp_path):
    colour = write_colour(tmp_path / "colour.png")
    good = write_picture(tmp_path / "good.png", bright=False)
    outcome = predict_files([colour, good], networks(), THRESHOLDS, tmp_path / "out")
    assert outcome.refused[colour].kind == "colour" and good not in outcome.refused
    records, rows = read_results(tmp_path / "out")
    assert records[0]["verdict"] == REFUSED and records[0]["kind"] == "colour"
    assert "colour picture" in records[0]["reason"] and "radiograph" in records[0]["remedy"]
    assert "gate_probability" not in records[0]
    assert [row["verdict"] for row in rows] == [REFUSED, "no fracture seen"]
    assert [row["refused_as"] for row in rows] == ["colour", ""]
    assert "colour picture" in rows[0]["refused_because"]
    assert list((tmp_path / "out").glob("colour*")) == []


def test_any_picture_is_judged_on_request_and_the_record_says_so(tmp_path):
    colour = write_colour(tmp_path / "colour.png")
    good = write_picture(tmp_path / "good.png", bright=True)
    files = [colour, good]
    outcome = predict_files(files, networks(), THRESHOLDS, tmp_path / "out", accept_any=True)
    assert outcome == Outcome({}, {})
    records, rows = read_results(tmp_path / "out")
    assert records[0]["verdict"] == "doubtful" and "gate_probability" in records[0]
    assert records[0]["judged_despite"]["kind"] == "colour"
    assert "judged_despite" not in records[1]
    assert {(row["file"], row["refused_as"]) for row in rows} == {
        (str(colour), "colour"), (str(good), "")
    }  # fmt: skip


def test_the_distance_refuses_too(tmp_path):
    path = write_picture(tmp_path / "stranger.png", bright=True)
    size = sum(GROUPS.values())
    nowhere = Reference(np.full(size, 100.0), np.eye(size), 1.0)
    outcome = predict_files([path], networks(), THRESHOLDS, tmp_path / "out", reference=nowhere)
    assert outcome.refused[path].kind == "unlike"


def test_two_files_of_one_name_keep_their_own_pictures(tmp_path):
    paths = [write_picture(tmp_path / side / "hand.png", bright=True) for side in ("l", "r")]
    predict_files(paths, networks(), THRESHOLDS, tmp_path / "out")
    pictures = {path.name for path in (tmp_path / "out").glob("*_unet_mask.png")}
    assert pictures == {"hand_unet_mask.png", "hand-2_unet_mask.png"}


def test_no_picture_is_kept_while_the_next_is_decoded(tmp_path, monkeypatch):
    read, kept = [], []

    def spy(data):
        kept.append([image() is not None for image in read])
        image = decode_xray(data)
        read.append(weakref.ref(image))
        return image

    monkeypatch.setattr("fracturelens.batch.files.decode_xray", spy)
    paths = [write_picture(tmp_path / f"{name}.png", bright=True) for name in "abc"]
    predict_files(paths, networks(), THRESHOLDS, tmp_path / "out")
    assert kept == [[], [False], [False, False]]


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Runs `predict` with the networks above and no reference."""
    monkeypatch.setattr("fracturelens.batch.files.load_model", lambda name, *_: networks()[name])
    monkeypatch.setattr("fracturelens.batch.files.load_thresholds", lambda *_: THRESHOLDS)
    monkeypatch.setattr("fracturelens.batch.files.load_reference", lambda *_: None)

    def run(*words):
        return command_line.main(["predict", *words, "--out", str(tmp_path / "out")])

    return run


@pytest.mark.parametrize(
    ("name", "code", "count", "told"),
    [
        ("good.png", 0, "1 predicted, 0 refused, 0 failed.", ""),
        ("bad.png", 1, "0 predicted, 0 refused, 1 failed.", "empty"),
        ("colour.png", 1, "0 predicted, 1 refused, 0 failed. --accept-any", "refused. This is a"),
    ],
)
def test_command_counts_and_exits(tmp_path, command, capsys, name, code, count, told):
    write_picture(tmp_path / "good.png", bright=True)
    (tmp_path / "bad.png").write_text("")
    write_colour(tmp_path / "colour.png")
    assert command(str(tmp_path / name)) == code
    output = capsys.readouterr()
    assert count in output.out and told in output.err


def test_accepting_any_ends_well(tmp_path, command, capsys):
    assert command(str(write_colour(tmp_path / "colour.png")), "--accept-any") == 0
    assert "1 predicted, 0 refused, 0 failed." in capsys.readouterr().out


def test_help_tells_the_exit_codes(capsys):
    with pytest.raises(SystemExit):
        command_line.main(["predict", "--help"])
    assert "Exit code: 0 where every file got a verdict" in " ".join(
        capsys.readouterr().out.split()
    )


def test_no_picture_found_is_a_failure(tmp_path, command):
    assert command(str(tmp_path)) == 1


def test_needs_neither_tensorflow_nor_streamlit():
    code = (
        "import sys, argparse, fracturelens.networks.litert, fracturelens.batch.files as p;"
        "p.add_arguments(argparse.ArgumentParser());"
        "heavy = {'tensorflow', 'keras', 'streamlit', 'pandas', 'matplotlib'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
