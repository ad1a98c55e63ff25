"""The report as a PDF within DICOM."""

from datetime import datetime
from typing import Any

from fracturelens.export.dicom_author import MANUFACTURER, MODEL, Author
from fracturelens.export.dicom_source import Film, place_of
from fracturelens.export.dicom_words import SHORT_NOTICE

KIND, SERIES = "pdf", 9905
TITLE = "FractureLens report, " + SHORT_NOTICE


def encapsulated_pdf(film: Film, pdf: bytes, author: Author, variant: str = "") -> Any:
    """An Encapsulated PDF object (PS3.3 A.45.1).

    Args:
        film: that the report is about.
        pdf: the whole file.
        author: of the result.
        variant: what else tells it from others about the same film.

    Returns:
        A pydicom `Dataset` with its File Meta Information.
    """
    from highdicom.base import SOPClass
    from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian

    made = SOPClass(
        study_instance_uid=film.reference.StudyInstanceUID,
        sop_class_uid=EncapsulatedPDFStorage,
        modality="DOC",
        manufacturer=MANUFACTURER,
        manufacturer_model_name=MODEL,
        software_versions=author.software,
        transfer_syntax_uid=ExplicitVRLittleEndian,
        series_description=TITLE,
        **place_of(film, author, KIND, SERIES, variant),
    )
    made.ConversionType = "WSD"
    made.AcquisitionDateTime = datetime.now().strftime("%Y%m%d%H%M%S")
    made.BurnedInAnnotation = "YES"
    made.DocumentTitle = TITLE
    made.ConceptNameCodeSequence = []
    made.MIMETypeOfEncapsulatedDocument = "application/pdf"
    made.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)
    made.EncapsulatedDocumentLength = len(pdf)
    made.SourceInstanceSequence = [_reference(film)]
    film.complete(made)
    return made


def _reference(film: Film) -> Any:
    from pydicom.dataset import Dataset

    source = Dataset()
    source.ReferencedSOPClassUID = film.reference.SOPClassUID
    source.ReferencedSOPInstanceUID = film.reference.SOPInstanceUID
    return source
