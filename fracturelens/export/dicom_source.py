"""What the results of a DICOM film repeat of it: patient, study, identity and how it is shown."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from fracturelens.export.dicom_author import Author
from fracturelens.xray.dicom.file import open_dicom
from fracturelens.xray.dicom.header import Header, parsing
from fracturelens.xray.dicom.meta import is_dicom
from fracturelens.xray.errors import DAMAGE, UnreadableXrayError
from important_variables import UploadLimits

PATIENT = (
    "PatientName", "PatientID", "IssuerOfPatientID", "TypeOfPatientID", "PatientBirthDate",
    "PatientBirthTime", "PatientSex", "PatientIdentityRemoved", "DeidentificationMethod",
    "DeidentificationMethodCodeSequence",
)  # fmt: skip
STUDY = (
    "StudyDate", "StudyTime", "AccessionNumber", "StudyID", "StudyDescription",
    "ReferringPhysicianName", "PatientAge", "PatientSize", "PatientWeight",
)  # fmt: skip
"""Of the Patient, General Study and Patient Study modules (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2)."""
REQUIRED = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex",
    "StudyDate", "StudyTime", "AccessionNumber", "StudyID", "ReferringPhysicianName",
)  # fmt: skip
"""Must be there, if only empty (type 2)."""
NO_STUDY = (
    "no DICOM study to attach to: {}. Results as DICOM belong to the study of their film; use the "
    "DICOM file, or give patient and study fields for a picture."
)


class NoStudyError(ValueError):
    """A file has no study that results could join; the text says why and what to do."""


@dataclass(frozen=True, eq=False)
class Film:
    """A DICOM film as its results see it.

    Attributes:
        header: all its elements before the pixel data.
        reference: a pydicom `Dataset` with its identity and size, and with an empty patient and
            study: libraries refuse values that hospitals write.
    """

    header: Header
    reference: Any

    @property
    def uid(self) -> str:
        """SOPInstanceUID."""
        return str(self.reference.SOPInstanceUID)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return int(self.reference.Rows), int(self.reference.Columns)

    @property
    def is_gray(self) -> bool:
        """Whether a grayscale presentation state may refer to it."""
        return int(self.reference.SamplesPerPixel) == 1

    @property
    def laterality(self) -> str | None:
        """L or R where all films of its series are of one side; else None, written as empty."""
        side = self.header.text("Laterality")[:1]
        return side if side in ("L", "R") else None

    def complete(self, result: Any) -> None:
        """Gives a result the patient and study of the film, letter by letter.

        Args:
            result: a pydicom `Dataset`, changed in place.
        """
        for name in (*PATIENT, *STUDY):
            if name in result:
                del result[name]
        with parsing():
            for name in ("SpecificCharacterSet", *PATIENT, *STUDY):
                _copy(self.header.dataset, result, name)
            for name in REQUIRED:
                if name not in result:
                    setattr(result, name, None)


def film_of(data: bytes, limits: UploadLimits = UploadLimits()) -> Film:
    """The film that a DICOM file holds.

    Args:
        data: the whole file.
        limits: largest picture.

    Raises:
        NoStudyError: it is no DICOM film, or states no study, series, identity or size.
        UnreadableXrayError: it is damaged.
    """
    if not is_dicom(data):
        raise NoStudyError(NO_STUDY.format("the file is no DICOM film"))
    try:
        header = open_dicom(data, limits).header
        return Film(header, _reference(header))
    except (NoStudyError, UnreadableXrayError):
        raise
    except DAMAGE as error:
        raise NoStudyError(NO_STUDY.format("the file is damaged")) from error


def place_of(film: Film, author: Author, kind: str, number: int, *parts: str) -> dict[str, Any]:
    """Where a result stands, as keyword arguments of highdicom's classes.

    Results of one kind share a series for each series of films.

    Args:
        film: that it belongs to.
        author: of the result.
        kind: of object, such as "sr".
        number: of its series.
        parts: what else tells it from others of its kind.
    """
    return {
        "series_instance_uid": author.uid(kind, "series", str(film.reference.SeriesInstanceUID)),
        "series_number": number,
        "sop_instance_uid": author.uid(kind, film.uid, *parts),
        "instance_number": max(1, film.header.integer("InstanceNumber", 1)),
    }


def file_of(dataset: Any) -> bytes:
    """The bytes of a file (PS3.10) for a pydicom `Dataset` with its File Meta Information."""
    from pydicom import dcmwrite

    buffer = BytesIO()
    dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()


def _reference(header: Header) -> Any:
    """The film's identity, size and grays as a clean data set."""
    from pydicom.dataset import Dataset

    reference = Dataset()
    for name in ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"):
        if not header.uid(name):
            raise NoStudyError(NO_STUDY.format(f"the file lacks its {name}"))
        setattr(reference, name, header.uid(name))
    reference.Rows, reference.Columns = header.integer("Rows", 0), header.integer("Columns", 0)
    if header.count("NumberOfFrames") > 1:
        raise NoStudyError(NO_STUDY.format("the file holds several pictures, and a film is one"))
    reference.SamplesPerPixel = header.integer("SamplesPerPixel", 1)
    reference.Modality = header.text("Modality")[:16] or "OT"
    for name in REQUIRED:
        setattr(reference, name, None)
    reference.PatientOrientation = list(header.texts("PatientOrientation")[:2]) or None
    return reference


def _copy(source: Any, result: Any, name: str) -> None:
    """Copies an element as it is, valid or not: an archive knows its patient by it."""
    from pydicom import config
    from pydicom.dataelem import DataElement

    if name not in source:
        return
    try:
        element = source[name]
        copied = DataElement(element.tag, element.VR, element.value, validation_mode=config.IGNORE)
    except DAMAGE:  # a value that cannot be parsed
        return
    result.add(copied)
