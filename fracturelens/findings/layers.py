"""Masks as layers that a browser draws: small rectangles of an X-ray, each as run lengths."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fracturelens.results import Box, Segmentation

SEVERAL = "several"
"""Key of the layer that several networks mark; the others are named after their network."""


@dataclass(frozen=True)
class Patch:
    """A rectangle of a mask.

    Attributes:
        box: in pixels of the X-ray.
        runs: lengths of runs of equal pixels, row after row; the first is of pixels that are not
            marked, and may be 0.
    """

    box: Box
    runs: tuple[int, ...]


def run_lengths(mask: np.ndarray) -> tuple[int, ...]:
    """Run lengths of a bool (h, w) mask, as in `Patch`; they add up to its pixels."""
    flat = np.concatenate([[False], mask.ravel()])
    starts = np.flatnonzero(flat[1:] != flat[:-1])
    return tuple(np.diff(np.concatenate([[0], starts, [mask.size]])).tolist())


def mask_of_runs(runs: Sequence[int], height: int, width: int) -> np.ndarray:
    """The bool (height, width) mask of `run_lengths`.

    Raises:
        ValueError: the runs do not add up to its pixels.
    """
    if sum(runs) != height * width:
        raise ValueError(f"The runs add up to {sum(runs)} pixels, not to {height} x {width}.")
    marked = np.arange(len(runs)) % 2 == 1
    return np.repeat(marked, runs).reshape(height, width)


def network_layer(segmentation: Segmentation) -> list[Patch]:
    """One network's mask: a patch for each group of findings whose boxes overlap."""
    return _patches(segmentation.mask, _windows([segmentation]))


def agreement_layers(segmentations: Mapping[str, Segmentation]) -> dict[str, list[Patch]]:
    """What each network alone marks, by its name, and under `SEVERAL` what several mark."""
    layers: dict[str, list[Patch]] = {SEVERAL: [], **{name: [] for name in segmentations}}
    for window in _windows(segmentations.values()):
        masks = {name: found.mask[_index(window)] for name, found in segmentations.items()}
        counts = np.add.reduce(list(masks.values()), axis=0, dtype=np.uint8)
        parts = {SEVERAL: counts > 1}
        parts |= {name: mask & (counts == 1) for name, mask in masks.items()}
        for name, part in parts.items():
            if part.any():
                layers[name].append(Patch(window, run_lengths(part)))
    return layers


def _patches(mask: np.ndarray, windows: Iterable[Box]) -> list[Patch]:
    return [Patch(window, run_lengths(mask[_index(window)])) for window in windows]


def _windows(segmentations: Iterable[Segmentation]) -> list[Box]:
    """Boxes that hold all findings and do not overlap: no pixel may be tinted twice."""
    windows: list[Box] = []
    for box in (finding.box for found in segmentations for finding in found.findings):
        while touched := [other for other in windows if _overlap(box, other)]:
            windows = [other for other in windows if other not in touched]
            box = _around([box, *touched])
        windows.append(box)
    return windows


def _overlap(first: Box, second: Box) -> bool:
    (x1, y1, width1, height1), (x2, y2, width2, height2) = first, second
    return x1 < x2 + width2 and x2 < x1 + width1 and y1 < y2 + height2 and y2 < y1 + height1


def _around(boxes: list[Box]) -> Box:
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top


def _index(box: Box) -> tuple[slice, slice]:
    x, y, width, height = box
    return slice(y, y + height), slice(x, x + width)
