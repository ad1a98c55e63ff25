"""Audits a small FracAtlas with one fault of each kind, and the real one where it is."""

import argparse
import csv
import io
import json

import cv2
import numpy as np
import pytest
from PIL import Image

from training.data import audit
from training.data.dataset import ATTRIBUTES, FracAtlasError

SPLIT = {
    "train": {"whole.jpg": "", "broken.jpg": "", "gone.jpg": "", "cut.jpg": "truncated"},
    "val": {"copy.jpg": "duplicate_of_whole.jpg", "clash.jpg": "", "whole.jpg": ""},
    "test": {"band.jpg": "", "encoded_anew.jpg": ""},
}


def radiograph(seed, height=120, width=100):
    noise = np.random.default_rng(seed).integers(0, 256, (8, 8), dtype=np.uint8)
    return cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)


def jpeg(gray, quality=95):
    buffer = io.BytesIO()
    Image.fromarray(gray).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


@pytest.fixture
def folders(tmp_path):
    """A FracAtlas of eight pictures, and its split files."""
    whole, broken = radiograph(1), radiograph(2)
    banded = radiograph(3)
    banded[-24:] = 128
    files = {
        "Non_fractured/whole.jpg": jpeg(whole),
        "Non_fractured/copy.jpg": jpeg(whole),
        "Non_fractured/encoded_anew.jpg": jpeg(whole, quality=80),
        "Fractured/broken.jpg": jpeg(broken),
        "Non_fractured/clash.jpg": jpeg(broken),
        "Non_fractured/cut.jpg": jpeg(radiograph(4))[:1200],
        "Non_fractured/band.jpg": jpeg(banded),
    }
    for name, data in files.items():
        path = tmp_path / "FracAtlas" / "images" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    write_tables(tmp_path / "FracAtlas", {name.split("/")[1] for name in files})
    for split, rows in SPLIT.items():
        write_csv(tmp_path / f"{split}.csv", ["image_id", "excluded"], list(rows.items()))
    return tmp_path / "FracAtlas", tmp_path


def write_tables(folder, names):
    rows = [[name, *(int(a == "leg") for a in ATTRIBUTES)] for name in sorted(names)]
    write_csv(folder / "dataset.csv", ["image_id", *ATTRIBUTES], rows)
    coco = {
        "images": [{"id": 7, "width": 200, "height": 240, "file_name": "broken.jpg"}],
        "annotations": [{"image_id": 7, "segmentation": [[10, 10, 50, 10, 50, 241]]}],
    }
    path = folder / "Annotations" / "COCO JSON" / "COCO_fracture_masks.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(coco))


def write_csv(path, heads, rows):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([heads, *rows])


def test_each_fault_is_found(folders):
    found = audit.audit_folder(*folders)
    assert found["missing"] == ["gone.jpg"]
    assert found["unreadable"] == ["cut.jpg"]
    assert found["cut_short"] == ["band.jpg"]
    assert ["broken.jpg", "clash.jpg"] in found["identical"]
    assert found["contradicting"] == [["broken.jpg", "clash.jpg"]]
    assert ["encoded_anew.jpg", "whole.jpg"] in found["almost_identical"]
    assert found["listed_twice"] == ["whole.jpg"]
    assert found["polygons_outside"] == ["broken.jpg"]
    assert found["fractured_without_polygon"] == found["whole_with_polygon"] == []


def test_excluded_pictures_are_no_faults_among_the_usable(folders):
    faults = audit.audit_folder(*folders)["faults_among_usable"]
    assert "unreadable" not in faults
    assert faults["cut_short"] == ["band.jpg"]
    assert faults["identical_across_splits"] == [["broken.jpg", "clash.jpg"]]
    assert not any("copy.jpg" in group for group in faults["identical"])


def test_classes_are_counted_by_split_and_body_part(folders):
    counts = audit.audit_folder(*folders)["counts"]
    assert counts["train"] == {
        "on_disk": 3,
        "usable": 2,
        "fractured": 1,
        "excluded": {"truncated": 1},
        "body_parts": {
            part: {"usable": 2 * (part == "leg"), "fractured": int(part == "leg")}
            for part in audit.BODY_PARTS
        },
    }


def test_command_prints_a_table_writes_json_and_fails(folders, monkeypatch, capsys):
    folder, splits = folders
    monkeypatch.setattr(
        audit, "audit_folder", lambda data, run=audit.audit_folder: run(data, splits)
    )
    parser = argparse.ArgumentParser()
    audit.add_arguments(parser)
    path = splits / "reports" / "audit.json"
    assert audit.run(parser.parse_args([str(folder), "--json", str(path)])) == 1
    printed = capsys.readouterr().out
    assert "7 of 8 pictures" in printed
    assert "identical pictures with contradicting labels          1       1" in printed
    assert json.loads(path.read_text())["unreadable"] == ["cut.jpg"]


def test_empty_folder_names_the_remedy(tmp_path):
    with pytest.raises(FracAtlasError, match=r"fracturelens download"):
        audit.audit_folder(tmp_path)


@pytest.mark.parametrize(("rows", "counted"), [(3, 0), (4, 4), (120, 120)])
def test_band_rows_are_counted_from_the_foot(rows, counted):
    gray = np.full((120, 100), 128, np.uint8)
    gray[: 120 - rows] = 40
    assert audit.count_band_rows(gray) == counted


@pytest.mark.slow
def test_split_files_cover_every_fault_of_fracatlas(fracatlas):
    found = audit.audit_folder(fracatlas)
    assert found["faults_among_usable"] == {}
    assert found["counts"]["train"]["usable"] == 2914
    assert found["counts"]["val"]["fractured"] == 104
