"""Draws a handful of pictures in FracAtlas' official layout, with ids of our split files."""

import csv
import json
from pathlib import Path

import cv2
import numpy as np

from fracturelens.measured.annotations import COCO_FILE
from training.data.dataset import ATTRIBUTES

FRACTURED = ("IMG0000019.jpg", "IMG0000025.jpg", "IMG0003065.jpg")
OTHERS = ("IMG0000010.jpg", "IMG0000011.jpg", "IMG0003070.jpg")
WIDTH, HEIGHT = 60, 90
# The COCO file of a picture that was shrunk threefold since it was annotated.
STATED = {"width": 3 * WIDTH, "height": 3 * HEIGHT}
BOX = (90, 120, 150, 180)  # left, top, right, bottom in the stated size


def write_small_fracatlas(folder: Path) -> Path:
    random = np.random.default_rng(5)
    for kind, names in (("Fractured", FRACTURED), ("Non_fractured", OTHERS)):
        (folder / "images" / kind).mkdir(parents=True)
        for name in names:
            image = random.integers(20, 60, (HEIGHT, WIDTH), np.uint8)
            image[:, 20:40] += 100
            if kind == "Fractured":
                image[40:60, 30:50] = 250
            cv2.imwrite(str(folder / "images" / kind / name), image)
    _write_tables(folder)
    return folder


def _write_tables(folder: Path) -> None:
    with (folder / "dataset.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["image_id", *ATTRIBUTES, "fractured"])
        for name in FRACTURED + OTHERS:
            writer.writerow([name, *[0] * len(ATTRIBUTES), 0])
    left, top, right, bottom = BOX
    outline = [left, top, right, top, right, bottom, left, bottom]
    coco = {
        "images": [{"id": i, "file_name": n, **STATED} for i, n in enumerate(FRACTURED)],
        "annotations": [{"image_id": i, "segmentation": [outline]} for i in range(len(FRACTURED))],
    }
    (folder / COCO_FILE).parent.mkdir(parents=True)
    (folder / COCO_FILE).write_text(json.dumps(coco))
