"""What each picture of the viewer shows over the film: layers to tint, rings to draw, words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app_pages.dashboard.film_viewer.words import (
    agreement_words,
    network_caption,
    network_title,
    network_words,
)
from fracturelens.findings.layers import SEVERAL, Patch, agreement_layers, network_layer
from fracturelens.findings.numbering import places_of
from fracturelens.findings.views import mark_color
from fracturelens.measured.words import marked_by
from fracturelens.results import Finding, FracturePrediction, Place, Verdict
from important_variables import NETWORKS, RGB, SEVERAL_MARK, title_of

ORIGINAL, AGREEMENT = "original", "agreement"
"""Keys of the pictures beside those of the networks."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What the networks of one precision made of the film.

    Attributes:
        prediction: of the film.
        precision: for people; "" where only one is shown.
    """

    prediction: FracturePrediction
    precision: str = ""

    @property
    def hints(self) -> bool:
        """Whether findings are ringed with dots: for any verdict but "fracture"."""
        return self.prediction.verdict is not Verdict.FRACTURE


def panes_of(readings: Sequence[Reading], name: str, height: int, width: int) -> list[dict]:
    """The pictures to choose from, ready for JSON: the film alone, then each network's.

    Args:
        readings: one, or one for each precision.
        name: of the file.
        height: of the film in pixels.
        width: likewise.
    """
    panes = [_pane(ORIGINAL, "Original", "Original", f"X-ray {name} without marks", False)]
    for place, reading in enumerate(readings):
        found = reading.prediction.segmentations
        of_it = [_network_pane(reading, network, height, width) for network in found]
        if len(found) > 1:
            of_it.append(_agreement_pane(reading, height, width))
        panes += [pane | {"first": place == 0} for pane in of_it]
    return panes


def places_in(prediction: FracturePrediction) -> list[Place]:
    """The numbered places of all networks."""
    found = prediction.segmentations.values()
    return places_of(finding for one in found for finding in one.findings)


def _network_pane(reading: Reading, name: str, height: int, width: int) -> dict:
    found, told = reading.prediction.segmentations[name], (name, reading.precision)
    pane = _pane(
        _key(*told),
        network_title(*told),
        network_caption(*told, found.findings, reading.hints),
        network_words(*told, found.findings, height, width, reading.hints),
        reading.hints,
    )
    color = NETWORKS[name].mark
    if reading.prediction.painted:
        pane["layers"] = [_layer(color, network_layer(found))]
    return pane | {"rings": _rings((one, color) for one in found.findings)}


def _agreement_pane(reading: Reading, height: int, width: int) -> dict:
    found = reading.prediction.segmentations
    places, ran = places_in(reading.prediction), tuple(found)
    told = [(place.box, marked_by(place.networks, ran)) for place in places]
    title = "Agreement" + (f", {reading.precision}" if reading.precision else "")
    pane = _pane(
        _key(AGREEMENT, reading.precision),
        title,
        f"{title}: where the networks agree and differ",
        agreement_words(told, height, width, reading.hints),
        reading.hints,
    )
    colors = {SEVERAL: SEVERAL_MARK, **{name: NETWORKS[name].mark for name in found}}
    if reading.prediction.painted:
        pane["layers"] = [
            _layer(colors[name], patches) for name, patches in agreement_layers(found).items()
        ]
    several = "both networks" if len(found) == 2 else "several networks"
    words = {SEVERAL: several, **{name: f"{title_of(name)} only" for name in found}}
    pane["legend"] = [{"color": colors[key], "words": words[key]} for key in colors]
    return pane | {"rings": _rings((one, mark_color(one.networks)) for one in places)}


def _key(name: str, precision: str) -> str:
    return f"{name}_{precision.lower()}" if precision else name


def _pane(key: str, title: str, caption: str, alt: str, dotted: bool) -> dict:
    return {
        "key": key,
        "title": title,
        "caption": caption,
        "alt": alt,
        "dotted": dotted,
        "layers": [],
        "rings": [],
        "legend": [],
    }


def _layer(color: RGB, patches: Iterable[Patch]) -> dict:
    return {
        "color": color,
        "patches": [{"box": patch.box, "runs": patch.runs} for patch in patches],
    }


def _rings(marks: Iterable[tuple[Finding | Place, RGB]]) -> list[dict]:
    return [{"number": mark.number, "box": mark.box, "color": color} for mark, color in marks]
