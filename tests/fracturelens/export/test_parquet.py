"""Parquet holds the very records of results.jsonl, and text of whoever wrote it stays text."""

import json

import pyarrow.parquet as pq
import pytest

from fracturelens.batch.files import predict_files
from fracturelens.export import parquet
from fracturelens.export.parquet import RECORD, SCHEMA, write_parquet
from important_variables import DISCLAIMER
from tests.helpers.bright_spots import spotting_engine, write_color, write_picture
from tests.helpers.films import deep, dicom_file, film

NASTY = "=cmd|' C'!A0\u2028\N{RIGHT-TO-LEFT OVERRIDE}\t\"x\",\x1b[2J.png"


@pytest.fixture
def films(tmp_path):
    folder = tmp_path / "in"
    paths = [write_picture(folder / name, bright=bright)
             for name, bright in (("a.png", True), ("b.png", False), (NASTY, True))]  # fmt: skip
    (folder / "empty.png").write_bytes(b"")
    (folder / "c.dcm").write_bytes(dicom_file(deep(film()), StudyInstanceUID="1.2.3"))
    return [*paths, write_color(folder / "color.png"), folder / "empty.png", folder / "c.dcm"]


def predict(films, out, **options):
    return predict_files(films, spotting_engine(), out, parquet=True, **options)


def lines(out):
    return (out / "results.jsonl").read_bytes().decode().removesuffix("\n").split("\n")


def test_each_row_is_a_record(films, tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "GROUP", 2)
    out = tmp_path / "out"
    predict(films, out)
    table = pq.read_table(out / "results.parquet")
    rows = table.to_pylist()
    assert [row[RECORD] for row in rows] == lines(out) and len(rows) == len(films)
    records = [json.loads(row[RECORD]) for row in rows]
    for row, record in zip(rows, records, strict=True):
        for key in ("file", "gate_probability", "painted", "pictures", "error", "cautions"):
            assert row[key] == record.get(key)
        assert row["verdict"] == record.get("verdict", "unreadable")
        assert row["notice"] == DISCLAIMER
        assert [each["box"] for each in row["findings"] or ()] == [
            each["box"] for each in record.get("findings", ())
        ]
    assert any(row["findings"] for row in rows)
    assert rows[-1]["study"] == {"uid": "1.2.3", "folder": None}
    assert table.schema.metadata[b"notice"] == DISCLAIMER.encode()


def test_hostile_text_stays_what_it_was(films, tmp_path):
    predict(films, tmp_path / "out")
    table = pq.read_table(tmp_path / "out" / "results.parquet")
    assert str(films[2]) in table["file"].to_pylist(), "no quote before it, nothing cut"
    assert table.schema.equals(SCHEMA)


def test_no_record_gives_a_table_all_the_same(tmp_path):
    (tmp_path / "none.jsonl").write_text("")
    write_parquet(tmp_path / "none.jsonl", tmp_path / "none.parquet")
    assert pq.read_table(tmp_path / "none.parquet").schema.equals(SCHEMA)


def test_it_goes_on_and_goes_with_the_rest(films, tmp_path):
    out = tmp_path / "out"
    predict(films[:2], out)
    predict(films, out, resume=True)
    rows = pq.read_table(out / "results.parquet")[RECORD].to_pylist()
    assert rows == lines(out) and len(rows) == len(films)
    predict_files(films, spotting_engine(), out)
    assert not (out / "results.parquet").exists(), "it would tell of another run"


def test_a_full_disk_leaves_no_half_table(films, tmp_path, monkeypatch):
    def full(_, path):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet, "write_parquet", full)
    outcome = predict(films, tmp_path / "out")
    assert "No space left" in outcome.unwritten["results.parquet"]
    assert not list((tmp_path / "out").glob("results.parquet*"))
