"""Views of an X-ray with what the networks found: one rectangle of it, at the size of the page."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

import cv2
import numpy as np

from fracturelens.findings.numbering import places_of
from fracturelens.findings.overlay import overlay_agreement, overlay_mask, ring_findings, tint_mask
from fracturelens.results import Finding, FracturePrediction, Place, Segmentation, Verdict
from important_variables import NETWORKS, RGB, SEVERAL_MARK

VIEW_SIDE = 900
"""Longest side in pixels of a picture on the page; downloads keep the X-ray's own size."""
THUMBNAIL_SIDE = 320

Mark = TypeVar("Mark", Finding, Place)


@dataclass(frozen=True)
class View:
    """A rectangle of the X-ray, in pixels of the original."""

    x: int
    y: int
    width: int
    height: int

    @property
    def rows_and_columns(self) -> tuple[slice, slice]:
        """Index of the view within an array (H, W, ...)."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    def size(self, side: int = VIEW_SIDE) -> tuple[int, int]:
        """Width and height on the page: the longer of them is `side` pixels."""
        scale = side / max(self.width, self.height)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))


@dataclass(frozen=True)
class Ink:
    """How a result is drawn: hints are ringed with dots and not tinted.

    Attributes:
        opacity: of the tint, 0 to 1.
        dotted: dotted rings, for any verdict but "fracture".
    """

    opacity: float
    dotted: bool


def whole(height: int, width: int) -> View:
    """The whole X-ray."""
    return View(0, 0, width, height)


def ink_of(prediction: FracturePrediction, opacity: float) -> Ink:
    """The ink for a result, at the opacity that the user asks for."""
    tint = opacity if prediction.painted else 0.0
    return Ink(tint, dotted=prediction.verdict is not Verdict.FRACTURE)


def mark_color(networks: Iterable[str]) -> RGB:
    """The color of what these networks mark: a network's own, or that of several."""
    names = tuple(networks)
    return SEVERAL_MARK if len(names) > 1 else NETWORKS[names[0]].mark


def draw_original(pixels: np.ndarray, view: View, side: int = VIEW_SIDE) -> np.ndarray:
    """The view of a uint8 (H, W) X-ray, `side` pixels long; a new uint8 (h, w, 3)."""
    size = view.size(side)
    how = cv2.INTER_AREA if size[0] < view.width else cv2.INTER_CUBIC
    shown = cv2.resize(pixels[view.rows_and_columns], size, interpolation=how)
    return cv2.cvtColor(shown, cv2.COLOR_GRAY2RGB)


def draw_network(
    original: np.ndarray, segmentation: Segmentation, view: View, ink: Ink
) -> np.ndarray:
    """A view with one network's mask tinted, its findings ringed and numbered.

    Args:
        original: uint8 (h, w, 3) of `draw_original`.
        segmentation: what the network found in the X-ray.
        view: what `original` shows of it.
        ink: how to draw it.

    Returns:
        A new uint8 (h, w, 3).
    """
    color = NETWORKS[segmentation.network].mark
    painted = overlay_mask(original, view_mask(segmentation.mask, view), color, ink.opacity)
    findings = _within(segmentation.findings, view)
    ring_findings(painted, [(finding, color) for finding in findings], ink.dotted)
    return painted


def draw_agreement(
    original: np.ndarray, prediction: FracturePrediction, view: View, ink: Ink
) -> np.ndarray:
    """A view with all masks: what one network marks in its color, what several do in theirs.

    Each place is ringed in the color of the networks that mark it. Arguments and result are those
    of `draw_network`.
    """
    found = prediction.segmentations.values()
    layers = [(view_mask(one.mask, view), NETWORKS[one.network].mark) for one in found]
    painted = overlay_agreement(original, layers, SEVERAL_MARK, ink.opacity)
    places = places_of(finding for one in found for finding in one.findings)
    rings = [(place, mark_color(place.networks)) for place in _within(places, view)]
    ring_findings(painted, rings, ink.dotted)
    return painted


def full_overlay(
    pixels: np.ndarray, prediction: FracturePrediction, network: str, opacity: float
) -> np.ndarray:
    """One network's overlay at the X-ray's own size, uint8 (H, W, 3), for the download.

    Args:
        pixels: uint8 (H, W).
        prediction: of the X-ray.
        network: that ran.
        opacity: of the tint, 0 to 1.
    """
    found, ink = prediction.segmentations[network], ink_of(prediction, opacity)
    color = NETWORKS[network].mark
    painted = cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB)
    tint_mask(painted, found.mask, color, ink.opacity, _span(found.findings))
    ring_findings(painted, [(finding, color) for finding in found.findings], ink.dotted)
    return painted


def thumbnail(pixels: np.ndarray) -> bytes:
    """A small JPEG of the whole X-ray, uint8 (H, W), for the worklist."""
    return encode_jpeg(draw_original(pixels, whole(*pixels.shape), THUMBNAIL_SIDE))


def encode_jpeg(image: np.ndarray) -> bytes:
    """JPEG of a uint8 (H, W, 3) RGB picture with unreduced color, for the page only.

    Five times faster and smaller than PNG, which the downloads use.
    """
    settings = [
        cv2.IMWRITE_JPEG_QUALITY,
        92,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ]
    return cv2.imencode(".jpg", image[..., ::-1], settings)[1].tobytes()


def view_mask(mask: np.ndarray, view: View) -> np.ndarray:
    """The view of a bool (H, W) mask at the size of the page, edges smoothed; bool (h, w)."""
    part = mask[view.rows_and_columns].astype(np.float32)
    return cv2.resize(part, view.size(), interpolation=cv2.INTER_LINEAR) > 0.5


def _span(findings: Iterable[Finding]) -> tuple[slice, slice]:
    """Rows and columns of the X-ray that hold all findings, and with them the whole mask."""
    boxes = np.array([finding.box for finding in findings]).reshape(-1, 4)
    if not len(boxes):
        return slice(0), slice(0)
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
    return slice(top, bottom), slice(left, right)


def _within(marks: Iterable[Mark], view: View) -> list[Mark]:
    """Findings or places that lie at least partly in the view, boxes in pixels of the page."""
    scale = view.size()[0] / view.width
    moved = []
    for mark in marks:
        x, y, width, height = mark.box
        left, top = x - view.x, y - view.y
        if left + width > 0 and top + height > 0 and left < view.width and top < view.height:
            wide, high = round(width * scale), round(height * scale)
            box = (round(left * scale), round(top * scale), wide, high)
            moved.append(replace(mark, box=box))
    return moved
