"""Figures, curves, subgroups and worst cases of a segmenter over the pictures of a split."""

from collections.abc import Callable

import numpy as np

from training.data.dataset import Xray
from training.evaluate.bootstrap import estimate, median, ratio
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

OVERLAP_LIMITS = (0.1, 0.3, 0.5)
FALSE_RATES = (0.25, 0.5, 1.0)
WORST_CASES = 40
LABELS = {
    "dice_mean": "Dice, mean over fractured pictures",
    "dice_median": "Dice, median over fractured pictures",
    "iou_mean": "IoU, mean over fractured pictures",
    "iou_median": "IoU, median over fractured pictures",
    "dice_mean_256": "Dice at 256 px, mean over fractured pictures",
    "dice_median_256": "Dice at 256 px, median over fractured pictures",
    "iou_mean_256": "IoU at 256 px, mean over fractured pictures",
    "iou_median_256": "IoU at 256 px, median over fractured pictures",
    "dice_empty_one": "Dice over all pictures, two empty masks counted as 1 (flatters)",
    "iou_empty_one": "IoU over all pictures, two empty masks counted as 1 (flatters)",
    "false_positive_share": "Share of the picture painted wrongly, mean over all pictures",
    "painted_unfractured": "Unfractured pictures with any region painted",
    "false_share_of_paint": "Painted pixels that are false, all pictures together",
    "lesion_precision_10": "Painted regions that find a lesion (IoU >= 0.1)",
    "false_regions_per_image": "Painted regions that find no lesion (IoU >= 0.1), per picture",
    "box_map50": "Box mAP50, all pictures",
    "box_map50_fractured": "Box mAP50, fractured pictures only",
    **{
        f"lesion_recall_{round(limit * 100)}": f"Lesions found by a painted region (IoU >= {limit})"
        for limit in OVERLAP_LIMITS
    },
    **{
        f"froc_{round(limit * 100)}_at_{round(rate * 100):03d}": (
            f"Lesion recall at {rate:g} false regions per picture (IoU >= {limit})"
        )
        for limit in OVERLAP_LIMITS
        for rate in FALSE_RATES
    },
}


