"""Labels come from two sub-folders or from a table, and a bad row takes no other with it."""

from hashlib import sha256

import pytest

from fracturelens.export.coco import CorrectedFilm, Correction, corrections_json, missed_correction
from fracturelens.site.labels import LabelsError, read_labels
from tests.helpers.app_helpers import xray_png

WRONG = Correction("wrong", (10, 20, 30, 10), ())


@pytest.fixture
def folder(tmp_path):
    for place in ("Fractured/patient", "normal"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "Fractured/patient/a.png").write_bytes(xray_png(150))
    (tmp_path / "Fractured/notes.txt").write_text("no picture")
    (tmp_path / "normal/b").write_bytes(xray_png(90))
    (tmp_path / "other.png").write_bytes(xray_png(90))
    return tmp_path


def found(labels):
    return {file.name: (file.fractured, file.patient) for file in labels.files}


def test_folders_are_searched_by_content(folder):
    labels = read_labels(folder, folder / "out")
    assert found(labels) == {"Fractured/patient/a.png": (True, ""), "normal/b": (False, "")}
    assert labels.left_out == {}


@pytest.mark.parametrize(
    "text",
    [
        "file,label\na.png,fractured\nb.png,0\n",
        "\ufeffFile;Label;Patient\r\na.png;1;\r\nb.png;Normal;\r\n",
        "patient,label,more,file\n,yes,x,a.png\n,no fracture,,b.png\n,no,,\n",
    ],
)
def test_tables_may_be_written_in_several_ways(tmp_path, text):
    (tmp_path / "labels.csv").write_text(text, encoding="utf-8")
    labels = read_labels(tmp_path / "labels.csv", tmp_path)
    assert found(labels) == {"a.png": (True, ""), "b.png": (False, "")}
    assert [file.path for file in labels.files] == [tmp_path / "a.png", tmp_path / "b.png"]


def test_patients_are_kept_and_unusable_rows_are_told(tmp_path):
    rows = "a,1,p1\nb,maybe,p2\nc,0,p1\nc,0,p1\nd,0,\nd,1,\ne,,\nf,1"
    (tmp_path / "labels.csv").write_text(f"file,label,patient\n{rows}\n")
    labels = read_labels(tmp_path / "labels.csv", tmp_path)
    assert found(labels) == {"a": (True, "p1"), "c": (False, "p1"), "f": (True, "")}
    assert labels.left_out.keys() == {"b", "d", "e"}
    assert "'maybe' is neither fractured nor normal" in labels.left_out["b"]
    assert "fractured in one row and normal in another" in labels.left_out["d"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "does not exist"),
        (b"", "lacks the column"),
        (b"file,label\n", "lacks the column file or label, or has no row"),
        (b"path,label\na,1\n", "lacks the column"),
        (b"file,label\na,maybe\n", "names no X-ray"),
        (b"\xff\xfe\x00", "no readable CSV"),
        (b'file,label\n"' + b"a" * 200_000, "no readable CSV"),
    ],
)
def test_what_is_no_table_is_refused_with_what_is_expected(tmp_path, content, told):
    table = tmp_path / "labels.csv"
    if content is not None:
        table.write_bytes(content)
    with pytest.raises(LabelsError, match=f"{told}.*fractured/ and normal/"):
        read_labels(table, tmp_path)


def test_a_folder_without_either_sub_folder_is_refused(tmp_path):
    with pytest.raises(LabelsError, match="holds neither fractured/ nor normal/"):
        read_labels(tmp_path, tmp_path)


def test_corrections_of_the_dashboard_are_labels(tmp_path):
    films = []
    for name, correction in (
        ("a.png", missed_correction((1, 2, 9, 9), (), 200, 160)),
        ("b.png", WRONG),
    ):
        (tmp_path / name).write_bytes(xray_png(90))
        digest = sha256(xray_png(90)).hexdigest()
        films.append(CorrectedFilm(name, digest, 160, 200, (correction,)))
    (tmp_path / "corrections.json").write_bytes(corrections_json(films))
    labels = read_labels(tmp_path / "corrections.json", tmp_path)
    assert found(labels) == {"a.png": (True, ""), "b.png": (False, "")}
