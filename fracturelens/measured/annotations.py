"""Lesions as FracAtlas' annotators outlined them: read, drawn, and compared with regions."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fracturelens.findings.regions import Region
from important_variables import RGB

COCO_FILE = Path("Annotations") / "COCO JSON" / "COCO_fracture_masks.json"

Outlines = tuple[np.ndarray, ...]
"""Each float64 (k, 2): x and y in fractions [0, 1] of the picture's width and height."""


def read_outlines(path: Path) -> dict[str, Outlines]:
    """Outlines of all pictures that have any, by file name.

    Args:
        path: the COCO file, `COCO_FILE` within FracAtlas.
    """
    return outlines_of_images(json.loads(path.read_text(encoding="utf-8")))


def outlines_of_images(coco: Mapping[str, Any]) -> dict[str, Outlines]:
    """Outlines of all pictures that have any, by file name.

    The file's own numbers are divided by the size that it states, since some pictures were shrunk
    after they had been annotated. In a file of corrections (fracturelens/export/coco.py), marks
    that a person called wrong are no lesions.

    Args:
        coco: content of a COCO file.
    """
    images = {image["id"]: image for image in coco["images"]}
    outlines: dict[str, list[np.ndarray]] = {}
    for annotation in coco["annotations"]:
        if annotation.get("status") == "wrong":
            continue
        image = images[annotation["image_id"]]
        size = (image["width"], image["height"])
        for points in annotation["segmentation"]:
            outline = np.asarray(points, float).reshape(-1, 2) / size
            outlines.setdefault(image["file_name"], []).append(outline)
    return {name: tuple(found) for name, found in outlines.items()}


def draw_outlines(outlines: Outlines, height: int, width: int) -> np.ndarray:
    """The lesions filled, uint8 (height, width), 0 or 1."""
    mask = np.zeros((height, width), np.uint8)
    for outline in outlines:
        cv2.fillPoly(mask, [_pixels(outline, height, width)], 1)
    return mask


def lesion_masks(outlines: Outlines, height: int, width: int) -> list[np.ndarray]:
    """Each lesion filled, bool (height, width)."""
    return [draw_outlines((outline,), height, width) > 0 for outline in outlines]


def trace_outlines(picture: np.ndarray, outlines: Outlines, color: RGB, stroke: int) -> None:
    """Draws the outlines as lines onto a uint8 (H, W, 3) picture, `stroke` pixels wide."""
    lines = [_pixels(outline, *picture.shape[:2]) for outline in outlines]
    cv2.polylines(
        picture, lines, isClosed=True, color=color, thickness=stroke, lineType=cv2.LINE_AA
    )


def overlaps_with(region: Region, lesions: Iterable[np.ndarray]) -> np.ndarray:
    """IoU of a region with each lesion, float64 (L,) in [0, 1].

    Args:
        region: that a network painted.
        lesions: bool (H, W) each, of the whole picture.
    """
    x, y, width, height = region.box
    area, window = region.area, (slice(y, y + height), slice(x, x + width))
    shares = []
    for lesion in lesions:
        shared = np.count_nonzero(lesion[window] & region.pixels)
        shares.append(shared / (area + np.count_nonzero(lesion) - shared))
    return np.array(shares, float)


def _pixels(outline: np.ndarray, height: int, width: int) -> np.ndarray:
    """Corners in pixels, int32 (k, 2); fractions count from pixel borders, pixels from centers."""
    return np.rint(outline * (width, height) - 0.5).astype(np.int32)
