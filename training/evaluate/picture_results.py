"""What a segmenter did on one picture: overlaps, painted regions and the lesions they find."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from fracturelens.findings.regions import Region, find_regions
from fracturelens.findings.restore import restore_probability
from fracturelens.measured.annotations import lesion_masks, overlaps_with
from fracturelens.results import Box
from fracturelens.xray.letterbox import Letterbox
from important_variables import IMAGE_SIZE
from training.data.dataset import Xray, lesion_mask
from training.evaluate.lesion_metrics import ScoredRegion

LEVELS = (1.0, 1 / 3, 1 / 9, 1 / 27, 1 / 81, 1 / 243)
"""Below the mask threshold the FROC curve goes on with regions cut at these shares of its odds.

Down to 1/27 the U-Net's ended at 0.43 false regions per picture, before the 0.5 and 1 at which
recall is read; 1/243 is near the least that INT8 outputs can tell from 0.
"""
MOST_HIDDEN = 20
"""Regions below the mask threshold that one picture adds to the curve, the highest ones."""


@dataclass(frozen=True)
class Overlap:
    """Pixel counts of one picture: painted and annotated, annotated, painted, all."""

    shared: int
    true: int
    painted: int
    pixels: int

    @property
    def dice(self) -> float:
        """Dice coefficient in [0, 1]; NaN where both masks are empty."""
        total = self.true + self.painted
        return 2 * self.shared / total if total else np.nan

    @property
    def iou(self) -> float:
        """Jaccard index in [0, 1]; NaN where both masks are empty."""
        union = self.true + self.painted - self.shared
        return self.shared / union if union else np.nan


@dataclass(frozen=True)
class PictureResult:
    """Outcome on one picture.

    Attributes:
        own: overlap at the picture's own resolution, dropped specks left out, as a user sees it.
        square: overlap of the masks letterboxed to 256 pixels, straight from the network.
        lesions: number of annotated lesions (polygons).
        regions: painted regions, those below the mask threshold included (`shown` tells).
    """

    own: Overlap
    square: Overlap
    lesions: int
    regions: tuple[ScoredRegion, ...]


def measure_picture(
    xray: Xray,
    size: tuple[int, int],
    probability: np.ndarray,
    threshold: float,
    min_share: float,
    weight: float = 1.0,
) -> PictureResult:
    """Compares one probability map with the annotation.

    Args:
        xray: the picture.
        size: its height and width in pixels.
        probability: float (S, S) in [0, 1], letterboxed as the network gave it.
        threshold: mask threshold in (0, 1).
        min_share: regions smaller than this fraction of the picture are dropped.
        weight: what the means are multiplied with to give the regions' scores.
    """
    restored = restore_probability(probability.astype(np.float32), *size)
    lesions = lesion_masks(xray.polygons, *size)
    regions, painted = ranked_regions(restored, lesions, threshold, min_share, weight)
    return PictureResult(
        own=overlap_of(lesion_mask(xray, *size) > 0, painted),
        square=overlap_of(_square_truth(xray, size), _at_256(probability) >= threshold),
        lesions=len(lesions),
        regions=regions,
    )


def hidden(result: PictureResult) -> PictureResult:
    """The result of the same picture where nothing is shown: regions stay on the FROC curve."""
    return PictureResult(
        own=replace(result.own, shared=0, painted=0),
        square=replace(result.square, shared=0, painted=0),
        lesions=result.lesions,
        regions=tuple(replace(region, shown=False) for region in result.regions),
    )


def overlap_of(true: np.ndarray, painted: np.ndarray) -> Overlap:
    """Pixel counts of two bool masks (H, W)."""
    return Overlap(
        int(np.count_nonzero(true & painted)),
        int(np.count_nonzero(true)),
        int(np.count_nonzero(painted)),
        true.size,
    )


def ranked_regions(
    probability: np.ndarray,
    lesions: list[np.ndarray],
    threshold: float,
    min_share: float,
    weight: float = 1.0,
    levels: tuple[float, ...] = LEVELS,
) -> tuple[tuple[ScoredRegion, ...], np.ndarray]:
    """Regions at the mask threshold, then at each lower level those that hold none found before.

    Args:
        probability: float32 (H, W) in [0, 1].
        lesions: bool (H, W) masks that the regions' overlaps are measured with.
        threshold: mask threshold in (0, 1).
        min_share: regions smaller than this fraction of the picture are dropped.
        weight: what the means are multiplied with to give the scores.
        levels: shares of the threshold's odds, falling from 1.

    Returns:
        The regions, and the bool (H, W) mask of those at the mask threshold.
    """
    taken = shown = np.zeros(probability.shape, bool)
    seen: list[ScoredRegion] = []
    below: list[ScoredRegion] = []
    highest = probability.max()
    for level in levels:
        cut = threshold if level == 1 else _scaled_odds(threshold, level)
        if highest < cut:
            continue
        found, kept = find_regions(probability >= cut, probability, min_share * probability.size)
        fresh = [region for region in found if not _touches(region, taken)]
        taken = taken | kept
        if level == levels[0]:
            seen, shown = _scored(fresh, lesions, weight, shown=True), taken
        else:
            below += _scored(_highest(fresh, MOST_HIDDEN), lesions, weight, shown=False)
    below.sort(key=lambda region: -region.score)
    return (*seen, *below[:MOST_HIDDEN]), shown


def box_overlap(first: Box, second: Box) -> float:
    """IoU of two boxes."""
    width = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    height = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    shared = max(width, 0) * max(height, 0)
    return shared / (first[2] * first[3] + second[2] * second[3] - shared)


def _scaled_odds(probability: float, factor: float) -> float:
    """The probability whose odds are `factor` times those of the given one."""
    odds = factor * probability / (1 - probability)
    return odds / (1 + odds)


def _touches(region: Region, mask: np.ndarray) -> bool:
    """True where a region holds a pixel of a bool (H, W) mask."""
    x, y, width, height = region.box
    return bool((mask[y : y + height, x : x + width] & region.pixels).any())


def _highest(regions: list[Region], count: int) -> list[Region]:
    return sorted(regions, key=lambda region: -region.mean)[:count]


def _scored(
    regions: list[Region], lesions: list[np.ndarray], weight: float, shown: bool
) -> list[ScoredRegion]:
    """The regions with their overlaps with each lesion, mask and box."""
    truth = [cv2.boundingRect(lesion.view(np.uint8)) for lesion in lesions]
    return [
        ScoredRegion(
            weight * region.mean,
            region.box,
            overlaps_with(region, lesions),
            np.array([box_overlap(region.box, box) for box in truth]),
            shown,
        )
        for region in regions
    ]


def _at_256(probability: np.ndarray) -> np.ndarray:
    """The letterboxed map at `IMAGE_SIZE`, so that networks of any input size compare."""
    if probability.shape == (IMAGE_SIZE, IMAGE_SIZE):
        return probability
    return cv2.resize(probability, (IMAGE_SIZE, IMAGE_SIZE), interpolation=cv2.INTER_LINEAR)


def _square_truth(xray: Xray, size: tuple[int, int]) -> np.ndarray:
    """The annotation letterboxed to `IMAGE_SIZE`, bool (256, 256)."""
    box = Letterbox(*size, IMAGE_SIZE)
    square = np.zeros((IMAGE_SIZE, IMAGE_SIZE), bool)
    square[box.inner] = lesion_mask(xray, box.inner_height, box.inner_width)
    return square
