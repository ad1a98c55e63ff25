"""FracAtlas for screening: its films, their negatives, and the parts that are no limb.

Films of a shoulder or of a small child show a chest, a spine or a belly beside the limb.
fracture/screening/regions.csv says where; cut out, and mirrored where only one half is on the film,
these parts teach what other X-rays look like, in the very style of the films that are accepted.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from important_variables import FRACTURE
from training.data.dataset import Xray, load_image
from training.screening.pictures import NEGATIVE, Picture

REGIONS = FRACTURE / "screening" / "regions.csv"
FOLDS = 5
"""Parts of FracAtlas that count as sources of their own, neighboring ids together: consecutive
ids are often one patient."""
LAST_ID = 4400
NEGATIVES = 4
"""Every so manieth film is shown as a negative too."""
JOINTS = 2
"""Pictures of each shoulder joint; every view is cut anew."""
BOTH_LUNGS = 0.6
"""Share of the wider half of a chest from which the narrower half is taken as it is."""


@dataclass(frozen=True)
class Region:
    """A part of a film that is no limb; all lengths in fractions of its width and height.

    Attributes:
        image_id: file name.
        kind: "chest", "spine" or "abdomen".
        box: left, top, right, bottom. Of a chest, the lungs that the film shows.
        middle: x of a chest's midline; None for other kinds.
    """

    image_id: str
    kind: str
    box: tuple[float, float, float, float]
    middle: float | None = None


def xray_pictures(xrays: list[Xray], regions: Path = REGIONS) -> Iterator[Picture]:
    """Films, negatives, shoulder joints, chests, spines and bellies.

    Args:
        xrays: the usable pictures of the training split.
        regions: table of `read_regions`.
    """
    for number, xray in enumerate(xrays):
        yield film_picture(xray)
        if number % NEGATIVES == 0:
            yield Picture(NEGATIVE, fold_of(xray), xray.image_id, partial(_negative, xray), 0.85)
    found = {xray.image_id: xray for xray in xrays}
    for region in read_regions(regions):
        if xray := found.get(region.image_id):
            crop = _chest if region.kind == "chest" else _part
            draw = partial(_cut, xray, region, crop)
            yield Picture(region.kind, fold_of(xray), region.image_id, draw, 0.9)
            if region.kind == "chest":
                draw = partial(_cut, xray, region, _shoulder)
                for part in range(JOINTS):
                    name = f"{region.image_id} joint {part}"
                    yield Picture("girdle", fold_of(xray), name, draw, 0.85)


def film_picture(xray: Xray) -> Picture:
    """A whole film. A crop of one with a shoulder could show nothing but the chest beside it."""
    part = xray.attributes
    kind = "girdle" if part.get("hip") or part.get("shoulder") else "limb"
    smallest = 0.85 if part.get("shoulder") else 0.55
    return Picture(kind, fold_of(xray), xray.image_id, partial(_film, xray), smallest)


def read_regions(path: Path = REGIONS) -> list[Region]:
    """The parts of the films of FracAtlas' training split that are no limbs."""
    with Path(path).open(newline="", encoding="utf-8") as file:
        return [
            Region(
                row["image_id"],
                row["kind"],
                tuple(float(row[side]) for side in ("left", "top", "right", "bottom")),
                float(row["middle"]) if row["middle"] else None,
            )
            for row in csv.DictReader(file)
        ]


def fold_of(xray: Xray) -> str:
    """The fold of FracAtlas that a film belongs to."""
    number = int("".join(sign for sign in xray.image_id if sign.isdigit()) or 0)
    return f"FracAtlas {1 + min(number * FOLDS // LAST_ID, FOLDS - 1)}"


def _film(xray: Xray, rng: np.random.Generator) -> np.ndarray:
    return load_image(xray)


def _negative(xray: Xray, rng: np.random.Generator) -> np.ndarray:
    return 255 - load_image(xray)


def _cut(xray: Xray, region: Region, crop, rng: np.random.Generator) -> np.ndarray:
    return crop(load_image(xray), region, rng)


def _part(gray: np.ndarray, region: Region, rng: np.random.Generator) -> np.ndarray:
    return _window(gray, *region.box)


def _chest(gray: np.ndarray, region: Region, rng: np.random.Generator) -> np.ndarray:
    """Both lungs with a random margin; one lung and its mirror image where the film has one."""
    left, top, right, bottom = region.box
    across, down = rng.uniform(0, 0.3) * (right - left), rng.uniform(0, 0.25) * (bottom - top)
    halves = region.middle - left, right - region.middle
    if min(halves) > BOTH_LUNGS * max(halves) and rng.random() < 0.7:
        return _window(gray, left - across, top - down, right + across, bottom + down)
    if halves[0] > halves[1]:
        half = _window(gray, left - across, top - down, region.middle, bottom + down)
        return np.hstack([half, half[:, ::-1]])
    half = _window(gray, region.middle, top - down, right + across, bottom + down)
    return np.hstack([half[:, ::-1], half])


def _shoulder(gray: np.ndarray, region: Region, rng: np.random.Generator) -> np.ndarray:
    """The joint beside the better seen lung, as most films of a shoulder show it."""
    left, top, right, bottom = region.box
    middle, height = region.middle, bottom - top
    outer = left if middle - left > right - middle else right
    inward = middle + rng.uniform(-0.1, 0.7) * (outer - middle)
    outward = outer + rng.uniform(0.45, 1.3) * (outer - middle)
    upper, lower = top - rng.uniform(0.15, 0.6) * height, top + rng.uniform(0.35, 1.1) * height
    return _window(gray, min(inward, outward), upper, max(inward, outward), lower)


def _window(gray: np.ndarray, left: float, top: float, right: float, bottom: float) -> np.ndarray:
    """A rectangle in fractions of the picture, as far as it lies inside."""
    height, width = gray.shape
    columns = np.clip(np.array([left, right]) * width, 0, width).astype(int)
    rows = np.clip(np.array([top, bottom]) * height, 0, height).astype(int)
    return gray[rows[0] : rows[1], columns[0] : columns[1]]
