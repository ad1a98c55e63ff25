"""Compares the INT8 file of a network with its float one on the same pictures."""

from dataclasses import asdict

import numpy as np

from fracturelens.measured.bootstrap import Bootstrap, estimate, group_weights, ratio
from fracturelens.measured.classifier import area_under_roc, brier_score
from fracturelens.networks.calibration import calibrated
from fracturelens.networks.card import FILES, ModelCard
from fracturelens.results import Verdict
from important_variables import GATE
from prediction import thresholds_of
from training.data.dataset import Xray
from training.evaluate.bootstrap import patient_groups
from training.evaluate.gate_report import judge_all
from training.evaluate.picture_results import measure_picture
from training.evaluate.scores import SplitScores

# What INT8 may cost on val, in the unit of each figure.
LARGEST_DROP = {"auroc": 0.005, "accuracy": 0.005, "dice": 0.01}


def compare(
    card: ModelCard,
    xrays: list[Xray],
    exact: SplitScores,
    rounded: SplitScores,
    split: str,
    bootstrap: Bootstrap = Bootstrap(),  # noqa: B008 (frozen)
) -> dict:
    """What the rounding to INT8 changes.

    Args:
        card: of the network, with its thresholds, also those of the INT8 file.
        xrays: the pictures, in order of their ids.
        exact: outputs of the float network.
        rounded: outputs of the INT8 file on the same pictures.
        split: name of the split, for the record.
        bootstrap: how intervals are drawn; float and INT8 share each draw.

    Returns:
        JSON-ready. Drops are float minus INT8, each an estimate with interval; a gate's verdicts
        are those at each precision's own thresholds, as the user gets them; "within_targets" says
        whether each drop keeps to `LARGEST_DROP`.
    """
    difference = np.abs(exact.values - rounded.values)
    weights = group_weights(patient_groups(xrays), bootstrap)
    section = _gate_section if card.name == GATE else _mask_section
    found = section(card, xrays, exact, rounded, weights)
    return {
        "split": split,
        "images": len(xrays),
        "largest_probability_difference": float(difference.max()),
        "mean_probability_difference": float(difference.mean()),
        **found,
        "within_targets": {
            key: found[f"{key}_drop"]["value"] <= limit
            for key, limit in LARGEST_DROP.items()
            if f"{key}_drop" in found
        },
    }


def quality(card: ModelCard, xrays: list[Xray], scores: SplitScores) -> float:
    """The figure that decides between candidates, higher is better.

    Mean Dice on fractured pictures, or minus the gate's Brier score, calibrated as in float32: its
    AUROC would not see that all probabilities drift away from calibration and thresholds.
    """
    fractured, once = _fractured(xrays), np.ones((1, len(xrays)))
    if card.name == GATE:
        probability = calibrated(scores.values, card.calibration_at("float32"))
        return -float(brier_score(fractured, probability)(once)[0])
    dice = _dice(card, "float32", xrays, scores)
    return float(ratio(dice * fractured, fractured)(once)[0])


def _gate_section(card, xrays, exact, rounded, weights) -> dict:
    fractured, everyone = _fractured(xrays), np.ones(len(xrays))
    verdicts = [_verdicts(card, *side) for side in zip(FILES, (exact, rounded), strict=True)]
    right = [(given == Verdict.FRACTURE) == fractured for given in verdicts]
    areas = (area_under_roc(fractured, scores.values) for scores in (exact, rounded))
    return {
        "verdict_flips": int((verdicts[0] != verdicts[1]).sum()),
        **_paired("auroc", *areas, weights),
        **_paired("accuracy", *(ratio(r, everyone) for r in right), weights),
    }


def _mask_section(card, xrays, exact, rounded, weights) -> dict:
    fractured = _fractured(xrays)
    sides = dict(zip(FILES, (exact, rounded), strict=True))
    dice = [
        _dice(card, precision, xrays, scores) * fractured for precision, scores in sides.items()
    ]
    masks = [scores.values >= _mask(card, precision) for precision, scores in sides.items()]
    between = _dice_between(*masks)
    return {
        "mask_dice_between": float(np.nanmean(between)),
        "pictures_painted_by_either": int(np.isfinite(between).sum()),
        **_paired("dice", *(ratio(d, fractured) for d in dice), weights, int(fractured.sum())),
    }


def _paired(key: str, first, second, weights, n: int | None = None) -> dict:
    """Both figures and their drop, on the same draws."""
    n = weights.shape[1] if n is None else n
    drop = estimate(lambda drawn: first(drawn) - second(drawn), weights, n)
    return {
        f"{key}_float32": estimate(first, weights, n).value,
        f"{key}_int8": estimate(second, weights, n).value,
        f"{key}_drop": asdict(drop),
    }


def _dice(card: ModelCard, precision: str, xrays: list[Xray], scores: SplitScores) -> np.ndarray:
    """Dice at the pictures' own resolution, float (N,); 0 where there is no lesion."""
    share = card.thresholds_at(precision).get("min_lesion_share", 0.0)
    mask = _mask(card, precision)
    return np.array(
        [
            measure_picture(xray, tuple(size), values, mask, share).own.dice
            if xray.fractured
            else 0.0
            for xray, size, values in zip(xrays, scores.sizes, scores.values, strict=True)
        ]
    )


def _mask(card: ModelCard, precision: str) -> float:
    return card.thresholds_at(precision)["mask"]


def _dice_between(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Dice of two stacks of masks (N, H, W), one value each; NaN where both are empty."""
    painted = first.sum(axis=(1, 2)) + second.sum(axis=(1, 2))
    shared = (first & second).sum(axis=(1, 2))
    return np.divide(2 * shared, painted, out=np.full(len(first), np.nan), where=painted > 0)


def _verdicts(card: ModelCard, precision: str, scores: SplitScores) -> np.ndarray:
    """The gate's verdicts as the user gets them in one precision, str (N,)."""
    probability = calibrated(scores.values, card.calibration_at(precision))
    return judge_all(probability, thresholds_of({card.name: card}, precision))


def _fractured(xrays: list[Xray]) -> np.ndarray:
    return np.array([xray.fractured for xray in xrays])
