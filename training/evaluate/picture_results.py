"""What a segmenter did on one picture: overlaps, painted regions and the lesions they find."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from fracturelens.findings.restore import restore_probability
from fracturelens.xray.letterbox import Letterbox
from important_variables import IMAGE_SIZE
from training.data.dataset import Xray, lesion_mask
from training.evaluate.lesion_metrics import Region

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
        square: overlap of the letterboxed 256-pixel masks, straight from the network.
        lesions: number of annotated lesions (polygons).
        regions: painted regions, those below the mask threshold included (`shown` tells).
    """

    own: Overlap
    square: Overlap
    lesions: int
    regions: tuple[Region, ...]


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
        probability: float (256, 256) in [0, 1], letterboxed as the network gave it.
        threshold: mask threshold in (0, 1).
        min_share: regions smaller than this fraction of the picture are dropped.
        weight: what the means are multiplied with to give the regions' scores.
    """
    height, width = size
    restored = restore_probability(probability.astype(np.float32), height, width)
    lesions = lesion_masks(xray, height, width)
    regions, painted = find_regions(restored, lesions, threshold, min_share, weight)
    return PictureResult(
        own=overlap_of(lesion_mask(xray, height, width) > 0, painted),
        square=overlap_of(_square_truth(xray, size), probability >= threshold),
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


def lesion_masks(xray: Xray, height: int, width: int) -> list[np.ndarray]:
    """One bool (height, width) mask for each annotated polygon."""
    return [
        lesion_mask(replace(xray, polygons=(polygon,)), height, width) > 0
        for polygon in xray.polygons
    ]


def overlap_of(true: np.ndarray, painted: np.ndarray) -> Overlap:
    """Pixel counts of two bool masks (H, W)."""
    return Overlap(
        int(np.count_nonzero(true & painted)),
        int(np.count_nonzero(true)),
        int(np.count_nonzero(painted)),
        true.size,
    )


def find_regions(
    probability: np.ndarray,
    lesions: list[np.ndarray],
    threshold: float,
    min_share: float,
    weight: float = 1.0,
    levels: tuple[float, ...] = LEVELS,
) -> tuple[tuple[Region, ...], np.ndarray]:
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
    taken = np.zeros(probability.shape, bool)
    shown, seen, below = taken, [], []
    highest = probability.max()
    for level in levels:
        cut = threshold if level == 1 else _scaled_odds(threshold, level)
        if highest < cut:
            continue
        parts = _components(probability, cut, min_share, taken)
        taken = taken | parts.mask()
        if level == levels[0]:
            seen, shown = _regions(parts, lesions, weight, shown=True), taken
        else:
            below += _regions(parts.highest(MOST_HIDDEN), lesions, weight, shown=False)
    below.sort(key=lambda region: -region.score)
    return (*seen, *below[:MOST_HIDDEN]), shown


def region_masks(probability: np.ndarray, threshold: float, min_share: float) -> list[np.ndarray]:
    """One bool (H, W) mask for each region at the mask threshold."""
    untaken = np.zeros(probability.shape, bool)
    parts = _components(probability, threshold, min_share, untaken)
    return [parts.labels == label for label in parts.kept]


def _scaled_odds(probability: float, factor: float) -> float:
    """The probability whose odds are `factor` times those of the given one."""
    odds = factor * probability / (1 - probability)
    return odds / (1 + odds)


@dataclass(frozen=True)
class _Components:
    """Connected regions: labels (H, W), OpenCV's statistics, those that count, their means."""

    labels: np.ndarray
    stats: np.ndarray
    kept: np.ndarray
    means: np.ndarray

    def mask(self) -> np.ndarray:
        counted = np.zeros(len(self.stats), bool)
        counted[self.kept] = True
        return counted[self.labels]

    def highest(self, count: int) -> "_Components":
        order = np.argsort(-self.means, kind="stable")[:count]
        return replace(self, kept=self.kept[order], means=self.means[order])


def _components(probability, threshold: float, min_share: float, taken) -> _Components:
    """Regions (8-connected) that are not too small and hold no taken pixel."""
    mask = (probability >= threshold).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    good = stats[:, cv2.CC_STAT_AREA] >= min_share * mask.size
    good[0] = False
    good[labels[taken]] = False
    kept = np.flatnonzero(good)
    sums = np.bincount(labels.ravel(), probability.ravel(), minlength=count)
    return _Components(labels, stats, kept, sums[kept] / stats[kept, cv2.CC_STAT_AREA])


def _regions(parts: _Components, lesions, weight: float, shown: bool) -> list[Region]:
    """The components with their overlaps with each lesion, mask and box."""
    areas = parts.stats[:, cv2.CC_STAT_AREA]
    overlaps = np.zeros((len(areas), len(lesions)))
    for column, lesion in enumerate(lesions):
        shared = np.bincount(parts.labels[lesion], minlength=len(areas))
        overlaps[:, column] = shared / (areas + np.count_nonzero(lesion) - shared)
    truth = [cv2.boundingRect(lesion.astype(np.uint8)) for lesion in lesions]
    regions = []
    for label, mean in zip(parts.kept, parts.means, strict=True):
        box = tuple(int(value) for value in parts.stats[label, :4])
        box_overlaps = np.array([box_overlap(box, other) for other in truth])
        regions.append(Region(weight * float(mean), box, overlaps[label], box_overlaps, shown))
    return regions


def box_overlap(first: tuple, second: tuple) -> float:
    """IoU of two boxes (x, y, width, height)."""
    width = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    height = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    shared = max(width, 0) * max(height, 0)
    return shared / (first[2] * first[3] + second[2] * second[3] - shared)


def _square_truth(xray: Xray, size: tuple[int, int]) -> np.ndarray:
    """The annotation letterboxed to the networks' square, bool (256, 256)."""
    box = Letterbox(*size, IMAGE_SIZE)
    square = np.zeros((IMAGE_SIZE, IMAGE_SIZE), bool)
    square[box.inner] = lesion_mask(xray, box.inner_height, box.inner_width)
    return square
