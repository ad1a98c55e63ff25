"""Lesion-level figures: FROC, recall, precision and box mAP50, weighted for the bootstrap.

A region is what a network painted, a lesion what the annotator did. A lesion is found from the
score of the highest region whose mask overlaps it with IoU >= the limit; a region is false when
it finds no lesion, and a second region on a found lesion is neither.
"""

from dataclasses import dataclass

import numpy as np

from fracturelens.measured.bootstrap import Statistic

NEVER = -np.inf
RECALL_STEPS = np.linspace(0, 1, 101)
BOX_OVERLAP = 0.5


@dataclass(frozen=True)
class ScoredRegion:
    """One painted region.

    Attributes:
        score: suspicion, higher first; its mean probability, since peaks tie in INT8, whose
            outputs end at 255/256.
        box: x, y, width, height in pixels.
        overlaps: IoU of its mask with each lesion of the picture, float (L,).
        box_overlaps: the same for the boxes.
        shown: True where the user sees it painted: it stands at the mask threshold, and the
            picture's verdict is "fracture" where a gate stands before the segmenter.
    """

    score: float
    box: tuple[int, int, int, int]
    overlaps: np.ndarray
    box_overlaps: np.ndarray
    shown: bool


@dataclass(frozen=True)
class Steps:
    """The curve where it rises: one step for each lesion found, by falling score.

    Attributes:
        picture: picture of each step, int (K,).
        score: float (K,), falling.
        false: false regions of each picture that score at least as high as this step but lower
            than the step before; float (N, K + 1), the last column those below every step.
        lesions: lesions of each picture, float (N,).
    """

    picture: np.ndarray
    score: np.ndarray
    false: np.ndarray
    lesions: np.ndarray

    def sums(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weighted lesions found and false regions down to each step, two float (B, K)."""
        found = np.cumsum(weights[:, self.picture], axis=1, dtype=np.float64)
        return found, np.cumsum(weights @ self.false[:, :-1], axis=1)


def froc_steps(
    pictures: list[tuple[ScoredRegion, ...]], lesions: np.ndarray, limit: float
) -> Steps:
    """Steps of the FROC curve at one IoU limit.

    Args:
        pictures: the regions of each picture.
        lesions: number of lesions of each picture, int (N,).
        limit: IoU from which a region finds a lesion.
    """
    found, false = [], []
    for index, regions in enumerate(pictures):
        scores = found_scores(regions, int(lesions[index]), limit)
        found += [(index, score) for score in scores if score > NEVER]
        false += [(index, region.score) for region in regions if not finds(region, limit)]
    return _steps(found, false, lesions)


def found_scores(regions: tuple[ScoredRegion, ...], lesions: int, limit: float) -> np.ndarray:
    """Highest score among the regions that find each lesion, float (lesions,); else -inf."""
    scores = np.full(lesions, NEVER)
    for region in regions:
        if lesions:
            scores = np.where(region.overlaps >= limit, np.maximum(scores, region.score), scores)
    return scores


def finds(region: ScoredRegion, limit: float) -> bool:
    """True where the region overlaps some lesion with IoU >= limit."""
    return bool((region.overlaps >= limit).any())


def recall_at(steps: Steps, false_per_picture: float) -> Statistic:
    """Statistic: best lesion recall with at most so many false regions per picture."""

    def statistic(weights: np.ndarray) -> np.ndarray:
        total, pictures = weights @ steps.lesions, weights.sum(axis=1, dtype=np.float64)
        found, false = steps.sums(weights)
        allowed = false <= false_per_picture * pictures[:, None]
        best = (found * allowed).max(axis=1, initial=0.0)
        return np.divide(best, total, out=np.full(len(total), np.nan), where=total > 0)

    return statistic


def froc_curve(steps: Steps) -> dict[str, list]:
    """FROC as columns: nothing shown, each step, and everything shown."""
    count = len(steps.lesions)
    found, false = steps.sums(np.ones((1, count), np.float32))
    recall = [0.0, *(found[0] / max(steps.lesions.sum(), 1)).tolist()]
    return {
        "false_per_image": [0.0, *(false[0] / count).tolist(), float(steps.false.sum() / count)],
        "recall": [*recall, recall[-1]],
        "score": [None, *steps.score.tolist(), None],
    }


def box_steps(pictures: list[tuple[ScoredRegion, ...]], lesions: np.ndarray) -> Steps:
    """Steps for box mAP50: in each picture, regions by falling score claim one lesion each.

    As COCO does it: a region takes the free lesion that its box overlaps best, if the IoU is
    at least 0.5, and is false otherwise.
    """
    found, false = [], []
    for index, regions in enumerate(pictures):
        free = np.ones(int(lesions[index]), bool)
        for region in sorted(regions, key=lambda region: -region.score):
            overlaps = np.where(free, region.box_overlaps, 0.0) if len(free) else np.zeros(1)
            best = int(np.argmax(overlaps))
            hit = overlaps[best] >= BOX_OVERLAP
            if hit:
                free[best] = False
            (found if hit else false).append((index, region.score))
    return _steps(found, false, lesions)


def mean_average_precision(steps: Steps, chosen: np.ndarray) -> Statistic:
    """Statistic: COCO's 101-point average precision over the chosen pictures.

    Args:
        steps: of `box_steps`.
        chosen: bool (N,), pictures that count.
    """

    def statistic(weights: np.ndarray) -> np.ndarray:
        counted = weights * chosen
        total = counted @ steps.lesions
        found, false = steps.sums(counted)
        called = found + false
        precision = np.divide(found, called, out=np.zeros_like(found), where=called > 0)
        envelope = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
        figures = np.full(len(total), np.nan)
        for row in np.flatnonzero(total > 0):
            figures[row] = _interpolated(found[row] / total[row], envelope[row])
        return figures

    return statistic


def _interpolated(recall: np.ndarray, envelope: np.ndarray) -> float:
    """Mean of the precision envelope at 101 recall steps; 0 beyond the last recall."""
    places = np.searchsorted(recall, RECALL_STEPS, side="left")
    return float(np.append(envelope, 0.0)[places].mean())


def _steps(found: list[tuple], false: list[tuple], lesions: np.ndarray) -> Steps:
    """Sorts the finds and deals the false regions out among them; equals count as false first."""
    rows = np.array(found, float).reshape(-1, 2)
    rows = rows[np.argsort(-rows[:, 1], kind="stable")]
    table = np.zeros((len(lesions), len(rows) + 1))
    wrong = np.array(false, float).reshape(-1, 2)
    columns = np.searchsorted(-rows[:, 1], -wrong[:, 1], side="left")
    np.add.at(table, (wrong[:, 0].astype(int), columns), 1)
    return Steps(rows[:, 0].astype(int), rows[:, 1], table, lesions.astype(float))
