"""Figures, curves, subgroups and worst cases of a segmenter over the pictures of a split."""

from collections.abc import Callable
from functools import partial

import numpy as np

from fracturelens.measured.bootstrap import estimate, median, ratio
from fracturelens.measured.keys import (
    FALSE_RATES,
    OVERLAP_LIMITS,
    froc_curve_key,
    froc_key,
    recall_key,
)
from fracturelens.measured.layout import Estimate, Metrics, Worst, WorstCase
from important_variables import OVERLAP_LIMIT
from training.data.dataset import Xray
from training.evaluate.lesion_metrics import (
    box_steps,
    finds,
    found_scores,
    froc_curve,
    froc_steps,
    mean_average_precision,
    recall_at,
)
from training.evaluate.picture_results import PictureResult

WORST_CASES = 40


def segmentation_estimates(
    results: list[PictureResult], fractured: np.ndarray, weights: np.ndarray
) -> Metrics:
    """Every figure of a segmenter.

    Args:
        results: one for each picture.
        fractured: bool (N,).
        weights: float (B, N) of bootstrap.group_weights.
    """
    return {
        **_overlap_estimates(results, fractured, weights, "own", ""),
        **_overlap_estimates(results, fractured, weights, "square", "_256"),
        **_paint_estimates(results, fractured, weights),
        **_shown_estimates(results, weights),
        **_ranked_estimates(results, fractured, weights),
    }


def froc_curves(results: list[PictureResult]) -> dict[str, dict[str, list]]:
    """FROC curves at each of `OVERLAP_LIMITS`: "froc_10", "froc_30", "froc_50"."""
    lesions = lesion_counts(results)
    pictures = [result.regions for result in results]
    return {
        froc_curve_key(limit): froc_curve(froc_steps(pictures, lesions, limit))
        for limit in OVERLAP_LIMITS
    }


def subgroup_estimates(results, fractured, weights, chosen: np.ndarray) -> Metrics:
    """The three figures shown for each subgroup; `chosen` is bool (N,)."""
    drawn = weights * chosen
    shown = _shown_estimates(results, drawn, chosen)
    return {
        "dice_mean": _mean(_figures(results, "own", "dice"), fractured & chosen, drawn),
        "lesion_recall_10": shown["lesion_recall_10"],
        "false_regions_per_image": shown["false_regions_per_image"],
    }


def picture_columns(results: list[PictureResult]) -> dict[str, list]:
    """Each picture's own result, columns of equal length as `Part.pictures` has them."""
    own = [result.own for result in results]
    return {
        "dice": [_defined(overlap.dice) for overlap in own],
        "iou": [_defined(overlap.iou) for overlap in own],
        "lesions": [result.lesions for result in results],
        "found": [lesions_found(result, OVERLAP_LIMIT) for result in results],
        "regions": [regions_shown(result) for result in results],
        "true_regions": [true_regions(result) for result in results],
        "painted_share": [overlap.painted / overlap.pixels for overlap in own],
    }


def worst_pictures(
    xrays: list[Xray], results: list[PictureResult], verdicts: list[str] | None = None
) -> Worst:
    """Fractured pictures with the lowest Dice, unfractured ones with the most suspicious region.

    Among fractured pictures with equal Dice the larger annotation comes first.

    Args:
        xrays: the pictures.
        results: one for each.
        verdicts: of the gate on each; None where no gate stands before the segmenter.
    """
    missed: list[tuple[tuple, WorstCase]] = []
    painted: list[tuple[tuple, WorstCase]] = []
    given = verdicts or [None] * len(xrays)
    for xray, result, verdict in zip(xrays, results, given, strict=True):
        if xray.fractured and result.lesions:
            rank = (result.own.dice, -result.own.true, xray.image_id)
            missed.append((rank, _missed(xray, result, verdict)))
        elif not xray.fractured and regions_shown(result):
            case = _painted(xray, result, verdict)
            painted.append(((-case.score, -result.own.painted, xray.image_id), case))
    return Worst(_first(missed), _first(painted))


def lesion_counts(results: list[PictureResult]) -> np.ndarray:
    """Annotated lesions of each picture, int (N,)."""
    return np.array([result.lesions for result in results])


def lesions_found(result: PictureResult, limit: float) -> int:
    """Lesions that a shown region finds."""
    shown = tuple(region for region in result.regions if region.shown)
    return int(np.isfinite(found_scores(shown, result.lesions, limit)).sum())


def regions_shown(result: PictureResult) -> int:
    """Regions that the user sees."""
    return sum(region.shown for region in result.regions)


