"""The report on a study of several films, read back by other people's readers."""

from io import BytesIO

import pytest

from fracturelens.export.dicom_results import dicom_study_result
from fracturelens.export.dicom_source import film_of
from fracturelens.export.dicom_study import KIND, film_verdict, study_report_uid
from fracturelens.reporting import author_for
from important_variables import DISCLAIMER
from tests.helpers.dicom_films import CR, PATIENT, marking_engine, study_film
from tests.helpers.dicom_standard import dciodvfy_errors, validator_errors
from tests.helpers.films import film

SIDE = {"SOPInstanceUID": "1.2.3.4.5.7", "InstanceNumber": "4", "SeriesInstanceUID": "1.2.3.4.9"}
CHEST = {"SOPInstanceUID": "1.2.3.4.5.8", "InstanceNumber": "5"}


@pytest.fixture(scope="module")
def films():
    small = film()
    kinds = ({}, SIDE | {"SOPClassUID": CR, "Modality": "CR"}, CHEST)
    return [film_of(study_film(pixels=small, **kind)) for kind in kinds]


@pytest.fixture(scope="module")
def verdicts(films):
    said = [("fracture", 0.93), ("no_fracture", 0.05), ("refused", None)]
    return [film_verdict(one, *words) for one, words in zip(films, said, strict=True)]


@pytest.fixture(scope="module")
def author():
    return author_for(marking_engine())


@pytest.fixture(scope="module")
def result(films, verdicts, author):
    return dicom_study_result(films[-1], verdicts, author)


@pytest.fixture(scope="module")
def report(result):
    from pydicom import dcmread

    return dcmread(BytesIO(result.data))


def texts(report):
    return [one.TextValue for one in report.ContentSequence if one.ValueType == "TEXT"]


def groups(report):
    """By tracking identifier: coded answers, probability and films of each group."""
    found = {}
    (measured,) = [
        one for one in report.ContentSequence
        if one.ConceptNameCodeSequence[0].CodeMeaning == "Imaging Measurements"
    ]  # fmt: skip
    for group in measured.ContentSequence:
        items = group.ContentSequence
        [name] = [
            one.TextValue for one in items
            if one.ConceptNameCodeSequence[0].CodeMeaning == "Tracking Identifier"
        ]  # fmt: skip
        codes = {
            one.ConceptNameCodeSequence[0].CodeValue: one.ConceptCodeSequence[0].CodeValue
            for one in items if one.ValueType == "CODE"
        }  # fmt: skip
        [number] = [one.MeasuredValueSequence[0].NumericValue
                    for one in items if one.ValueType == "NUM"]  # fmt: skip
        films = [one.ReferencedSOPSequence[0].ReferencedSOPInstanceUID
                 for one in items if one.ValueType == "IMAGE"]  # fmt: skip
        found[name] = (codes, float(number), films)
    return found


def test_validators_find_no_error(result, tmp_path):
    path = tmp_path / "study.dcm"
    path.write_bytes(result.data)
    assert dciodvfy_errors(path) == []
    assert validator_errors(path) == []


def test_the_highest_view_gives_the_verdict_and_each_view_says_what_it_adds(report):
    found = groups(report)
    codes, probability, films = found["Whole study"]
    assert codes["verdict"] == "fracture" and probability == 0.93
    assert films == ["1.2.3.4.5.6", "1.2.3.4.5.7"]
    codes, probability, films = found["Whole X-ray, image 3"]
    assert (codes["verdict"], codes["decides"], films) == ("fracture", "yes", ["1.2.3.4.5.6"])
    codes, probability, films = found["Whole X-ray, image 4"]
    assert (codes["verdict"], codes["decides"], probability) == ("no_fracture", "no", 0.05)
    assert len(found) == 3
    assert any("Study of 3 X-rays: Possible fracture (93.0%)." in one for one in texts(report))
    assert "Image 3 (93.0%): This view alone gives the study its verdict." in texts(report)
    assert "Without a verdict: image 5." in texts(report) and DISCLAIMER in texts(report)


def test_it_joins_the_study_and_refers_to_all_films(report, films):
    assert {
        name: str(report[name].value) for name in PATIENT if name.startswith(("Pat", "Stu"))
    } == {name: value for name, value in PATIENT.items() if name.startswith(("Pat", "Stu"))}
    [evidence] = report.CurrentRequestedProcedureEvidenceSequence
    told = {
        one.ReferencedSOPInstanceUID
        for series in evidence.ReferencedSeriesSequence for one in series.ReferencedSOPSequence
    }  # fmt: skip
    assert told == {one.uid for one in films}
    assert "research, not for diagnosis" in report.SeriesDescription
    assert report.SeriesNumber == 9906 and result_uid(films) == report.SOPInstanceUID


def result_uid(films):
    return study_report_uid(author_for(marking_engine()), [one.uid for one in reversed(films)])


def test_the_same_films_give_the_same_uid_and_another_film_another(films, verdicts, author):
    assert result_uid(films) == dicom_study_result(films[0], verdicts[::-1], author).uid
    two = dicom_study_result(films[0], verdicts[:2], author)
    assert two.uid != result_uid(films) and two.kind == KIND
