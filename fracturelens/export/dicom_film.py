"""A picture without a header (PNG, JPEG ...) as a DICOM film, for results that need a study."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from fracturelens.export.dicom_author import MANUFACTURER, MODEL, software_version, uid_of
from fracturelens.export.dicom_source import NoStudyError, file_of
from fracturelens.export.dicom_words import SHORT_NOTICE
from fracturelens.xray.dicom.header import parsing

SERIES = 9900
UID = r"(0|[1-9]\d*)(\.(0|[1-9]\d*))+"


@dataclass(frozen=True)
class StudyFields:
    """Whose picture it is, as the person says who asks for DICOM results of it.

    Attributes:
        patient_id: PatientID; needed.
        patient_name: PatientName, such as "Doe^Jane".
        birth_date: PatientBirthDate, such as "19700131"; "" where unknown.
        sex: PatientSex, "F", "M" or "O"; "" where unknown.
        study_uid: StudyInstanceUID; "" makes one of the other fields, always the same.
        accession_number: AccessionNumber.
        study_date: StudyDate, such as "20240131"; "" where unknown.
    """

    patient_id: str
    patient_name: str = ""
    birth_date: str = ""
    sex: str = ""
    study_uid: str = ""
    accession_number: str = ""
    study_date: str = ""


def film_of_picture(pixels: np.ndarray, fields: StudyFields) -> bytes:
    """A DICOM file (Secondary Capture) with the pixels as they are.

    The same picture and fields give the same UIDs.

    Args:
        pixels: uint8 (H, W).
        fields: patient and study.

    Raises:
        NoStudyError: a field is missing or not as DICOM wants it; the text says which.
    """
    study_uid = fields.study_uid or uid_of("study", *_identity(fields))
    picture = hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest()
    try:
        with parsing():
            film = _capture(pixels, fields, study_uid, picture)
            _check(film)
            return file_of(film)
    except (ValueError, TypeError) as error:
        raise NoStudyError(
            f"no DICOM study to attach to: {error}. Dates are written as 19700131, sex as F, M or "
            "O, and a patient ID is needed."
        ) from error


def _identity(fields: StudyFields) -> tuple[str, ...]:
    return fields.patient_id, fields.accession_number, fields.study_date


def _capture(pixels: np.ndarray, fields: StudyFields, study_uid: str, picture: str) -> Any:
    """The secondary capture, its UIDs made of the study's and the picture's hash."""
    from highdicom.sc import SCImage
    from pydicom.uid import ExplicitVRLittleEndian

    if not fields.patient_id.strip():
        raise ValueError("the patient ID is missing")
    film = SCImage(
        pixel_array=pixels,
        photometric_interpretation="MONOCHROME2",
        bits_allocated=8,
        coordinate_system="PATIENT",
        study_instance_uid=study_uid,
        series_instance_uid=uid_of("film", "series", study_uid),
        series_number=SERIES,
        sop_instance_uid=uid_of("film", study_uid, picture),
        instance_number=1,
        manufacturer=MANUFACTURER,
        patient_id=fields.patient_id,
        patient_name=fields.patient_name or None,
        patient_birth_date=fields.birth_date or None,
        patient_sex=fields.sex or None,
        accession_number=fields.accession_number or None,
        study_date=fields.study_date or None,
        patient_orientation=("L", "F"),  # unknown, and so emptied below: here it must be whole
        transfer_syntax_uid=ExplicitVRLittleEndian,
        manufacturer_model_name=MODEL,
        software_versions=software_version(),
        series_description=f"X-ray from a picture file, {SHORT_NOTICE}",
        specific_character_set="ISO_IR 192",
    )
    for name in ("PatientOrientation", "Laterality"):
        setattr(film, name, None)
    film.ConversionType = "WSD"
    return film


def _check(film: Any) -> None:
    """Refuses values that DICOM does not allow (PS3.5 6.2), and UIDs that are none.

    Raises:
        ValueError: the text names the field.
    """
    from pydicom import config
    from pydicom.valuerep import validate_value

    if not re.fullmatch(UID, film.StudyInstanceUID) or len(film.StudyInstanceUID) > 64:
        raise ValueError("the study UID is none: digits and dots, 64 at most")
    for name in ("PatientID", "PatientName", "AccessionNumber", "PatientBirthDate", "StudyDate"):
        if film.get(name):
            validate_value(film[name].VR, str(film[name].value), config.RAISE)
        if film[name].VM > 1:
            raise ValueError(f"{name} holds a backslash")
