"""A marked copy of the film with the verdict in it, for viewers that show nothing else."""

from typing import Any

import cv2
import numpy as np

from fracturelens.export.dicom_author import MANUFACTURER, MODEL, Author
from fracturelens.export.dicom_source import Film, place_of
from fracturelens.export.dicom_words import SHORT_NOTICE, verdict_lines
from fracturelens.findings.numbering import places_of
from fracturelens.findings.overlay import overlay_agreement, ring_findings
from fracturelens.findings.views import ink_of, mark_color
from fracturelens.results import FracturePrediction
from important_variables import NETWORKS, SEVERAL_MARK

KIND, SERIES = "sc", 9904
LONGEST_SIDE = 2000
"""Pixels; the film itself is there for those who want all of them."""
OPACITY = 0.35
FONT = cv2.FONT_HERSHEY_SIMPLEX
WHITE = (255, 255, 255)


def secondary_capture(
    film: Film, pixels: np.ndarray, prediction: FracturePrediction, author: Author
) -> Any:
    """The film with all marks, under a bar with the verdict and the notice.

    Args:
        film: that was judged.
        pixels: uint8 (H, W), the film as a viewer shows it.
        prediction: what was found in it.
        author: of the result.

    Returns:
        A pydicom `Dataset` with its File Meta Information: RGB, 8 bits, at most `LONGEST_SIDE`
        pixels a side, not compressed, so that every archive takes it.
    """
    from highdicom.sc import SCImage
    from pydicom.uid import ExplicitVRLittleEndian

    made = SCImage(
        pixel_array=marked_copy(pixels, prediction),
        photometric_interpretation="RGB",
        bits_allocated=8,
        coordinate_system="PATIENT",
        study_instance_uid=film.reference.StudyInstanceUID,
        manufacturer=MANUFACTURER,
        patient_orientation=("L", "F"),  # what the film says follows: here it must be whole
        transfer_syntax_uid=ExplicitVRLittleEndian,
        manufacturer_model_name=MODEL,
        software_versions=author.software,
        series_description=f"FractureLens copy, {SHORT_NOTICE}",
        **place_of(film, author, KIND, SERIES, str(prediction.painted)),
    )
    _describe(made, film)
    film.complete(made)
    return made


def marked_copy(pixels: np.ndarray, prediction: FracturePrediction) -> np.ndarray:
    """The film with tints, rings and numbers, and a bar above it; uint8 (h, w, 3)."""
    ink = ink_of(prediction, OPACITY)
    found = prediction.segmentations.values()
    layers = [(one.mask, NETWORKS[one.network].mark) for one in found]
    painted = overlay_agreement(
        cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), layers, SEVERAL_MARK, ink.opacity
    )
    places = places_of(finding for one in found for finding in one.findings)
    ring_findings(painted, [(place, mark_color(place.networks)) for place in places], ink.dotted)
    return _with_bar(_reduced(painted), verdict_lines(prediction))


def _reduced(image: np.ndarray) -> np.ndarray:
    scale = LONGEST_SIDE / max(image.shape[:2])
    if scale >= 1:
        return image
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _with_bar(image: np.ndarray, lines: tuple[str, ...]) -> np.ndarray:
    """Adds a black bar above, whose letters fit the width."""
    width = image.shape[1]
    widest = max(cv2.getTextSize(line, FONT, 1.0, 1)[0][0] for line in lines)
    scale = min(0.95 * width / widest, 1.2)
    step, thickness = max(8, round(40 * scale)), max(1, round(scale * 2))
    bar = np.zeros((step * len(lines) + step // 2, width, 3), np.uint8)
    for number, line in enumerate(lines, 1):
        corner = (max(1, width // 50), step * number)
        cv2.putText(bar, line, corner, FONT, scale, WHITE, thickness, cv2.LINE_AA)
    return np.vstack([bar, image])


def _describe(made: Any, film: Film) -> None:
    """Says whose picture it is, on which side, and that letters are part of it."""
    from pydicom.dataset import Dataset

    made.ImageType = ["DERIVED", "SECONDARY"]
    made.BurnedInAnnotation = "YES"
    made.ImageComments = f"FractureLens, {SHORT_NOTICE}"
    made.DerivationDescription = f"Marks of FractureLens drawn on a copy, {SHORT_NOTICE}"
    made.PatientOrientation = film.reference.PatientOrientation
    made.Laterality = film.laterality
    if part := film.header.text("BodyPartExamined")[:16]:
        made.BodyPartExamined = part
    source = Dataset()
    source.ReferencedSOPClassUID = film.reference.SOPClassUID
    source.ReferencedSOPInstanceUID = film.reference.SOPInstanceUID
    made.SourceImageSequence = [source]
