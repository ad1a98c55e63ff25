"""DICOM results: what other people's validators say of them, whose they are, and their UIDs."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest

from fracturelens.export.dicom_results import dicom_results
from fracturelens.export.dicom_source import NoStudyError, film_of
from fracturelens.networks.inference import Calibration
from fracturelens.reporting import author_for
from prediction import examine_xray
from tests.helpers.dicom_films import (
    DOUBTFUL,
    FRACTURE,
    NONE,
    PATIENT,
    judged,
    kinds,
    marking_engine,
    study_film,
)
from tests.helpers.dicom_standard import dciodvfy_errors, validator_errors
from tests.helpers.films import film

EVERY = {"gsps", "sr", "seg", "sc", "pdf"}


def files_of(objects, folder):
    """Writes data sets; returns their paths by kind."""
    paths = {}
    for kind, dataset in objects.items():
        paths[kind] = folder / f"{kind}.dcm"
        dataset.save_as(paths[kind], enforce_file_format=True)
    return paths


@pytest.mark.parametrize("gate", [FRACTURE, DOUBTFUL, NONE])
@pytest.mark.parametrize("name", kinds())
def test_validators_find_no_error(name, gate, tmp_path):
    _, objects = judged(kinds()[name], gate)
    assert set(objects) == EVERY - (set() if gate == FRACTURE else {"seg"})
    for kind, path in files_of(objects, tmp_path).items():
        assert dciodvfy_errors(path) == [], kind
        assert validator_errors(path) == [], kind


def test_validators_see_what_is_missing(tmp_path):
    _, objects = judged(study_film())
    del objects["sr"].PatientID, objects["sr"].ContentSequence[0].ValueType
    path = files_of({"sr": objects["sr"]}, tmp_path)["sr"]
    assert any("PatientID" in line for line in dciodvfy_errors(path))
    assert len(validator_errors(path)) >= 2


def test_results_join_the_study_in_series_of_their_own():
    _, objects = judged(study_film(StudyDescription="Wrist, left", PatientAge="054Y"))
    for dataset in objects.values():
        copied = {"StudyDescription": "Wrist, left", "PatientAge": "054Y"} | {
            name: value for name, value in PATIENT.items() if name.startswith(("Pat", "Stu"))
        }
        assert {name: str(dataset[name].value) for name in copied} == copied
    series = [dataset.SeriesInstanceUID for dataset in objects.values()]
    assert len({*series, PATIENT["SeriesInstanceUID"]}) == len(series) + 1
    assert all(uid.startswith("2.25.") and len(uid) <= 64 for uid in series)


def test_all_carry_the_notice():
    _, objects = judged(study_film())
    for dataset in objects.values():
        assert "research, not for diagnosis" in dataset.SeriesDescription
        assert "not for diagnosis" in dataset.ManufacturerModelName


def test_same_film_and_networks_give_the_same_uids():
    def uids(engine, data):
        found = examine_xray(data, engine, accept_any=True)
        made = dicom_results(film_of(data), found, author_for(engine), b"%PDF")
        return [one.uid for one in made]

    engine, data = marking_engine(), study_film()
    first = uids(engine, data)
    assert first == uids(engine, data) and len(set(first)) == 5
    other = replace(engine, thresholds=replace(engine.thresholds, fracture=0.71))
    assert not set(first) & set(uids(other, data))
    assert not set(first) & set(uids(engine, study_film(SOPInstanceUID="1.2.3.4.5.7")))


def test_uids_follow_from_the_files_of_the_networks():
    engine = marking_engine()
    author = author_for(engine)
    unet = replace(author.networks["unet"], sha256="ab" * 32)
    other = replace(author, networks=dict(author.networks) | {"unet": unet})
    assert author.uid("sr", "1.2.3") == author_for(engine).uid("sr", "1.2.3")
    assert author.uid("sr", "1.2.3") != other.uid("sr", "1.2.3")
    assert author.uid("sr", "1.2.3") != author.uid("gsps", "1.2.3")


def test_uids_follow_from_a_sites_calibration():
    engine = marking_engine()
    gate = engine.networks["gate"]
    inference = replace(gate.card.inference, calibration={"float32": Calibration(2.0, 0.1)})
    card = replace(gate.card, inference=inference)
    other = replace(engine, networks=dict(engine.networks) | {"gate": replace(gate, card=card)})
    assert author_for(engine).uid("sr", "1.2.3") != author_for(other).uid("sr", "1.2.3")


def test_painting_anyway_gives_other_objects():
    _, plain = judged(study_film(), DOUBTFUL)
    _, painted = judged(study_film(), DOUBTFUL, always_segment=True)
    assert "seg" in painted and "seg" not in plain
    assert plain["gsps"].SOPInstanceUID != painted["gsps"].SOPInstanceUID


def test_the_film_itself_is_not_altered():
    data = study_film()
    kept = bytes(data)
    judged(data)
    assert data == kept


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ("ISO_IR 100", "Müller^Änne"),
        ("GB18030", "Wang^XiaoDong=王^小东"),
        ("ISO_IR 192", "Ιωάννης"),
    ],
)
def test_names_of_all_alphabets_stay(charset, name):
    data = study_film(SpecificCharacterSet=charset, PatientName=name)
    _, objects = judged(data)
    for kind, dataset in objects.items():
        assert str(dataset.PatientName) == name, kind
        assert dataset.SpecificCharacterSet == film_of(data).header.dataset.SpecificCharacterSet


@pytest.mark.parametrize(
    "odd",
    [
        {"PatientSex": "female"},
        {"PatientBirthDate": "31.01.1970"},
        {"PatientID": "x" * 90},
        {"PatientName": "A^B^C^D^E^F^G"},
        {"StudyDate": "yesterday", "StudyTime": "25:61"},
        {"AccessionNumber": "1234567890123456789012345"},
    ],
)
def test_values_that_dicom_forbids_stay_as_they_are(odd):
    data = study_film(**odd)
    _, objects = judged(data)
    assert set(objects) == EVERY
    for dataset in objects.values():
        for name, value in odd.items():
            assert str(dataset.get_item(name).value).strip("b' ") == value


@pytest.mark.parametrize(
    ("written", "other"), [(b"ISO_IR 100", b"ISO_IR 9x9"), (b"1.75", b"tall"), (b"70.5", b"a\\bc")]
)
def test_a_header_that_cannot_be_parsed_costs_no_result(written, other):
    data = study_film(SpecificCharacterSet="ISO_IR 100", PatientSize="1.75", PatientWeight="70.5")
    assert data.count(written) == 1
    _, objects = judged(data.replace(written, other))
    assert set(objects) == EVERY
    assert all(dataset.PatientID == "P-1" for dataset in objects.values())


def test_what_the_film_does_not_say_is_empty():
    bare = {name: None for name in PATIENT if not name.endswith("UID") and name in study_names()}
    _, objects = judged(study_film(**bare))
    for dataset in objects.values():
        assert not dataset.PatientID and not dataset.AccessionNumber and not dataset.StudyDate
        assert dataset.StudyInstanceUID == PATIENT["StudyInstanceUID"]


def study_names():
    return {"PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate",
            "StudyTime", "AccessionNumber", "StudyID", "ReferringPhysicianName"}  # fmt: skip


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n", "no DICOM film"),
        (b"", "no DICOM film"),
        (study_film(StudyInstanceUID=None), "lacks its StudyInstanceUID"),
        (study_film(SeriesInstanceUID=None), "lacks its SeriesInstanceUID"),
        (study_film(NumberOfFrames="4"), "several pictures"),
    ],
)
def test_without_a_study_there_is_nothing_to_attach_to(data, reason):
    with pytest.raises(NoStudyError, match=f"no DICOM study to attach to: .*{reason}"):
        film_of(data)


def test_a_film_in_color_gets_no_grayscale_state():
    color = np.repeat(film(480, 400)[..., None], 3, axis=2)
    _, objects = judged(study_film(pixels=color, PhotometricInterpretation="RGB"))
    assert set(objects) == EVERY - {"gsps"}


def test_a_header_of_another_size_is_told():
    engine, data = marking_engine(), study_film()
    found = examine_xray(data, engine, accept_any=True)
    other = film_of(study_film(Rows=100))
    with pytest.raises(NoStudyError, match="another size"):
        dicom_results(other, found, author_for(engine))


def test_a_film_without_a_verdict_gives_nothing():
    engine, data = marking_engine(), study_film(BodyPartExamined="CHEST")
    found = examine_xray(data, engine)
    assert found.refusal
    assert dicom_results(film_of(data), found, author_for(engine)) == []


def test_without_a_report_there_is_no_pdf():
    engine, data = marking_engine(), study_film()
    found = examine_xray(data, engine, accept_any=True)
    made = dicom_results(film_of(data), found, author_for(engine))
    assert [one.kind for one in made] == ["gsps", "sr", "seg", "sc"]


def test_the_pdf_is_inside_whole():
    _, objects = judged(study_film())
    pdf = objects["pdf"]
    content = pdf.EncapsulatedDocument[: pdf.EncapsulatedDocumentLength]
    assert content == b"%PDF-1.4 a report" and len(pdf.EncapsulatedDocument) % 2 == 0
    assert pdf.MIMETypeOfEncapsulatedDocument == "application/pdf"
    assert BytesIO(content)
