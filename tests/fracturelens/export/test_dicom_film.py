"""A picture file becomes a film of a study that a person names."""

from io import BytesIO

import numpy as np
import pytest

from fracturelens.export.dicom_film import StudyFields, film_of_picture
from fracturelens.export.dicom_source import NoStudyError
from tests.helpers.dicom_films import judged
from tests.helpers.dicom_standard import dciodvfy_errors, validator_errors
from tests.helpers.films import film

FIELDS = StudyFields("P-7", "Doe^Jané", "19700131", "F", "1.2.3.9", "A-7", "20240229")


def test_the_film_holds_the_pixels_and_the_fields(tmp_path):
    from pydicom import dcmread

    pixels = film(120, 101)
    data = film_of_picture(pixels, FIELDS)
    read = dcmread(BytesIO(data))
    assert np.array_equal(read.pixel_array, pixels)
    assert (read.PatientID, str(read.PatientName), read.StudyInstanceUID) == (
        "P-7", "Doe^Jané", "1.2.3.9",
    )  # fmt: skip
    (tmp_path / "film.dcm").write_bytes(data)
    assert dciodvfy_errors(tmp_path / "film.dcm") == []
    assert validator_errors(tmp_path / "film.dcm") == []


def test_its_results_join_the_same_study(tmp_path):
    _, objects = judged(film_of_picture(film(480, 400), FIELDS))
    assert set(objects) == {"gsps", "sr", "seg", "sc", "pdf"}
    for kind, dataset in objects.items():
        assert dataset.StudyInstanceUID == "1.2.3.9" and dataset.PatientID == "P-7"
        path = tmp_path / f"{kind}.dcm"
        dataset.save_as(path, enforce_file_format=True)
        assert dciodvfy_errors(path) == [] and validator_errors(path) == [], kind


def test_the_patient_alone_makes_a_study():
    from pydicom import dcmread

    def uids(**fields):
        read = dcmread(BytesIO(film_of_picture(film(), StudyFields(**fields))))
        return read.StudyInstanceUID, read.SOPInstanceUID

    assert uids(patient_id="P") == uids(patient_id="P")
    assert not set(uids(patient_id="P")) & set(uids(patient_id="Q"))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"patient_id": " "}, "patient ID is missing"),
        ({"patient_id": "P", "birth_date": "31.1.1970"}, "Dates are written"),
        ({"patient_id": "P", "study_date": "20241399"}, "Dates are written"),
        ({"patient_id": "P", "sex": "female"}, "sex as F"),
        ({"patient_id": "P", "study_uid": "my study"}, "study UID is none"),
        ({"patient_id": "P", "study_uid": "1." + "2" * 80}, "study UID is none"),
        ({"patient_id": "P\\Q"}, "no DICOM study"),
        ({"patient_id": "x" * 70}, "no DICOM study"),
        ({"patient_id": "P", "accession_number": "x" * 17}, "no DICOM study"),
    ],
)
def test_fields_that_dicom_forbids_are_told(fields, reason):
    with pytest.raises(NoStudyError, match=reason):
        film_of_picture(film(), StudyFields(**fields))
