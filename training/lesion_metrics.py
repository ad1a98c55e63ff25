"""Lesion-level figures: FROC, recall, precision and box mAP50, weighted for the bootstrap.

A region is what a network painted, a lesion what the annotator did. A lesion is found from the
score of the highest region whose mask overlaps it with IoU >= the limit; a region is false when
it finds no lesion, and a second region on a found lesion is neither.
"""

from dataclasses import dataclass

import numpy as np

from training.bootstrap import Statistic

NEVER = -np.inf
RECALL_STEPS = np.linspace(0, 1, 101)
BOX_OVERLAP = 0.5


@dataclass(frozen=True)
class Region:
    """One painted region.

    Attributes:
        score: suspicion, higher first; its peak probability.
        box: x, y, width, height in pixels.
        overlaps: IoU of its mask with each lesion of the picture, float (L,).
        box_overlaps: the same for the boxes.
        shown: True where it stands at the mask threshold, so that the user sees it.
    """

    score: float
    box: tuple[int, int, int, int]
    overlaps: np.ndarray
    box_overlaps: np.ndarray
    shown: bool


@dataclass(frozen=True)
class Events:
    """What happens as the score falls over all pictures of a split, sorted by score.

    Attributes:
        picture: index of the picture, int (E,).
        score: float (E,), falling.
        hit: lesions found (or true boxes) at this event, float (E,), 0 or 1.
        false: false regions at this event, float (E,), 0 or 1.
        lesions: lesions of each picture, float (N,).
    """

    picture: np.ndarray
    score: np.ndarray
    hit: np.ndarray
    false: np.ndarray
    lesions: np.ndarray

    def sums(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weighted running sums of hits and of false regions, two float (B, E)."""
        drawn = weights[:, self.picture].astype(np.float64)
        return np.cumsum(drawn * self.hit, axis=1), np.cumsum(drawn * self.false, axis=1)

    def ends(self) -> np.ndarray:
        """True at the last event of each run of equal scores, bool (E,)."""
        return np.r_[self.score[1:] != self.score[:-1], True][: len(self.score)]


def froc_events(pictures: list[tuple[Region, ...]], lesions: np.ndarray, limit: float) -> Events:
    """Events of the FROC curve at one IoU limit.

    Args:
        pictures: the regions of each picture.
        lesions: number of lesions of each picture, int (N,).
        limit: IoU from which a region finds a lesion.
    """
    rows = []
    for index, regions in enumerate(pictures):
        for score in found_scores(regions, int(lesions[index]), limit):
            if score > NEVER:
                rows.append((index, score, 1.0, 0.0))
        rows += [(index, r.score, 0.0, 1.0) for r in regions if not finds(r, limit)]
    return _sorted_events(rows, lesions)


def found_scores(regions: tuple[Region, ...], lesions: int, limit: float) -> np.ndarray:
    """Highest score among the regions that find each lesion, float (lesions,); else -inf."""
    scores = np.full(lesions, NEVER)
    for region in regions:
        if lesions:
            scores = np.where(region.overlaps >= limit, np.maximum(scores, region.score), scores)
    return scores


def finds(region: Region, limit: float) -> bool:
    """True where the region overlaps some lesion with IoU >= limit."""
    return bool((region.overlaps >= limit).any())


def recall_at(events: Events, false_per_picture: float) -> Statistic:
    """Statistic: best lesion recall with at most so many false regions per picture."""

    def statistic(weights: np.ndarray) -> np.ndarray:
        total, pictures = weights @ events.lesions, weights.sum(axis=1, dtype=np.float64)
        best = np.zeros(len(weights))
        if len(events.score):
            hits, false = events.sums(weights)
            allowed = (false <= false_per_picture * pictures[:, None]) & events.ends()
            best = (hits * allowed).max(axis=1)
        return np.divide(best, total, out=np.full(len(total), np.nan), where=total > 0)

    return statistic


def froc_curve(events: Events) -> dict:
    """FROC as JSON-ready lists, from the strictest score to the laxest."""
    hits, false = events.sums(np.ones((1, len(events.lesions)), np.float32))
    ends = events.ends()
    return {
        "false_per_image": [0.0, *(false[0, ends] / len(events.lesions)).tolist()],
        "recall": [0.0, *(hits[0, ends] / max(events.lesions.sum(), 1)).tolist()],
        "score": [None, *events.score[ends].tolist()],
    }


def box_events(pictures: list[tuple[Region, ...]], lesions: np.ndarray) -> Events:
    """Events for box mAP50: in each picture, regions by falling score claim one lesion each.

    As COCO does it: a region takes the free lesion that its box overlaps best, if the IoU is
    at least 0.5, and is false otherwise.
    """
    rows = []
    for index, regions in enumerate(pictures):
        free = np.ones(int(lesions[index]), bool)
        for region in sorted(regions, key=lambda region: -region.score):
            overlaps = np.where(free, region.box_overlaps, 0.0) if len(free) else np.zeros(1)
            best = int(np.argmax(overlaps))
            hit = overlaps[best] >= BOX_OVERLAP
            if hit:
                free[best] = False
            rows.append((index, region.score, float(hit), float(not hit)))
    return _sorted_events(rows, lesions)


def mean_average_precision(events: Events, chosen: np.ndarray) -> Statistic:
    """Statistic: COCO's 101-point average precision over the chosen pictures.

    Args:
        events: of `box_events`.
        chosen: bool (N,), pictures that count.
    """

    def statistic(weights: np.ndarray) -> np.ndarray:
        counted = weights * chosen
        total = counted @ events.lesions
        figures = np.where(total > 0, 0.0, np.nan)
        if len(events.score):
            hits, false = events.sums(counted)
            called = hits + false
            precision = np.divide(hits, called, out=np.zeros_like(hits), where=called > 0)
            envelope = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
            for row in np.flatnonzero(total > 0):
                figures[row] = _interpolated(hits[row] / total[row], envelope[row])
        return figures

    return statistic


def _interpolated(recall: np.ndarray, envelope: np.ndarray) -> float:
    """Mean of the precision envelope at 101 recall steps; 0 beyond the last recall."""
    places = np.searchsorted(recall, RECALL_STEPS, side="left")
    return float(np.append(envelope, 0.0)[places].mean())


def _sorted_events(rows: list[tuple], lesions: np.ndarray) -> Events:
    table = np.array(rows, float).reshape(-1, 4)
    table = table[np.argsort(-table[:, 1], kind="stable")]
    return Events(
        table[:, 0].astype(int), table[:, 1], table[:, 2], table[:, 3], lesions.astype(float)
    )
