"""Reads FracAtlas in its official layout, with the split and exclusions of fracture/splits."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from fracturelens.measured.annotations import COCO_FILE, draw_outlines, read_outlines
from fracturelens.xray.read import decode_xray
from important_variables import SPLITS

SPLIT_NAMES = ("train", "val", "test")
ATTRIBUTES = (
    "hand",
    "leg",
    "hip",
    "shoulder",
    "mixed",
    "hardware",
    "multiscan",
    "frontal",
    "lateral",
    "oblique",
)


class FracAtlasError(RuntimeError):
    """FracAtlas is missing or incomplete; the text says where it was sought and what to do."""


@dataclass(frozen=True)
class Xray:
    """One picture of FracAtlas: where it lies and what is known of it.

    Attributes:
        image_id: file name, as in the official tables.
        path: the JPEG on disk.
        split: "train", "val" or "test".
        fractured: True where the picture lies in images/Fractured. (The official table is wrong
            on IMG0003298; the folder and the polygons agree.)
        excluded: "" for a usable picture, else the reason of the split file.
        polygons: lesion outlines, each float64 (k, 2), as x, y in fractions [0, 1] of the
            picture's width and height after EXIF rotation.
        attributes: body part, view and hardware, 0 or 1, as in dataset.csv.
    """

    image_id: str
    path: Path
    split: str
    fractured: bool
    excluded: str = ""
    polygons: tuple[np.ndarray, ...] = ()
    attributes: dict[str, int] = field(default_factory=dict)


def read_fracatlas(folder: Path, splits: Path = SPLITS) -> list[Xray]:
    """Lists the pictures of our splits that are on disk, in order of their ids.

    Args:
        folder: FracAtlas in the official layout (dataset.csv, images/, Annotations/).
        splits: folder of train.csv, val.csv and test.csv.

    Raises:
        FracAtlasError: the folder or one of its tables is missing, or holds none of our pictures.
    """
    folder = Path(folder)
    paths = {path.name: path for path in folder.glob("images/*/*.jpg")}
    if not paths:
        raise FracAtlasError(
            f"No picture was found under {folder / 'images'}. Bring FracAtlas with "
            "`fracturelens download`, or name its folder with --data or FRACATLAS."
        )
    attributes, polygons = _read_table(folder), read_outlines(_existing(folder / COCO_FILE))
    return [
        Xray(
            image_id=name,
            path=paths[name],
            split=split,
            fractured=paths[name].parent.name == "Fractured",
            excluded=excluded,
            polygons=polygons.get(name, ()),
            attributes=attributes.get(name, {}),
        )
        for split, name, excluded in sorted(read_splits(splits), key=lambda row: row[1])
        if name in paths
    ]


def usable(xrays: list[Xray], split: str) -> list[Xray]:
    """The pictures of one split that no exclusion reason bars."""
    return [xray for xray in xrays if xray.split == split and not xray.excluded]


def read_splits(folder: Path = SPLITS) -> list[tuple[str, str, str]]:
    """Rows (split, image_id, reason for exclusion or "") of the three split files."""
    rows = []
    for split in SPLIT_NAMES:
        with (folder / f"{split}.csv").open(newline="") as file:
            rows += [(split, row["image_id"], row["excluded"]) for row in csv.DictReader(file)]
    return rows


def load_image(xray: Xray) -> np.ndarray:
    """The picture as uint8 (H, W), gray, EXIF rotation applied: what inference sees.

    Raises:
        UnreadableXrayError: the file is damaged.
    """
    return decode_xray(xray.path.read_bytes()).network_pixels


def lesion_mask(xray: Xray, height: int, width: int) -> np.ndarray:
    """The annotated lesions drawn at the given size, uint8 (height, width), 0 or 1."""
    return draw_outlines(xray.polygons, height, width)


def _read_table(folder: Path) -> dict[str, dict[str, int]]:
    """Attributes of every picture in dataset.csv."""
    with _existing(folder / "dataset.csv").open(newline="") as file:
        return {
            row["image_id"]: {name: int(row[name]) for name in ATTRIBUTES}
            for row in csv.DictReader(file)
        }


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise FracAtlasError(f"{path} is missing: FracAtlas is not complete. Download it again.")
    return path
