"""Worst cases as pictures: an X-ray with the annotator's outline and a network's paint.

No Streamlit. X-rays of FracAtlas are read from this machine; they are never shipped.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from fracturelens.findings.overlay import BLACK, overlay_mask
from fracturelens.findings.views import (
    BOTH_COLOUR,
    NETWORK_COLOURS,
    encode_jpeg,
    view_original,
    whole,
)
from fracturelens.measured.annotations import COCO_FILE, read_outlines
from fracturelens.results import FracturePrediction, Segmentation
from fracturelens.xray.letterbox import RGB
from fracturelens.xray.read import decode_xray

SIDE = 640
"""Longest side in pixels of a picture."""
OPACITY = 0.55
FOUND_FROM = 0.1
"""IoU from which a painted region finds a lesion, as in the evaluation."""
Outlines = tuple[np.ndarray, ...]
"""Each float (k, 2): x and y in fractions [0, 1] of the picture's width and height."""


@dataclass(frozen=True)
class Case:
    """An X-ray with its truth.

    Attributes:
        image: uint8 (H, W, 3).
        outlines: of its lesions.
    """

    image: RGB
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
            return Case(decode_xray(picture.read_bytes()), outlines.get(name, ()))
    raise FileNotFoundError("not in this copy of FracAtlas")


def sample_case(folder: Path, entry: dict) -> Case:
    """A synthetic sample of `inputs.read_samples` with the outlines of its mask."""
    image = decode_xray((folder / entry["file"]).read_bytes())
    mask = decode_xray((folder / entry["mask"]).read_bytes())[..., 0] > 127
    found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    size = mask.shape[::-1]
    return Case(image, tuple((contour[:, 0] + 0.5) / size for contour in found))


def draw_case(case: Case, prediction: FracturePrediction) -> bytes:
    """JPEG of the X-ray: paint in the colours of the networks, the annotation outlined in yellow.

    Hints, which the verdict leaves unpainted, are not drawn.
    """
    view = view_original(case.image, whole(*case.image.shape[:2]), SIDE)
    height, width = view.shape[:2]
    for name, found in prediction.segmentations.items() if prediction.painted else ():
        part = cv2.resize(
            found.mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_AREA
        )
        view = overlay_mask(view, part > 0, NETWORK_COLOURS[name], OPACITY)
    lines = [np.rint(outline * (width, height) - 0.5).astype(np.int32) for outline in case.outlines]
    for colour, stroke in ((BLACK, 4), (BOTH_COLOUR, 2)):
        cv2.polylines(
            view, lines, isClosed=True, color=colour, thickness=stroke, lineType=cv2.LINE_AA
        )
    return encode_jpeg(view)


def paint_words(case: Case, painted: Segmentation) -> str:
    """What a network made of an X-ray, e.g. "fracture found, 2 false regions"."""
    truth = _filled(case)
    count, labels = cv2.connectedComponents(painted.mask.astype(np.uint8))
    regions = [labels == label for label in range(1, count)]
    hits = [_overlap(region, truth) >= FOUND_FROM for region in regions]
    false = len(hits) - sum(hits)
    parts = [f"{false} false region{'' if false == 1 else 's'}"] if false else []
    if case.outlines:
        parts.insert(0, "fracture found" if any(hits) else "fracture not found")
    return ", ".join(parts) or "nothing painted, rightly"


def _filled(case: Case) -> np.ndarray:
    """The annotation as a bool (H, W) mask."""
    height, width = case.image.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    for outline in case.outlines:
        cv2.fillPoly(mask, [np.rint(outline * (width, height) - 0.5).astype(np.int32)], 1)
    return mask > 0


def _overlap(first: np.ndarray, second: np.ndarray) -> float:
    """IoU of two bool masks, the first of which is not empty."""
    return np.count_nonzero(first & second) / np.count_nonzero(first | second)
