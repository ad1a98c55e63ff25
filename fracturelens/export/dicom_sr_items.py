"""Pieces of our structured reports: codes, probabilities, networks, who observed."""

from collections.abc import Iterable, Sequence
from typing import Any

from fracturelens.export.dicom_author import MANUFACTURER, MODEL, SCHEME, Author
from fracturelens.export.dicom_source import Film
from fracturelens.export.dicom_words import SHORT_NOTICE
from fracturelens.measured.words import VERDICTS
from important_variables import GATE

FRACTURE = ("72704001", "SCT", "Fracture")
"""SNOMED CT: the morphologic abnormality."""
OWN = {
    "verdict": "Verdict of the gate",
    "gate_probability": "Calibrated fracture probability of the X-ray",
    "mean_probability": "Mean fracture probability inside",
    "marked_by": "Networks that mark this place",
    "hint": "Whether it is a hint only",
    "caution": "What is unusual about the X-ray",
    "decides": "Whether this view alone gives the study its verdict",
    "yes": "Yes",
    "no": "No",
    **VERDICTS,
}
"""Codes of `SCHEME`: keys of our other files and what they mean."""
LONGEST_MEANING = 64


def own_code(key: str, meaning: str = "") -> Any:
    """A code of our own scheme; `meaning` where the key has none in `OWN`."""
    from highdicom.sr import CodedConcept

    return CodedConcept(key[:16], SCHEME, (meaning or OWN[key])[:LONGEST_MEANING])


def number(key: str, value: float, derivation: Any = None) -> Any:
    """A probability in [0, 1] with four digits, as in our other files."""
    from highdicom.sr import Measurement
    from pydicom.sr.codedict import codes

    unit = codes.UCUM.NoUnits
    return Measurement(own_code(key), round(value, 4), unit, derivation=derivation)


def algorithm(author: Author, network: str) -> Any:
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


def observer(author: Author) -> Any:
    """This program as the observer (TID 1001)."""
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


def comment(words: str) -> Any:
    """A sentence for people (TID 1500)."""
    from highdicom.sr import RelationshipTypeValues, TextContentItem
    from pydicom.sr.codedict import codes

    return TextContentItem(codes.DCM.Comment, words, RelationshipTypeValues.CONTAINS)


def fracture() -> Any:
    """What findings are."""
    from highdicom.sr import CodedConcept

    return CodedConcept(*FRACTURE)


def scheme() -> Any:
    """Our coding scheme (PS3.3 C.12.1)."""
    from highdicom.coding_schemes import CodingSchemeIdentificationItem

    return CodingSchemeIdentificationItem(
        SCHEME, name="FractureLens, keys of its results", responsible_organization=MANUFACTURER
    )


def verdict_group(
    author: Author,
    tracked: tuple[str, str],
    verdict: str,
    probability: float,
    images: Sequence[Any],
    decides: str = "",
) -> Any:
    """The verdict on a film, or on several (TID 1501).

    Args:
        author: of the result.
        tracked: name and UID of the group.
        verdict: its key.
        probability: of the gate, in [0, 1].
        images: highdicom's references to the films.
        decides: "yes" or "no" for one of several views, else "".
    """
    from highdicom.sr import (
        MeasurementsAndQualitativeEvaluations,
        QualitativeEvaluation,
        TrackingIdentifier,
    )

    said = [QualitativeEvaluation(own_code("verdict"), own_code(verdict))]
    if decides:
        said.append(QualitativeEvaluation(own_code("decides"), own_code(decides)))
    name, uid = tracked
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(uid, name),
        finding_type=fracture(),
        algorithm_id=algorithm(author, GATE),
        measurements=[number("gate_probability", probability)],
        qualitative_evaluations=said,
        source_images=list(images),
    )


def measurement_report(
    film: Film,
    author: Author,
    title: str,
    groups: Sequence[Any],
    texts: Iterable[str],
    evidence: Sequence[Any],
    place: dict[str, Any],
    library: Sequence[Any] | None = None,
) -> Any:
    """A Comprehensive SR after TID 1500.

    Args:
        film: that patient and study are copied from.
        author: of the result.
        title: of the series.
        groups: measurements.
        texts: sentences for people.
        evidence: all films that it speaks of.
        place: series and instance, by highdicom's names.
        library: films for the image library; None for none.

    Returns:
        A pydicom `Dataset` with its File Meta Information.
    """
    from highdicom.sr import ComprehensiveSR, MeasurementReport
    from pydicom.sr.codedict import codes

    content = MeasurementReport(
        observation_context=observer(author),
        procedure_reported=codes.SCT.PlainRadiography,
        imaging_measurements=list(groups),
        title=codes.DCM.ImagingMeasurementReport,
        referenced_images=library,
    )
    content[0].ContentSequence.extend(map(comment, texts))
    report = ComprehensiveSR(
        evidence=list(evidence),
        content=content[0],
        is_complete=True,
        series_description=f"{title}, {SHORT_NOTICE}",
        coding_schemes=[scheme()],
        **author.equipment,
        **place,
    )
    report.CompletionFlagDescription = SHORT_NOTICE
    film.complete(report)
    return report
