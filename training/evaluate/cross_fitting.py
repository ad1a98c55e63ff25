"""What the chosen thresholds cost: figures where each picture's thresholds came from others."""

import numpy as np

from fracturelens.measured.bootstrap import estimate, ratio
from fracturelens.measured.classifier import brier_score, calibration_error, call_estimates
from fracturelens.measured.layout import CrossFitted
from fracturelens.networks.calibration import calibrated
from fracturelens.results import Verdict
from training.evaluate.calibration import (
    MASK_THRESHOLDS,
    choose_gate_thresholds,
    fit_platt,
    place_of_threshold,
)
from training.evaluate.gate_report import judge_all

FOLDS = 5


def cross_fitted_gate(
    raw: np.ndarray, fractured: np.ndarray, groups: np.ndarray, weights: np.ndarray
) -> CrossFitted:
    """Rates at both thresholds, Brier score and calibration error, cross-fitted.

    Args:
        raw: the gate's output, float (N,) in [0, 1].
        fractured: bool (N,).
        groups: int (N,).
        weights: float (B, N).
    """
    probability, n = np.zeros(len(raw)), len(raw)
    verdicts = np.full(n, str(Verdict.NO_FRACTURE))
    for held in _folds(groups):
        calibration = fit_platt(raw[~held], fractured[~held])
        thresholds = choose_gate_thresholds(calibrated(raw[~held], calibration), fractured[~held])
        probability[held] = calibrated(raw[held], calibration)
        verdicts[held] = judge_all(probability[held], thresholds)
    calls = {
        "doubtful": verdicts != Verdict.NO_FRACTURE,
        "fracture": verdicts == Verdict.FRACTURE,
    }
    metrics = {
        f"{rate}_{threshold}": call_estimates(fractured, called, weights)[rate]
        for threshold, called in calls.items()
        for rate in ("sensitivity", "specificity")
    }
    metrics["brier"] = estimate(brier_score(fractured, probability), weights, n)
    metrics["ece"] = estimate(calibration_error(fractured, probability), weights, n)
    return CrossFitted(FOLDS, metrics)


def cross_fitted_dice(table: np.ndarray, groups: np.ndarray, weights: np.ndarray) -> CrossFitted:
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
    return CrossFitted(FOLDS, {"dice_mean": mean}, thresholds)


def _folds(groups: np.ndarray) -> list[np.ndarray]:
    """Masks bool (N,) of the held-out pictures; whole groups, dealt out in turn."""
    place = np.unique(groups, return_inverse=True)[1] % FOLDS
    return [place == fold for fold in range(FOLDS)]
