"""Pictures of the dashboard: original, overlays and agreement, all of one region and size."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

import cv2
import numpy as np

from fracturelens.findings.numbering import places_of
from fracturelens.findings.overlay import Colour, overlay_agreement, overlay_mask, ring_lesions
from fracturelens.results import FracturePrediction, Lesion, Place, Segmentation, Verdict

VIEW_SIDE = 900
"""Longest side in pixels of a picture on the page; downloads keep the X-ray's own size."""

THUMBNAIL_SIDE = 320

# Okabe and Ito's vermilion, sky blue and yellow: apart in hue and, for those who see no hue, in
# lightness (about 53, 70 and 90 of 100).
NETWORK_COLOURS: dict[str, Colour] = {"encoder_decoder": (213, 94, 0), "unet": (86, 180, 233)}
BOTH_COLOUR: Colour = (240, 228, 66)


Mark = TypeVar("Mark", Lesion, Place)


@dataclass(frozen=True)
class Region:
    """A rectangle of the X-ray, in pixels of the original."""

    x: int
    y: int
    width: int
    height: int

    @property
    def rows_and_columns(self) -> tuple[slice, slice]:
        """Index of the region within an array (H, W, ...)."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    def view_size(self, side: int = VIEW_SIDE) -> tuple[int, int]:
        """Width and height on the page: the longer of them is `side` pixels."""
        scale = side / max(self.width, self.height)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))


def whole(height: int, width: int) -> Region:
    """The whole X-ray."""
    return Region(0, 0, width, height)


def around(marked: Lesion | Place, height: int, width: int) -> Region:
    """The surroundings of what is marked: a third of the X-ray, or more where it is larger.

    The region keeps the X-ray's aspect and stays within it.
    """
    x, y, box_width, box_height = marked.box
    share = min(1.0, max(1 / 3, 1.6 * box_width / width, 1.6 * box_height / height))
    region_width, region_height = max(1, round(width * share)), max(1, round(height * share))
    left = round(x + box_width / 2 - region_width / 2)
    top = round(y + box_height / 2 - region_height / 2)
    return Region(
        min(max(left, 0), width - region_width),
        min(max(top, 0), height - region_height),
        region_width,
        region_height,
    )


def view_original(image: np.ndarray, region: Region, side: int = VIEW_SIDE) -> np.ndarray:
    """The region of a uint8 (H, W, 3) X-ray, `side` pixels long; a new array."""
    size = region.view_size(side)
    shrinks = size[0] < region.width
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return cv2.resize(image[region.rows_and_columns], size, interpolation=how)


@dataclass(frozen=True)
class Ink:
    """How a result is drawn: hints are ringed with dots and not tinted.

    Attributes:
        opacity: of the tint, 0 to 1.
        dotted: dotted rings, for any verdict but "fracture".
    """

    opacity: float
    dotted: bool


def ink_of(prediction: FracturePrediction, opacity: float) -> Ink:
    """The ink for a result, at the opacity that the user asks for."""
    tint = opacity if prediction.painted else 0.0
    return Ink(tint, dotted=prediction.verdict is not Verdict.FRACTURE)


def view_overlay(
    view: np.ndarray, segmentation: Segmentation, region: Region, ink: Ink
) -> np.ndarray:
    """A view of the region with one network's mask tinted, its lesions ringed and numbered.

    Args:
        view: uint8 (h, w, 3) of `view_original`.
        segmentation: what the network found in the X-ray.
        region: what the view shows of it.
        ink: how to draw it.

    Returns:
        A new uint8 (h, w, 3).
    """
    mask = _view_mask(segmentation.mask, region)
    colour = NETWORK_COLOURS[segmentation.network]
    painted = overlay_mask(view, mask, colour, ink.opacity)
    lesions = _within(segmentation.lesions, region)
    ring_lesions(painted, [(lesion, colour) for lesion in lesions], ink.dotted)
    return painted


def view_agreement(
    view: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    region: Region,
    opacity: float,
    colours: tuple[Colour, Colour, Colour],
) -> np.ndarray:
    """A view of the region with two bool (H, W) masks: the first alone, the second alone, both."""
    masks = (_view_mask(mask, region) for mask in (first, second))
    return overlay_agreement(view, *masks, colours, opacity)


def full_overlay(
    image: np.ndarray, prediction: FracturePrediction, network: str, opacity: float
) -> np.ndarray:
    """One network's overlay at the X-ray's own size, uint8 (H, W, 3), for the download."""
    found, ink = prediction.segmentations[network], ink_of(prediction, opacity)
    colour = NETWORK_COLOURS[network]
    painted = overlay_mask(image, found.mask, colour, ink.opacity, _span(found.lesions))
    ring_lesions(painted, [(lesion, colour) for lesion in found.lesions], ink.dotted)
    return painted


def pictures_of(
    image: np.ndarray, prediction: FracturePrediction, region: Region, opacity: float
) -> dict[str, bytes]:
    """All pictures of one X-ray as JPEG: "original", one for each network, "agreement"."""
    ink = ink_of(prediction, opacity)
    original = view_original(image, region)  # once: it is the costly part of a large X-ray
    views = {"original": original}
    for name, found in prediction.segmentations.items():
        views[name] = view_overlay(original, found, region, ink)
    if all(name in prediction.segmentations for name in NETWORK_COLOURS):
        views["agreement"] = _view_places(original, prediction, region, ink)
    return {name: encode_jpeg(view) for name, view in views.items()}


def _view_places(
    view: np.ndarray, prediction: FracturePrediction, region: Region, ink: Ink
) -> np.ndarray:
    """Both masks in one view, each place ringed in the colour of the networks that mark it."""
    masks = (prediction.segmentations[name].mask for name in NETWORK_COLOURS)
    colours = (*NETWORK_COLOURS.values(), BOTH_COLOUR)
    painted = view_agreement(view, *masks, region, ink.opacity, colours)
    places = places_of({name: found.lesions for name, found in prediction.segmentations.items()})
    rings = [(place, _place_colour(place)) for place in _within(places, region)]
    ring_lesions(painted, rings, ink.dotted)
    return painted


def _place_colour(place: Place) -> Colour:
    return BOTH_COLOUR if len(place.networks) > 1 else NETWORK_COLOURS[place.networks[0]]


def thumbnail(image: np.ndarray) -> bytes:
    """A small JPEG of the whole X-ray, for the gallery."""
    return encode_jpeg(view_original(image, whole(*image.shape[:2]), THUMBNAIL_SIDE))


def encode_jpeg(image: np.ndarray) -> bytes:
    """JPEG of a uint8 (H, W, 3) RGB picture with unreduced colour, for the page only.

    Five times faster and smaller than PNG, which the downloads use.
    """
    settings = [
        cv2.IMWRITE_JPEG_QUALITY,
        92,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ]
    return cv2.imencode(".jpg", image[..., ::-1], settings)[1].tobytes()


def _span(lesions: Iterable[Lesion]) -> tuple[slice, slice]:
    """Rows and columns of the X-ray that hold all lesions, and with them the whole mask."""
    boxes = np.array([lesion.box for lesion in lesions]).reshape(-1, 4)
    if not len(boxes):
        return slice(0), slice(0)
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
    return slice(top, bottom), slice(left, right)


def _view_mask(mask: np.ndarray, region: Region) -> np.ndarray:
    """The region of a bool mask at the size of the page, edges smoothed."""
    part = mask[region.rows_and_columns].astype(np.float32)
    return cv2.resize(part, region.view_size(), interpolation=cv2.INTER_LINEAR) > 0.5


def _within(marks: Iterable[Mark], region: Region) -> list[Mark]:
    """Lesions or places that lie at least partly in the region, boxes in pixels of the page."""
    scale = region.view_size()[0] / region.width
    moved = []
    for mark in marks:
        x, y, width, height = mark.box
        left, top = x - region.x, y - region.y
        if left + width > 0 and top + height > 0 and left < region.width and top < region.height:
            box = tuple(round(value * scale) for value in (left, top, width, height))
            moved.append(replace(mark, box=box))
    return moved
