"""Worst cases as pictures: an X-ray with the annotator's outline and the networks' paint.

X-rays of FracAtlas are read from this machine; they are never shipped.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from fracturelens.findings.overlay import BLACK, overlay_mask
from fracturelens.findings.regions import find_regions
from fracturelens.findings.views import draw_original, encode_jpeg, whole
from fracturelens.measured.annotations import (
    COCO_FILE,
    Outlines,
    lesion_masks,
    overlaps_with,
    read_outlines,
    trace_outlines,
)
from fracturelens.results import FracturePrediction, Segmentation
from fracturelens.xray.read import decode_xray
from important_variables import NETWORKS, OVERLAP_LIMIT, SEVERAL_MARK

SIDE = 640
"""Longest side in pixels of a picture."""
OPACITY = 0.55


@dataclass(frozen=True, eq=False)
class Case:
    """An X-ray with its truth.

    Attributes:
        pixels: uint8 (H, W).
        outlines: of its lesions.
    """

    pixels: np.ndarray
    outlines: Outlines


def fracatlas_case(folder: Path, image_id: str) -> Case:
    """One X-ray of FracAtlas; without outlines where the annotations are not at hand.

    Raises:
        FileNotFoundError: it is not there.
        UnreadableXrayError: it is damaged.
    """
    name = Path(image_id).name  # an id is a file name, never a path
    path = folder / COCO_FILE
    outlines = read_outlines(path) if path.is_file() else {}
    for kind in ("Fractured", "Non_fractured"):
        picture = folder / "images" / kind / name
        if picture.is_file():
            return Case(decode_xray(picture.read_bytes()).pixels, outlines.get(name, ()))
    raise FileNotFoundError("not in this copy of FracAtlas")


def sample_case(folder: Path, entry: dict) -> Case:
    """A synthetic sample of `read_samples` with the outlines of its mask."""
    pixels = decode_xray((folder / entry["file"]).read_bytes()).pixels
    mask = decode_xray((folder / entry["mask"]).read_bytes()).pixels > 127
    found, _ = cv2.findContours(mask.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    size = mask.shape[::-1]
    return Case(pixels, tuple((contour[:, 0] + 0.5) / size for contour in found))


def draw_case(case: Case, prediction: FracturePrediction) -> bytes:
    """JPEG of the X-ray: paint in the colors of the networks, the annotation outlined in yellow.

    Hints, which the verdict leaves unpainted, are not drawn.
    """
    view = draw_original(case.pixels, whole(*case.pixels.shape), SIDE)
    height, width = view.shape[:2]
    for name, found in prediction.segmentations.items() if prediction.painted else ():
        part = cv2.resize(
            found.mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_AREA
        )
        view = overlay_mask(view, part > 0, NETWORKS[name].mark, OPACITY)
    for color, stroke in ((BLACK, 4), (SEVERAL_MARK, 2)):
        trace_outlines(view, case.outlines, color, stroke)
    return encode_jpeg(view)


def paint_words(case: Case, painted: Segmentation) -> str:
    """What a network made of an X-ray, e.g. "fracture found, 2 false regions"."""
    size = case.pixels.shape
    regions, _ = find_regions(painted.mask, painted.mask.astype(np.float32))
    lesions = lesion_masks(case.outlines, *size)
    hits = [(overlaps_with(region, lesions) >= OVERLAP_LIMIT).any() for region in regions]
    false = len(hits) - sum(hits)
    parts = [f"{false} false region{'' if false == 1 else 's'}"] if false else []
    if case.outlines:
        parts.insert(0, "fracture found" if any(hits) else "fracture not found")
    return ", ".join(parts) or "nothing painted, rightly"
