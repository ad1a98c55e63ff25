"""Trivial rivals that any useful network must beat, measured with the same code."""

from collections.abc import Callable

import numpy as np
from PIL import Image
from sklearn.tree import DecisionTreeClassifier

from fracturelens.xray.letterbox import Letterbox
from important_variables import IMAGE_SIZE
from training.data.dataset import ATTRIBUTES, Xray, lesion_mask

RADII = np.arange(1, 11) * 0.04
SEED = 0


def gate_baselines(train: list[Xray], xrays: list[Xray]) -> dict[str, np.ndarray]:
    """Scores float (N,) in [0, 1] of each trivial classifier on `xrays`, by its key."""
    return {
        "always_negative": np.zeros(len(xrays)),
        "size_and_format": _fitted_scores(train, xrays, file_traits),
        "body_part_and_view": _fitted_scores(train, xrays, attribute_traits),
    }


def mask_baselines(train: list[Xray], sizes: np.ndarray) -> dict[str, np.ndarray]:
    """Letterboxed maps float32 (N, 256, 256), 0 or 1, of each trivial segmenter, by its key.

    Args:
        train: usable training pictures, on which the disc's radius is fitted.
        sizes: height and width of the pictures to paint, int (N, 2).
    """
    radius = fit_disc(train)
    discs = np.array([disc(tuple(size), radius) for size in sizes], np.float32)
    return {"empty_mask": np.zeros_like(discs), "centered_disc": discs}


def fit_disc(train: list[Xray]) -> float:
    """Radius (share of the shorter side) with the best mean Dice on square training masks."""
    size = (IMAGE_SIZE, IMAGE_SIZE)
    truth = np.array([lesion_mask(xray, *size).ravel() for xray in train if xray.polygons])
    areas = truth.sum(axis=1, dtype=float)
    figures = []
    for radius in RADII:
        painted = disc(size, radius).ravel()
        figures.append((2 * (truth @ painted) / (areas + painted.sum())).mean())
    return float(RADII[int(np.argmax(figures))])


def disc(size: tuple[int, int], radius: float) -> np.ndarray:
    """A centered disc, letterboxed, float32 (256, 256), 0 or 1.

    Args:
        size: height and width of the picture in pixels.
        radius: share of the picture's shorter side.
    """
    box = Letterbox(*size, IMAGE_SIZE)
    rows, columns = np.ogrid[:IMAGE_SIZE, :IMAGE_SIZE]
    center = (IMAGE_SIZE - 1) / 2
    reach = radius * min(box.inner_height, box.inner_width)
    return (((rows - center) ** 2 + (columns - center) ** 2) <= reach**2).astype(np.float32)


def file_traits(xray: Xray) -> list[float]:
    """Width, height, color channels and JPEG quantization, read from the header."""
    with Image.open(xray.path) as image:
        tables = getattr(image, "quantization", {})
        coarseness = float(sum(sum(table) for table in tables.values()))
        return [float(image.width), float(image.height), float(len(image.getbands())), coarseness]


def attribute_traits(xray: Xray) -> list[float]:
    """The columns of dataset.csv: body part, view, hardware."""
    return [float(xray.attributes.get(name, 0)) for name in ATTRIBUTES]


def _fitted_scores(train, xrays, traits: Callable[[Xray], list[float]]) -> np.ndarray:
    model = DecisionTreeClassifier(max_leaf_nodes=16, min_samples_leaf=20, random_state=SEED)
    model.fit([traits(xray) for xray in train], [xray.fractured for xray in train])
    return model.predict_proba([traits(xray) for xray in xrays])[:, 1]
