"""The verdict and every finding as numbers and polygons: a Comprehensive SR after TID 1500."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import numpy as np

from fracturelens.export.dicom_author import Author
from fracturelens.export.dicom_source import Film, place_of
from fracturelens.export.dicom_sr_items import (
    algorithm,
    fracture,
    measurement_report,
    number,
    own_code,
    verdict_group,
)
from fracturelens.export.dicom_words import tracking_id, verdict_lines
from fracturelens.findings.outlines import outlines_of
from fracturelens.results import Finding, FracturePrediction
from fracturelens.xray.cautions import Caution, caution_words
from important_variables import ATTRIBUTION

KIND, SERIES = "sr", 9902
RADIOGRAPHS = tuple(f"1.2.840.10008.5.1.4.1.1.{n}" for n in ("1", "1.1", "1.1.1"))
"""Computed and digital radiography: what an image library has a code for."""


def structured_report(
    film: Film,
    prediction: FracturePrediction,
    author: Author,
    cautions: tuple[Caution, ...] = (),
) -> Any:
    """Verdict, gate probability and each finding with its polygon, probability and networks.

    Polygons are those of `outlines_of`, closed: columns and rows from the film's upper left
    corner, as PS3.3 C.18.6.1.2 counts them.

    Args:
        film: that was judged.
        prediction: what was found in it.
        author: of the result.
        cautions: to be told beside the verdict.

    Returns:
        A pydicom `Dataset` with its File Meta Information.
    """
    return measurement_report(
        film,
        author,
        "FractureLens report",
        [_film_group(film, prediction, author), *_finding_groups(film, prediction, author)],
        [*verdict_lines(prediction), ATTRIBUTION, *map(caution_words, cautions)],
        evidence=[film.reference],
        place=place_of(film, author, KIND, SERIES, str(prediction.painted)),
        library=_library(film),
    )


def _library(film: Film) -> list[Any] | None:
    """The film for the image library (TID 1600); None where its class has no code there.

    Without a modality, highdicom leaves out orientation and spacing, which many films lack.
    """
    if film.reference.SOPClassUID not in RADIOGRAPHS:
        return None
    listed = deepcopy(film.reference)  # a copy would share its elements
    listed.Modality = ""
    return [listed]


def report_uids(author: Author, film_uid: str) -> set[str]:
    """The UIDs that the report on a film may have: of hints, and of painted findings."""
    return {author.uid(KIND, film_uid, str(painted)) for painted in (False, True)}


def _film_group(film: Film, prediction: FracturePrediction, author: Author) -> Any:
    """The verdict on the whole film."""
    from highdicom.sr import SourceImageForMeasurementGroup

    return verdict_group(
        author,
        ("Whole X-ray", author.uid("film", film.uid)),
        str(prediction.verdict),
        prediction.gate_probability,
        [SourceImageForMeasurementGroup.from_source_image(film.reference)],
    )


def _finding_groups(film: Film, prediction: FracturePrediction, author: Author) -> Iterator[Any]:
    """One group for each finding of each network (TID 1410)."""
    from highdicom.sr import PlanarROIMeasurementsAndQualitativeEvaluations, TrackingIdentifier
    from pydicom.sr.codedict import codes

    for network, segmentation in prediction.segmentations.items():
        for finding, corners in outlines_of(segmentation).items():
            uid = author.finding_uid(film.uid, network, finding)
            yield PlanarROIMeasurementsAndQualitativeEvaluations(
                tracking_identifier=TrackingIdentifier(uid, tracking_id(network, finding)),
                referenced_region=_region(film, corners),
                finding_type=fracture(),
                algorithm_id=algorithm(author, network),
                measurements=[number("mean_probability", finding.mean, codes.SCT.Mean)],
                qualitative_evaluations=_evaluations(finding, prediction, author),
            )


def _evaluations(finding: Finding, prediction: FracturePrediction, author: Author) -> list[Any]:
    """Who else marks the place, one evaluation for each network; and whether it is a hint."""
    from highdicom.sr import QualitativeEvaluation

    said = [
        QualitativeEvaluation(own_code("marked_by"), own_code(name, author.networks[name].title))
        for name in sorted(finding.networks)
    ]
    hint = own_code("no" if prediction.painted else "yes")
    return [*said, QualitativeEvaluation(own_code("hint"), hint)]


def _region(film: Film, corners: np.ndarray) -> Any:
    from highdicom.sr import ImageRegion, SourceImageForRegion

    closed = np.vstack([corners, corners[:1]]).astype(np.float64)
    source = SourceImageForRegion.from_source_image(film.reference)
    return ImageRegion("POLYLINE", closed, source)
