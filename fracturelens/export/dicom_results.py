"""All DICOM objects that one judged film gives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fracturelens.export import dicom_gsps, dicom_pdf, dicom_sc, dicom_seg, dicom_sr, dicom_study
from fracturelens.export.dicom_author import Author
from fracturelens.export.dicom_source import NO_STUDY, Film, NoStudyError, file_of
from fracturelens.results import Examination
from fracturelens.xray.dicom.header import parsing


@dataclass(frozen=True)
class DicomResult:
    """One object as a file.

    Attributes:
        kind: "gsps", "sr", "seg", "sc", "pdf", or "study" for the report on a study.
        uid: its SOPInstanceUID.
        data: the whole file.
    """

    kind: str
    uid: str
    data: bytes


def dicom_results(
    film: Film, examination: Examination, author: Author, pdf: bytes | None = None
) -> list[DicomResult]:
    """The results of a judged film: presentation state, report, masks, marked copy, PDF.

    The same film and author give the same UIDs: sending them twice adds nothing.

    Args:
        film: that was examined.
        examination: of it, with the thresholds of the author.
        author: of the results.
        pdf: a report to wrap; none where None.

    Returns:
        No masks where nothing was painted, no presentation state of a film in color; nothing at
        all for a film that was not judged.

    Raises:
        NoStudyError: the film's header does not fit the picture that was judged.
    """
    radiograph, prediction = examination.radiograph, examination.prediction
    if radiograph is None or prediction is None:
        return []
    if film.size != radiograph.pixels.shape:
        raise NoStudyError(NO_STUDY.format("its picture was read in another size than it states"))
    with parsing():
        return [
            DicomResult(kind, str(made.SOPInstanceUID), file_of(made))
            for kind, made in _objects(film, examination, author, pdf)
        ]


def dicom_study_result(
    film: Film, verdicts: Sequence[dicom_study.FilmVerdict], author: Author
) -> DicomResult:
    """The report on a study; arguments as of `dicom_study.study_report`.

    The same films and author give the same UID.
    """
    with parsing():
        made = dicom_study.study_report(film, verdicts, author)
        return DicomResult(dicom_study.KIND, str(made.SOPInstanceUID), file_of(made))


def _objects(
    film: Film, examination: Examination, author: Author, pdf: bytes | None
) -> Iterator[tuple[str, Any]]:
    """Kind and pydicom `Dataset` of each."""
    radiograph, prediction = examination.radiograph, examination.prediction
    if radiograph is None or prediction is None:
        return
    if film.is_gray:
        yield dicom_gsps.KIND, dicom_gsps.presentation_state(film, prediction, author)
    report = dicom_sr.structured_report(film, prediction, author, examination.cautions)
    yield dicom_sr.KIND, report
    masks = dicom_seg.segmentation_object(film, prediction, author)
    if masks is not None:
        yield dicom_seg.KIND, masks
    copy = dicom_sc.secondary_capture(film, radiograph.pixels, prediction, author)
    yield dicom_sc.KIND, copy
    if pdf is not None:
        variant = str(prediction.painted)
        yield dicom_pdf.KIND, dicom_pdf.encapsulated_pdf(film, pdf, author, variant)
