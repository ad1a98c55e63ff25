"""Words that stand in DICOM results, for those who read them in a viewer."""

from fracturelens.measured.words import VERDICTS, marked_by
from fracturelens.results import Finding, FracturePrediction, Place
from important_variables import DISCLAIMER, title_of

SHORT_NOTICE = "research, not for diagnosis"
"""Where a field takes no more than 64 letters."""


def verdict_lines(prediction: FracturePrediction) -> tuple[str, str]:
    """The verdict with its probability, and the notice."""
    return verdict_words(prediction), DISCLAIMER


def verdict_words(prediction: FracturePrediction) -> str:
    """The verdict with its probability, such as "FractureLens: fracture (probability 0.93)"."""
    verdict = VERDICTS[prediction.verdict].lower()
    return f"FractureLens: {verdict} (probability {prediction.gate_probability:.2f})"


def place_words(place: Place, prediction: FracturePrediction) -> str:
    """Number, networks and mean probability of a place, such as "1: both networks, 0.83"."""
    means = [
        finding.mean
        for one in prediction.segmentations.values()
        for finding in one.findings
        if finding.number == place.number
    ]
    who = marked_by(place.networks, tuple(prediction.segmentations))
    hint = "" if prediction.painted else "hint, "
    return f"{place.number}: {hint}{who}, {max(means):.2f}"


def tracking_id(network: str, finding: Finding) -> str:
    """A finding's name within its film, such as "1, U-Net"."""
    return f"{finding.number}, {title_of(network)}"
