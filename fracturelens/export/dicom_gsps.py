"""Marks that a viewer can switch on and off: a Grayscale Softcopy Presentation State."""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from fracturelens.export.dicom_author import MANUFACTURER, Author
from fracturelens.export.dicom_grays import grays_of
from fracturelens.export.dicom_source import Film, place_of
from fracturelens.export.dicom_words import (
    SHORT_NOTICE,
    place_words,
    tracking_id,
    verdict_lines,
)
from fracturelens.findings.numbering import places_of
from fracturelens.findings.outlines import outlines_of
from fracturelens.results import FracturePrediction, Place, Segmentation, Verdict
from important_variables import NETWORKS, RGB

KIND, SERIES = "gsps", 9901
VERDICT_LAYER, LABEL_LAYER = "VERDICT", "LABELS"
BANNER = (0.01, 0.01, 0.99, 0.06)
"""Left, top, right and bottom of the verdict, as shares of what the viewer shows."""
LABEL_HEIGHT, LABEL_WIDTH = 0.025, 0.3
"""Of a label, as shares of the film's rows and columns."""
DOTS = 0x33333333
"""Two units on, two off (LinePattern, PS3.3 C.10.5)."""
WHITE: RGB = (255, 255, 255)


def presentation_state(film: Film, prediction: FracturePrediction, author: Author) -> Any:
    """The outline of each finding, its number, and the verdict, over the film's own grays.

    Outlines are solid where the verdict is "fracture", dotted for hints. Each network has a layer,
    the labels and the verdict have theirs.

    Args:
        film: that was judged.
        prediction: what was found in it.
        author: of the result.

    Returns:
        A pydicom `Dataset` with its File Meta Information.
    """
    from highdicom.pr import GrayscaleSoftcopyPresentationState

    layers, annotations = _layers(film, prediction, author)
    state = GrayscaleSoftcopyPresentationState(
        referenced_images=[film.reference],
        content_label=MANUFACTURER.upper(),
        content_description=SHORT_NOTICE,
        series_description=f"FractureLens marks, {SHORT_NOTICE}",
        graphic_layers=layers,
        graphic_annotations=annotations,
        **grays_of(film.header),
        **author.equipment,
        **place_of(film, author, KIND, SERIES, str(prediction.painted)),
    )
    state.Laterality = film.laterality
    film.complete(state)
    return state


def _layers(
    film: Film, prediction: FracturePrediction, author: Author
) -> tuple[list[Any], list[Any]]:
    """The layers and what stands on each, one annotation for each layer."""
    from highdicom.pr import GraphicAnnotation, GraphicLayer

    drawn: list[tuple[str, RGB, dict[str, Any]]] = []
    dotted = prediction.verdict is not Verdict.FRACTURE
    for name, segmentation in prediction.segmentations.items():
        color = NETWORKS[name].mark
        if segmentation.findings:
            outlines = _outlines(film, segmentation, author, dotted)
            drawn.append((layer_name(name), color, {"graphic_objects": outlines}))
    found = prediction.segmentations.values()
    if places := places_of(finding for one in found for finding in one.findings):
        labels = _labels(film, places, prediction)
        drawn.append((LABEL_LAYER, WHITE, {"text_objects": labels}))
    drawn.append((VERDICT_LAYER, WHITE, {"text_objects": [_banner(prediction)]}))
    layers, annotations = [], []
    for order, (title, color, content) in enumerate(drawn, 1):
        layers.append(GraphicLayer(title, order, display_color=_lab(color)))
        annotations.append(GraphicAnnotation([film.reference], layers[-1], **content))
    return layers, annotations


def layer_name(network: str) -> str:
    """The layer of a network: a code string, such as "UNET"."""
    return re.sub(r"[^A-Z0-9]", "_", network.upper())[:16]


def _outlines(film: Film, segmentation: Segmentation, author: Author, dotted: bool) -> list[Any]:
    from highdicom.pr import GraphicObject

    color, objects = NETWORKS[segmentation.network].mark, []
    for finding, corners in outlines_of(segmentation).items():
        closed = np.vstack([corners, corners[:1]]).astype(np.float64)
        drawn = GraphicObject(
            "POLYLINE",
            closed,
            "PIXEL",
            tracking_id=tracking_id(segmentation.network, finding),
            tracking_uid=author.finding_uid(film.uid, segmentation.network, finding),
        )
        drawn.LineStyleSequence = [_line_style(color, dotted)]
        objects.append(drawn)
    return objects


def _line_style(color: RGB, dotted: bool) -> Any:
    """PS3.3 C.10.5: color, thickness and pattern of a line."""
    from pydicom.dataset import Dataset

    style = Dataset()
    style.PatternOnColorCIELabValue = list(_lab(color).value)
    style.PatternOnOpacity = 1.0
    style.LineThickness = 1.0
    style.LineDashingStyle = "DASHED" if dotted else "SOLID"
    if dotted:
        style.LinePattern = DOTS
        style.PatternOffColorCIELabValue = list(_lab(color).value)
        style.PatternOffOpacity = 0.0
    style.ShadowStyle = "OFF"
    style.ShadowOffsetX = style.ShadowOffsetY = style.ShadowOpacity = 0.0
    style.ShadowColorCIELabValue = [0, 0x8080, 0x8080]
    return style


def _labels(film: Film, places: Iterable[Place], prediction: FracturePrediction) -> list[Any]:
    """Number and networks of each place, above it or, at the film's upper edge, below it."""
    from highdicom.pr import TextObject

    rows, columns = film.size
    high, wide = max(1.0, rows * LABEL_HEIGHT), max(1.0, columns * LABEL_WIDTH)
    texts = []
    for place in places:
        x, y, _, height = place.box
        top = y - 1.5 * high if y >= 1.5 * high else min(y + height + high / 2, rows - high)
        left = min(float(x), columns - wide)
        corners = (max(left, 0.0), max(top, 0.0), max(left, 0.0) + wide, max(top, 0.0) + high)
        words = place_words(place, prediction)
        texts.append(TextObject(words, "PIXEL", bounding_box=corners, text_justification="LEFT"))
    return texts


def _banner(prediction: FracturePrediction) -> Any:
    from highdicom.pr import TextObject

    words = "\r\n".join(verdict_lines(prediction))
    return TextObject(words, "DISPLAY", bounding_box=BANNER, text_justification="LEFT")


def _lab(color: RGB) -> Any:
    from highdicom.color import CIELabColor

    return CIELabColor.from_rgb(*color)