def true_regions(result: PictureResult) -> int:
    """Regions that the user sees and that find a lesion."""
    return sum(region.shown and finds(region, OVERLAP_LIMIT) for region in result.regions)


def _first(ranked: list[tuple[tuple, WorstCase]]) -> list[WorstCase]:
    """The cases of the lowest ranks, at most `WORST_CASES`."""
    return [case for _, case in sorted(ranked, key=lambda row: row[0])[:WORST_CASES]]


def _missed(xray: Xray, result: PictureResult, verdict: str | None) -> WorstCase:
    return WorstCase(
        xray.image_id,
        verdict=verdict,
        dice=result.own.dice,
        found=lesions_found(result, OVERLAP_LIMIT),
        lesions=result.lesions,
    )


def _painted(xray: Xray, result: PictureResult, verdict: str | None) -> WorstCase:
    return WorstCase(
        xray.image_id,
        verdict=verdict,
        score=max(region.score for region in result.regions),
        regions=regions_shown(result),
        painted_share=result.own.painted / result.own.pixels,
    )


def _overlap_estimates(results, fractured, weights, where: str, suffix: str) -> Metrics:
    """Mean and median Dice and IoU over fractured pictures."""
    estimates = {}
    for measure in ("dice", "iou"):
        values = _figures(results, where, measure)
        n = int(fractured.sum())
        estimates[f"{measure}_mean{suffix}"] = _mean(values, fractured, weights)
        estimates[f"{measure}_median{suffix}"] = estimate(median(values, fractured), weights, n)
    return estimates


def _paint_estimates(results, fractured, weights) -> Metrics:
    """Figures over all pictures: empty counted as 1, and false paint."""
    everyone = np.ones(len(results), bool)
    false = _figures(results, "own", "painted") - _figures(results, "own", "shared")
    painted = _figures(results, "own", "painted")
    filled = {m: np.nan_to_num(_figures(results, "own", m), nan=1.0) for m in ("dice", "iou")}
    return {
        "dice_empty_one": _mean(filled["dice"], everyone, weights),
        "iou_empty_one": _mean(filled["iou"], everyone, weights),
        "false_positive_share": _mean(
            false / _figures(results, "own", "pixels"), everyone, weights
        ),
        "painted_unfractured": _mean((painted > 0).astype(float), ~fractured, weights),
        "false_share_of_paint": estimate(ratio(false, painted), weights, int((painted > 0).sum())),
    }


def _shown_estimates(results, weights, chosen: np.ndarray | bool = True) -> Metrics:
    """Lesion recall and precision of the regions that the user sees."""
    lesions = lesion_counts(results) * chosen
    shown = _count(results, regions_shown) * chosen
    true = _count(results, true_regions) * chosen
    pictures = np.ones(len(results)) * chosen
    recalls = {}
    for limit in OVERLAP_LIMITS:
        found = _count(results, partial(lesions_found, limit=limit)) * chosen
        recalls[recall_key(limit)] = estimate(ratio(found, lesions), weights, int(lesions.sum()))
    precision = estimate(ratio(true, shown), weights, int(shown.sum()))
    false = estimate(ratio(shown - true, pictures), weights, int(pictures.sum()))
    return recalls | {"lesion_precision_10": precision, "false_regions_per_image": false}


def _ranked_estimates(results, fractured, weights) -> Metrics:
    """Recall along the FROC curve and box mAP50."""
    lesions, pictures = lesion_counts(results), [result.regions for result in results]
    n = int(lesions.sum())
    estimates = {}
    for limit in OVERLAP_LIMITS:
        steps = froc_steps(pictures, lesions, limit)
        for rate in FALSE_RATES:
            estimates[froc_key(limit, rate)] = estimate(recall_at(steps, rate), weights, n)
    boxes = box_steps(pictures, lesions)
    everyone = np.ones(len(results), bool)
    for key, chosen in (("box_map50", everyone), ("box_map50_fractured", fractured)):
        estimates[key] = estimate(mean_average_precision(boxes, chosen), weights, n)
    return estimates


def _figures(results: list[PictureResult], where: str, field: str) -> np.ndarray:
    return np.array([getattr(getattr(result, where), field) for result in results], float)


def _count(results, count: Callable[[PictureResult], int]) -> np.ndarray:
    return np.array([count(result) for result in results], float)


def _mean(values: np.ndarray, chosen: np.ndarray, weights: np.ndarray) -> Estimate:
    """Mean over the chosen pictures; their values must be defined."""
    filled = np.where(chosen, values, 0.0)
    return estimate(ratio(filled, chosen.astype(float)), weights, int(chosen.sum()))


def _defined(value: float) -> float | None:
    return value if np.isfinite(value) else None
