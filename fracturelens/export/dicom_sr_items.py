"""Pieces of our structured reports: codes, probabilities, networks, who observed."""

from typing import Any

from fracturelens.export.dicom_author import MANUFACTURER, MODEL, SCHEME, Author
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
