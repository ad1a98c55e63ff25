"""Reads the lesion outlines that FracAtlas' annotators drew, from its COCO file."""

import json
from pathlib import Path

import numpy as np

COCO_FILE = Path("Annotations") / "COCO JSON" / "COCO_fracture_masks.json"


def read_outlines(path: Path) -> dict[str, tuple[np.ndarray, ...]]:
    """Outlines of all pictures that have any, by file name.

    Args:
        path: the COCO file, `COCO_FILE` within FracAtlas.

    Returns:
        Each outline is float64 (k, 2), x and y in fractions [0, 1] of the picture's width and
        height. The file's own numbers are divided by the size that it states, since some
        pictures were shrunk after they had been annotated.
    """
    coco = json.loads(path.read_text(encoding="utf-8"))
    images = {image["id"]: image for image in coco["images"]}
    outlines: dict[str, list[np.ndarray]] = {}
    for annotation in coco["annotations"]:
        image = images[annotation["image_id"]]
        size = (image["width"], image["height"])
        for points in annotation["segmentation"]:
            outline = np.asarray(points, float).reshape(-1, 2) / size
            outlines.setdefault(image["file_name"], []).append(outline)
    return {name: tuple(found) for name, found in outlines.items()}
