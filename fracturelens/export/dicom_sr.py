"""The verdict and every finding as numbers and polygons: a Comprehensive SR after TID 1500."""

from collections.abc import Iterator
from copy import copy
from typing import Any

import numpy as np

from fracturelens.export.dicom_author import MANUFACTURER, MODEL, SCHEME, Author
from fracturelens.export.dicom_source import Film, place_of
from fracturelens.export.dicom_words import SHORT_NOTICE, tracking_id, verdict_lines
from fracturelens.findings.outlines import outlines_of
from fracturelens.measured.words import VERDICTS
from fracturelens.results import Finding, FracturePrediction
from fracturelens.xray.cautions import Caution, caution_words
from important_variables import ATTRIBUTION, GATE

KIND, SERIES = "sr", 9902
FRACTURE = ("72704001", "SCT", "Fracture")
"""SNOMED CT: the morphologic abnormality."""
OWN = {
    "verdict": "Verdict of the gate",
    "gate_probability": "Calibrated fracture probability of the X-ray",
    "mean_probability": "Mean fracture probability inside",
    "marked_by": "Networks that mark this place",
    "hint": "Whether it is a hint only",
    "caution": "What is unusual about the X-ray",
    "yes": "Yes",
    "no": "No",
    **VERDICTS,
}
"""Codes of `SCHEME`: keys of our other files and what they mean."""
LONGEST_MEANING = 64
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
    from highdicom.sr import ComprehensiveSR, MeasurementReport
    from pydicom.sr.codedict import codes

    groups = [_film_group(film, prediction, author), *_finding_groups(film, prediction, author)]
    content = MeasurementReport(
        observation_context=_observer(author),
        procedure_reported=codes.SCT.PlainRadiography,
        imaging_measurements=groups,
        title=codes.DCM.ImagingMeasurementReport,
        referenced_images=_library(film),
    )
    texts = [*verdict_lines(prediction), ATTRIBUTION, *map(caution_words, cautions)]
    content[0].ContentSequence.extend(map(_comment, texts))
    report = ComprehensiveSR(
        evidence=[film.reference],
        content=content[0],
        is_complete=True,
        series_description=f"FractureLens report, {SHORT_NOTICE}",
        coding_schemes=[_scheme()],
        **author.equipment,
        **place_of(film, author, KIND, SERIES, str(prediction.painted)),
    )
    report.CompletionFlagDescription = SHORT_NOTICE
    film.complete(report)
    return report


def _library(film: Film) -> list[Any] | None:
    """The film for the image library (TID 1600); None where its class has no code there.

    Without a modality, highdicom leaves out orientation and spacing, which many films lack.
    """
    if film.reference.SOPClassUID not in RADIOGRAPHS:
        return None
    listed = copy(film.reference)
    listed.Modality = ""
    return [listed]


def report_uids(author: Author, film_uid: str) -> set[str]:
    """The UIDs that the report on a film may have: of hints, and of painted findings."""
    return {author.uid(KIND, film_uid, str(painted)) for painted in (False, True)}


def own_code(key: str, meaning: str = "") -> Any:
    """A code of our own scheme; `meaning` where the key has none in `OWN`."""
    from highdicom.sr import CodedConcept

    return CodedConcept(key[:16], SCHEME, (meaning or OWN[key])[:LONGEST_MEANING])


def _film_group(film: Film, prediction: FracturePrediction, author: Author) -> Any:
    """The verdict on the whole film (TID 1501)."""
    from highdicom.sr import (
        MeasurementsAndQualitativeEvaluations,
        QualitativeEvaluation,
        SourceImageForMeasurementGroup,
        TrackingIdentifier,
    )

    verdict = QualitativeEvaluation(own_code("verdict"), own_code(str(prediction.verdict)))
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(author.uid("film", film.uid), "Whole X-ray"),
        finding_type=_fracture(),
        algorithm_id=_algorithm(author, GATE),
        measurements=[_number("gate_probability", prediction.gate_probability)],
        qualitative_evaluations=[verdict],
        source_images=[SourceImageForMeasurementGroup.from_source_image(film.reference)],
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
                finding_type=_fracture(),
                algorithm_id=_algorithm(author, network),
                measurements=[_number("mean_probability", finding.mean, codes.SCT.Mean)],
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


def _number(key: str, value: float, derivation: Any = None) -> Any:
    """A probability in [0, 1] with four digits, as in our other files."""
    from highdicom.sr import Measurement
    from pydicom.sr.codedict import codes

    unit = codes.UCUM.NoUnits
    return Measurement(own_code(key), round(value, 4), unit, derivation=derivation)


def _algorithm(author: Author, network: str) -> Any:
    """Name, version and file of a network (TID 4019)."""
    from highdicom.sr import AlgorithmIdentification
    from pydicom.sr.codedict import codes

    known, site = author.networks[network], author.thresholds.site
    parameters = [f"sha256={known.sha256}", f"precision={author.precision}"]
    if site and network == GATE:
        parameters.append(f"site={site}")
    return AlgorithmIdentification(
        name=f"{MANUFACTURER}: {known.title}",
        version=author.software,
        parameters=parameters,
        family=codes.DCM.ArtificialIntelligence,
    )


def _observer(author: Author) -> Any:
    from highdicom.sr import (
        DeviceObserverIdentifyingAttributes,
        ObservationContext,
        ObserverContext,
    )
    from pydicom.sr.codedict import codes

    device = DeviceObserverIdentifyingAttributes(
        uid=author.uid("device"),
        name=MANUFACTURER,
        manufacturer_name=MANUFACTURER,
        model_name=MODEL,
        serial_number=author.digest[:16],
    )
    return ObservationContext(ObserverContext(codes.DCM.Device, device))


def _comment(words: str) -> Any:
    from highdicom.sr import RelationshipTypeValues, TextContentItem
    from pydicom.sr.codedict import codes

    return TextContentItem(codes.DCM.Comment, words, RelationshipTypeValues.CONTAINS)


def _fracture() -> Any:
    from highdicom.sr import CodedConcept

    return CodedConcept(*FRACTURE)


def _scheme() -> Any:
    from highdicom.coding_schemes import CodingSchemeIdentificationItem

    return CodingSchemeIdentificationItem(
        SCHEME, name="FractureLens, keys of its results", responsible_organization=MANUFACTURER
    )
