"""One verdict of several views: which is the highest, which agree, what each adds."""

import json

import pytest

from fracturelens.batch.files import predict_files
from fracturelens.results import Verdict
from fracturelens.studies import Studies, Study, View, study_key, study_record
from fracturelens.xray.radiograph import DicomSource
from tests.helpers.bright_spots import spotting_engine, write_color, write_picture
from tests.helpers.films import deep, dicom_file, film
from tests.helpers.results import read_records

FRACTURE, DOUBTFUL, NONE = Verdict.FRACTURE, Verdict.DOUBTFUL, Verdict.NO_FRACTURE


def study(*views, not_judged=()):
    made = (View(str(place), verdict, p) for place, (verdict, p) in enumerate(views))
    return Study(("uid", "1.2"), tuple(made), tuple(not_judged))


@pytest.mark.parametrize(
    ("views", "verdict", "agree", "decide"),
    [
        ([(FRACTURE, 0.9), (NONE, 0.1)], FRACTURE, ["0"], ["0"]),
        ([(DOUBTFUL, 0.3), (FRACTURE, 0.8), (FRACTURE, 0.9)], FRACTURE, ["1", "2"], []),
        ([(DOUBTFUL, 0.3), (NONE, 0.1)], DOUBTFUL, ["0"], ["0"]),
        ([(NONE, 0.1), (NONE, 0.2)], NONE, ["0", "1"], []),
        ([(FRACTURE, 0.9)], FRACTURE, ["0"], []),
        ([], None, [], []),
    ],
)
def test_the_highest_view_gives_the_verdict(views, verdict, agree, decide):
    found = study(*views)
    assert found.verdict is verdict
    assert [view.name for view in found.agreeing] == agree
    assert [view.name for view in found.views if found.decides(view)] == decide


def test_a_record_is_plain_json():
    record = study_record(study((FRACTURE, 0.9), (NONE, 0.1), not_judged=["x.png"]))
    assert json.loads(json.dumps(record)) == record
    assert record["study"] == {"uid": "1.2"} and record["not_judged"] == ["x.png"]
    assert [view["decides"] for view in record["views"]] == [True, False]
    assert study_record(study(not_judged=["x.png"]))["verdict"] is None


@pytest.mark.parametrize(
    ("name", "folder"),
    [("a/b.png", "a"), ("b.png", "."), ("a/b.zip: c/1.png", "a/b.zip: c"),
     ("a/b.zip: 1.png", "a/b.zip"), ("C:\\x\\y.png", "C:/x"),
     ("a/t.tif, picture 1 of 2", "a")],
)  # fmt: skip
def test_without_a_header_a_folder_may_be_a_study(name, folder):
    assert study_key(None, name, by_folder=True) == ("folder", folder)
    assert study_key(DicomSource(), name, by_folder=True) == ("folder", folder)
    assert study_key(None, name, by_folder=False) is None
    assert study_key(DicomSource(study_uid="1.2"), name, by_folder=True) == ("uid", "1.2")


def test_records_without_a_study_are_passed_over():
    studies = Studies()
    studies.add({"file": "a.png", "verdict": "fracture", "gate_probability": 0.9})
    assert list(studies.all()) == []


def read_studies(out):
    return [json.loads(line) for line in (out / "studies.jsonl").read_text().splitlines()]


def test_predict_tells_the_verdict_of_each_dicom_study(tmp_path):
    paths = []
    for place, uid in enumerate(["1.2", "1.3", "1.2"]):
        path = tmp_path / f"{place}.dcm"
        path.write_bytes(dicom_file(deep(film()), StudyInstanceUID=uid))
        paths.append(path)
    predict_files(paths, spotting_engine(), tmp_path / "out")
    records = read_records(tmp_path / "out")
    assert [record["study"]["uid"] for record in records.values()] == ["1.2", "1.3", "1.2"]
    found = read_studies(tmp_path / "out")
    assert [one["study"]["uid"] for one in found] == ["1.2", "1.3"]
    assert [[view["file"] for view in one["views"]] for one in found] == [
        [str(paths[0]), str(paths[2])], [str(paths[1])],
    ]  # fmt: skip


def test_folders_are_studies_on_request_and_after_resuming(tmp_path):
    paths = [write_picture(tmp_path / name, bright="a" in name) for name in ("l/a.png", "l/b.png")]
    paths += [write_picture(tmp_path / "r/b.png", bright=False), write_color(tmp_path / "r/c.png")]
    options = {"study_folders": True}
    predict_files(paths[:1], spotting_engine(), tmp_path / "out", **options)
    predict_files(paths, spotting_engine(), tmp_path / "out", resume=True, **options)
    left, right = read_studies(tmp_path / "out")
    assert (left["verdict"], right["verdict"]) == ("fracture", "no_fracture")
    assert left["highest"] == str(paths[0]) and right["not_judged"] == [str(paths[3])]


def test_without_studies_there_is_no_file(tmp_path):
    path = write_picture(tmp_path / "l/a.png", bright=True)
    predict_files([path], spotting_engine(), tmp_path / "out", study_folders=True)
    predict_files([path], spotting_engine(), tmp_path / "out")
    assert not (tmp_path / "out" / "studies.jsonl").exists()
    assert "study" not in (tmp_path / "out" / "results.jsonl").read_text()
