"""A person's corrections of the networks' marks as COCO JSON.

The layout is that of FracAtlas' own annotations, with one category more: outlines of what was
judged right or was missed have the category "fractured", those of what was judged wrong
"not fractured". Each annotation says so in "status" too. Coordinates are pixels of the original
X-ray counted from its upper left corner: the center of the first pixel lies at (0.5, 0.5).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fracturelens.results import Box, FracturePrediction
from important_variables import DISCLAIMER

RIGHT, WRONG, MISSED = "right", "wrong", "missed"
FRACTURED, NOT_FRACTURED = 0, 1
"""Ids of the categories; FracAtlas has the first alone."""
CATEGORIES = [
    {"id": FRACTURED, "name": "fractured"},
    {"id": NOT_FRACTURED, "name": "not fractured"},
]
LONGEST = 5000
"""Points of an outline, and corrections of a film, beyond which a record is no person's."""

Points = tuple[tuple[float, float], ...]
"""Corners of an outline: x and y in pixels, counted from the picture's upper left corner."""


class CorrectionError(ValueError):
    """A correction cannot be used; the text says what is wrong with it."""


@dataclass(frozen=True)
class Correction:
    """What a person said of one place.

    Attributes:
        status: "right" or "wrong" of a place that networks marked, "missed" of one that they did
            not mark.
        box: around it, pixels of the original.
        outlines: of it; empty where the place is its whole box.
        networks: names of those that marked it.
    """

    status: str
    box: Box
    outlines: tuple[Points, ...]
    networks: tuple[str, ...] = ()


@dataclass(frozen=True)
class CorrectedFilm:
    """A film and what a person said of it.

    Attributes:
        name: of its file.
        sha256: of its file, hexadecimal.
        width: pixels.
        height: pixels.
        corrections: of its places.
    """

    name: str
    sha256: str
    width: int
    height: int
    corrections: tuple[Correction, ...]


def corrections_json(films: Iterable[CorrectedFilm]) -> bytes:
    """All corrections as indented UTF-8 COCO JSON: info, images, annotations, categories."""
    images: list[dict] = []
    annotations: list[dict] = []
    for film in films:
        images.append(
            {
                "id": len(images) + 1,
                "file_name": film.name,
                "width": film.width,
                "height": film.height,
                "sha256": film.sha256,
            }
        )
        for correction in film.corrections:
            annotations.append(_annotation(len(annotations) + 1, len(images), correction))
    content = {
        "info": {"description": "Corrections made in FractureLens", "notice": DISCLAIMER},
        "images": images,
        "annotations": annotations,
        "categories": CATEGORIES,
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def mark_correction(status: str, number: int, prediction: FracturePrediction) -> Correction:
    """The judgement of a place that networks marked; its outlines are those of all their masks.

    Args:
        status: "right" or "wrong".
        number: of the place.
        prediction: that has it.

    Raises:
        CorrectionError: there is no such place, or no such status.
    """
    found = [
        (name, finding.box)
        for name, segmentation in prediction.segmentations.items()
        for finding in segmentation.findings
        if finding.number == number
    ]
    if status not in (RIGHT, WRONG) or not found:
        raise CorrectionError(f"There is no mark {number} to call {status!r}.")
    boxes = np.array([box for _, box in found])
    left, top = boxes[:, :2].min(axis=0).tolist()
    right, bottom = (boxes[:, :2] + boxes[:, 2:]).max(axis=0).tolist()
    place = np.zeros((bottom - top, right - left), np.uint8)
    for name, box in found:
        place |= _region(prediction.segmentations[name].mask, box, (left, top), place.shape)
    box = (left, top, right - left, bottom - top)
    return Correction(status, box, _outlines(place, left, top), tuple(name for name, _ in found))


def missed_correction(
    box: Sequence[int], outline: Sequence[Sequence[float]], height: int, width: int
) -> Correction:
    """A place that a person drew.

    Args:
        box: x, y, width, height in whole pixels; unused where there is an outline.
        outline: its corners, x and y each in pixels; empty for a box.
        height: of the X-ray, pixels.
        width: likewise.

    Raises:
        CorrectionError: the place holds nothing, or leaves the X-ray.
    """
    x, y, wide, high = box
    if outline:
        corners = np.array(outline, float).reshape(-1, 2)
    else:
        corners = np.array([(x, y), (x + wide, y + high)], float)
    low, far = corners.min(axis=0), corners.max(axis=0)
    if not (np.isfinite(corners).all() and (low >= 0).all() and (far <= (width, height)).all()):
        raise CorrectionError(f"A drawn place leaves the X-ray of {width} x {height} pixels.")
    if outline and not 3 <= len(corners) <= LONGEST:
        raise CorrectionError(f"An outline has 3 to {LONGEST} corners, not {len(corners)}.")
    left, top = np.floor(low).astype(int).tolist()
    right, bottom = np.ceil(far).astype(int).tolist()
    if right <= left or bottom <= top:
        raise CorrectionError(f"A place of {right - left} x {bottom - top} pixels holds nothing.")
    drawn = (tuple((float(a), float(b)) for a, b in corners.tolist()),) if outline else ()
    return Correction(MISSED, (left, top, right - left, bottom - top), drawn)


def _region(
    mask: np.ndarray, box: Box, corner: tuple[int, int], shape: tuple[int, ...]
) -> np.ndarray:
    """The finding of a mask that fills this box, uint8 `shape` from `corner` on, 0 or 1."""
    x, y, width, height = box
    part = mask[y : y + height, x : x + width].astype(np.uint8)
    labels, boxes = cv2.connectedComponentsWithStats(part)[1:3]
    filling = [
        label for label in range(1, len(boxes)) if tuple(boxes[label, :4]) == (0, 0, width, height)
    ]
    drawn = np.zeros(shape, np.uint8)
    window = drawn[y - corner[1] :, x - corner[0] :][:height, :width]
    window[np.isin(labels, filling)] = 1
    return drawn


def _outlines(place: np.ndarray, left: int, top: int) -> tuple[Points, ...]:
    """Outer outlines of a uint8 mask through the centers of its border pixels.

    COCO wants three corners at least: those of a line or a dot are repeated.
    """
    outlines, _ = cv2.findContours(place, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for outline in outlines:
        corners = [(x + left + 0.5, y + top + 0.5) for x, y in outline[:, 0].tolist()]
        found.append(tuple(corners + corners[-1:] * (3 - len(corners))))
    return tuple(found)


def _box_outline(box: Box) -> Points:
    """The corners of a box, each at the center of its outermost pixel."""
    x, y, width, height = box
    left, top, right, bottom = x + 0.5, y + 0.5, x + width - 0.5, y + height - 0.5
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _annotation(number: int, image: int, correction: Correction) -> dict:
    outlines = correction.outlines or (_box_outline(correction.box),)
    return {
        "id": number,
        "image_id": image,
        "category_id": NOT_FRACTURED if correction.status == WRONG else FRACTURED,
        "bbox": list(correction.box),
        "area": _area(outlines, correction.box),
        "segmentation": [[at for corner in outline for at in corner] for outline in outlines],
        "iscrowd": 0,
        "status": correction.status,
        "networks": list(correction.networks),
    }


def _area(outlines: Iterable[Points], box: Box) -> int:
    """Pixels within the outlines, filled as lesions are filled for training."""
    x, y, width, height = box
    mask = np.zeros((height, width), np.uint8)
    for outline in outlines:
        corners = np.rint(np.array(outline) - (x + 0.5, y + 0.5)).astype(np.int32)
        cv2.fillPoly(mask, [corners], 1)
    return int(np.count_nonzero(mask))
