"""Screens a picture before any verdict: is it a film that the networks know?"""

from collections.abc import Mapping

from fracturelens.networks.predictor import Predictor
from fracturelens.screening.check import check_picture
from fracturelens.screening.dicom_header import odd_header
from fracturelens.screening.network import KNOWN, NEGATIVE, ask_screening, known_probability
from fracturelens.screening.outcome import Outcome, Screening
from fracturelens.xray.radiograph import Radiograph

STANDS_OUT = 0.6
"""Share of one class among those that are not known, from which the picture is said to look so."""


def screen(radiograph: Radiograph, network: Predictor | None) -> Screening:
    """Judges a file by what its DICOM header says, if it has one, then by its picture.

    Args:
        radiograph: what was read.
        network: of `load_screening`; None leaves the exact checks.

    Returns:
        What is made of it. An outcome "caution" of the kind "negative" means that the picture is
        to be inverted before it is judged. The caller lets the user override a refusal.
    """
    if said := odd_header(radiograph.source):
        return Screening(Outcome.REFUSE, "header", detail=said)
    if failed := check_picture(radiograph):
        kind, detail = failed
        return Screening(Outcome.REFUSE, kind, detail=detail)
    if network is None:
        return Screening(Outcome.ACCEPT)
    said_of_it = ask_screening(radiograph.network_pixels, network)
    if max(said_of_it, key=said_of_it.__getitem__) == NEGATIVE:
        inverse = _judged(ask_screening(255 - radiograph.network_pixels, network), network)
        if inverse.outcome is not Outcome.REFUSE:
            return Screening(Outcome.CAUTION, NEGATIVE, inverse.probability, said_of_it)
    return _judged(said_of_it, network)


def _judged(probabilities: Mapping[str, float], network: Predictor) -> Screening:
    limits = network.card.thresholds_at(network.precision)
    probability = known_probability(probabilities)
    if probability >= limits["accept_from"]:
        known = max(KNOWN, key=probabilities.__getitem__)
        return Screening(Outcome.ACCEPT, known, probability, probabilities)
    refused = probability < limits["refuse_below"]
    kind = _looks_like(probabilities)
    if refused:
        return Screening(Outcome.REFUSE, kind, probability, probabilities)
    # A film that is most likely none is not to be inverted, whatever else it may be.
    kind = "unlike" if kind == NEGATIVE else kind
    return Screening(Outcome.CAUTION, kind, probability, probabilities)


def _looks_like(probabilities: Mapping[str, float]) -> str:
    """The class that stands out among those that are not known, else "unlike"."""
    others = {name: share for name, share in probabilities.items() if name not in KNOWN}
    top = max(others, key=others.__getitem__)
    return top if others[top] >= STANDS_OUT * sum(others.values()) else "unlike"
