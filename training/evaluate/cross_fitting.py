"""What the chosen thresholds cost: figures where each picture's thresholds came from others."""

import numpy as np

from training.evaluate.bootstrap import estimate, ratio
from training.evaluate.calibration import (
    MASK_THRESHOLDS,
    choose_gate_points,
    fit_platt,
    place_of_threshold,
)
from training.evaluate.gate_metrics import brier_score, calibration_error, call_estimates

FOLDS = 5
NOTE = (
    f"{FOLDS}-fold cross-fitting over groups: calibration and thresholds come from the other "
    "folds of val, so that no picture judges a threshold that it helped to choose."
)


def cross_fitted_gate(
    raw: np.ndarray, fractured: np.ndarray, groups: np.ndarray, weights: np.ndarray
) -> dict:
    """Rates at both points, Brier score and calibration error, cross-fitted.

    Args:
        raw: the gate's output, float (N,) in [0, 1].
        fractured: bool (N,).
        groups: int (N,).
        weights: float (B, N).
    """
    probability = np.zeros(len(raw))
    suspected, called = np.zeros(len(raw), bool), np.zeros(len(raw), bool)
    for held in _folds(groups):
        platt = fit_platt(raw[~held], fractured[~held])
        doubtful, fracture = choose_gate_points(platt(raw[~held]), fractured[~held])
        probability[held] = platt(raw[held])
        suspected[held] = probability[held] >= doubtful
        called[held] = probability[held] >= fracture
    metrics = {
        f"{rate}_{point}": call_estimates(fractured, calls, weights)[rate]
        for point, calls in (("doubtful", suspected), ("fracture", called))
        for rate in ("sensitivity", "specificity")
    }
    n = len(raw)
    metrics["brier"] = estimate(brier_score(fractured, probability), weights, n)
    metrics["ece"] = estimate(calibration_error(fractured, probability), weights, n)
    return {"folds": FOLDS, "note": NOTE, "metrics": metrics}


def cross_fitted_dice(table: np.ndarray, groups: np.ndarray, weights: np.ndarray) -> dict:
    """Mean Dice on annotated pictures with the mask threshold from the other folds.

    Args:
        table: calibration.dice_table, float (K, thresholds), annotated pictures only.
        groups: int (K,).
        weights: float (B, K).
    """
    dice = np.zeros(len(table))
    thresholds = []
    for held in _folds(groups):
        best = place_of_threshold(table[~held])
        thresholds.append(float(MASK_THRESHOLDS[best]))
        dice[held] = table[held, best]
    mean = estimate(ratio(dice, np.ones(len(dice))), weights, len(dice))
    return {"folds": FOLDS, "note": NOTE, "thresholds": thresholds, "metrics": {"dice_mean": mean}}


def _folds(groups: np.ndarray) -> list[np.ndarray]:
    """Masks bool (N,) of the held-out pictures; whole groups, dealt out in turn."""
    place = np.unique(groups, return_inverse=True)[1] % FOLDS
    return [place == fold for fold in range(FOLDS)]