def segmentation_estimates(
    results: list[PictureResult], fractured: np.ndarray, weights: np.ndarray
) -> dict:
    """Every figure of `LABELS` as an estimate.

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


def segmentation_curves(results: list[PictureResult]) -> dict:
    """FROC curves at the three IoU limits, keyed "10", "30" and "50"."""
    lesions = lesion_counts(results)
    pictures = [result.regions for result in results]
    return {
        "froc": {
            str(round(limit * 100)): froc_curve(froc_steps(pictures, lesions, limit))
            for limit in OVERLAP_LIMITS
        }
    }


def subgroup_estimates(results, fractured, weights, chosen: np.ndarray) -> dict:
    """The three figures shown for each subgroup; `chosen` is bool (N,)."""
    drawn = weights * chosen
    shown = _shown_estimates(results, drawn, chosen)
    return {
        "dice_mean": _mean(_figures(results, "own", "dice"), fractured & chosen, drawn),
        "lesion_recall_10": shown["lesion_recall_10"],
        "false_regions_per_image": shown["false_regions_per_image"],
    }


def worst_pictures(xrays: list[Xray], results: list[PictureResult]) -> dict:
    """Fractured pictures with the lowest Dice, unfractured ones with the most suspicious region.

    Among fractured pictures with equal Dice the larger annotation comes first.
    """
    missed, painted = [], []
    for xray, result in zip(xrays, results, strict=True):
        if xray.fractured and result.lesions:
            missed.append((result.own.dice, -result.own.true, xray.image_id, result))
        elif not xray.fractured and any(region.shown for region in result.regions):
            score = max(region.score for region in result.regions)
            painted.append((-score, -result.own.painted, xray.image_id, result))
    return {
        "false_negatives": [
            {
                "image_id": name,
                "dice": result.own.dice,
                "found": lesions_found(result, OVERLAP_LIMITS[0]),
                "lesions": result.lesions,
            }
            for *_, name, result in sorted(missed, key=lambda row: row[:3])[:WORST_CASES]
        ],
        "false_positives": [
            {
                "image_id": name,
                "score": -score,
                "regions": sum(region.shown for region in result.regions),
                "painted_share": result.own.painted / result.own.pixels,
            }
            for score, _, name, result in sorted(painted, key=lambda row: row[:3])[:WORST_CASES]
        ],
    }


def lesion_counts(results: list[PictureResult]) -> np.ndarray:
    """Annotated lesions of each picture, int (N,)."""
    return np.array([result.lesions for result in results])


def _overlap_estimates(results, fractured, weights, where: str, suffix: str) -> dict:
    """Mean and median Dice and IoU over fractured pictures."""
    estimates = {}
    for measure in ("dice", "iou"):
        values = _figures(results, where, measure)
        n = int(fractured.sum())
        estimates[f"{measure}_mean{suffix}"] = _mean(values, fractured, weights)
        estimates[f"{measure}_median{suffix}"] = estimate(median(values, fractured), weights, n)
    return estimates


def _paint_estimates(results, fractured, weights) -> dict:
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


def _shown_estimates(results, weights, chosen: np.ndarray | bool = True) -> dict:
    """Lesion recall and precision of the regions that the user sees."""
    lesions = lesion_counts(results) * chosen
    limit = OVERLAP_LIMITS[0]
    shown = _count(results, lambda result: sum(region.shown for region in result.regions)) * chosen
    true = (
        _count(results, lambda result: sum(r.shown and finds(r, limit) for r in result.regions))
        * chosen
    )
    pictures = np.ones(len(results)) * chosen
    estimates = {
        f"lesion_recall_{round(limit * 100)}": estimate(
            ratio(
                _count(results, lambda result, at=limit: lesions_found(result, at)) * chosen,
                lesions,
            ),
            weights,
            int(lesions.sum()),
        )
        for limit in OVERLAP_LIMITS
    }
    return {
        **estimates,
        "lesion_precision_10": estimate(ratio(true, shown), weights, int(shown.sum())),
        "false_regions_per_image": estimate(
            ratio(shown - true, pictures), weights, int(pictures.sum())
        ),
    }


def _ranked_estimates(results, fractured, weights) -> dict:
    """Recall along the FROC curve and box mAP50."""
    lesions, pictures = lesion_counts(results), [result.regions for result in results]
    n = int(lesions.sum())
    estimates = {}
    for limit in OVERLAP_LIMITS:
        steps = froc_steps(pictures, lesions, limit)
        for rate in FALSE_RATES:
            key = f"froc_{round(limit * 100)}_at_{round(rate * 100):03d}"
            estimates[key] = estimate(recall_at(steps, rate), weights, n)
    boxes = box_steps(pictures, lesions)
    everyone = np.ones(len(results), bool)
    for key, chosen in (("box_map50", everyone), ("box_map50_fractured", fractured)):
        estimates[key] = estimate(mean_average_precision(boxes, chosen), weights, n)
    return estimates


def lesions_found(result: PictureResult, limit: float) -> int:
    """Lesions that a shown region finds."""
    shown = tuple(region for region in result.regions if region.shown)
    return int(np.isfinite(found_scores(shown, result.lesions, limit)).sum())


def _figures(results: list[PictureResult], where: str, field: str) -> np.ndarray:
    return np.array([getattr(getattr(result, where), field) for result in results], float)


def _count(results, count: Callable[[PictureResult], int]) -> np.ndarray:
    return np.array([count(result) for result in results], float)


def _mean(values: np.ndarray, chosen: np.ndarray, weights: np.ndarray) -> dict:
    """Mean over the chosen pictures; their values must be defined."""
    filled = np.where(chosen, values, 0.0)
    return estimate(ratio(filled, chosen.astype(float)), weights, int(chosen.sum()))
