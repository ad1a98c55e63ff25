"""Chooses operating points on the validation split, and on no other, and writes them into cards."""

import argparse
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from create_segmentation_model import load_model
from fracturelens.findings.restore import restore_probability
from fracturelens.networks.card import INT8, write_card
from important_variables import GATE, NETWORKS, SAVED_MODELS, fracatlas_folder
from training.data.dataset import FracAtlasError, Xray, lesion_mask, read_fracatlas, usable
from training.evaluate.lesion_metrics import found_scores
from training.evaluate.picture_results import LEVELS, find_regions, lesion_masks, overlap_of
from training.evaluate.scores import SplitScores, score_split

CHOSEN_ON = "val"
SENSITIVITY = 0.95
SPECIFICITY = 0.95
MASK_THRESHOLDS = np.r_[np.arange(1, 50) / 50, 0.985, 0.99, 0.993, 0.996, 0.998, 0.999]
"""Close together at the top: a network trained with weighted lesion pixels is overconfident."""
MIN_SHARES = (0.0005, 0.0002, 0.0001, 0.00005, 0.0)
TOLERATED_LOSS = 0.005
"""A mask threshold, and then a speck limit, may cost at most this much mean Dice; the limit also at
most this share of the lesions found."""


class WrongSplitError(ValueError):
    """Somebody asked to choose a threshold on pictures that are there to measure with."""


TOLD_ERRORS = (FracAtlasError, WrongSplitError)


@dataclass(frozen=True)
class Platt:
    """Calibration: probability = sigmoid(slope * logit(raw) + intercept)."""

    slope: float = 1.0
    intercept: float = 0.0

    def __call__(self, raw: np.ndarray) -> np.ndarray:
        """Calibrated probabilities, float64 in (0, 1), same shape."""
        return 1 / (1 + np.exp(-(self.slope * _logit(raw) + self.intercept)))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `command_line.py calibrate`."""
    parser.add_argument("--data", type=Path, default=fracatlas_folder(),
                        help="folder of FracAtlas (default: %(default)s)")  # fmt: skip
    parser.add_argument("--names", nargs="+", choices=NETWORKS, default=NETWORKS,
                        help="networks to choose for (default: all)")  # fmt: skip
    parser.add_argument("--split", default=CHOSEN_ON, help="only val is accepted")
    parser.add_argument("--models", type=Path, default=SAVED_MODELS,
                        help="folder of the networks (default: %(default)s)")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Chooses operating points and writes them into the cards."""
    check_split(arguments.split)
    xrays = usable(read_fracatlas(arguments.data), arguments.split)
    predictors = {name: load_model(name, "float32", arguments.models) for name in arguments.names}
    scores = {name: score_split(p, xrays, arguments.split) for name, p in predictors.items()}
    chosen = choose_operating_points(xrays, scores, arguments.split)
    for name, thresholds in chosen.items():
        card = predictors[name].card
        kept = {INT8: card.thresholds[INT8]} if INT8 in card.thresholds else {}  # `quantize`'s
        write_card(replace(card, thresholds=thresholds | kept), arguments.models)
        sys.stdout.write(f"{name}: {thresholds}\n")
    return 0


def check_split(split: str) -> None:
    """Raises WrongSplitError unless `split` is the one that choices are made on."""
    if split != CHOSEN_ON:
        raise WrongSplitError(
            f"Thresholds are chosen on {CHOSEN_ON!r} only, received {split!r}: a figure on "
            "pictures that also chose the threshold is no evidence. Use `--split val` here and "
            "`command_line.py evaluate --split test` to measure."
        )


def choose_operating_points(
    xrays: list[Xray], scores: dict[str, SplitScores], split: str
) -> dict[str, dict]:
    """Operating points of the gate, the segmenters, or some of them.

    Args:
        xrays: usable pictures of the validation split.
        scores: raw outputs by network.
        split: must be "val".

    Returns:
        Card thresholds by network. Gate: doubtful, fracture (on the calibrated probability),
        calibration; segmenter: mask, min_lesion_share.

    Raises:
        WrongSplitError: `split` is not "val".
    """
    check_split(split)
    origin = {"chosen_on": split, "images": len(xrays)}
    segmenters = {name: entry for name, entry in scores.items() if name != GATE}
    masks = {name: choose_mask_threshold(xrays, entry) for name, entry in segmenters.items()}
    share = choose_min_share(xrays, segmenters, masks) if masks else 0.0
    chosen = {name: {"mask": t, "min_lesion_share": share, **origin} for name, t in masks.items()}
    if GATE in scores:
        raw = scores[GATE].values
        fractured = np.array([xray.fractured for xray in xrays])
        platt = fit_platt(raw, fractured)
        doubtful, fracture = choose_gate_points(platt(raw), fractured)
        points = {"doubtful": doubtful, "fracture": fracture, "calibration": asdict(platt)}
        chosen[GATE] = points | origin
    return chosen


def fit_platt(raw: np.ndarray, fractured: np.ndarray) -> Platt:
    """Maximum-likelihood slope and intercept on the logit, without regularisation.

    Args:
        raw: float (N,) in [0, 1].
        fractured: bool (N,).
    """
    model = LogisticRegression(C=np.inf).fit(_logit(raw)[:, None], fractured)
    return Platt(float(model.coef_[0, 0]), float(model.intercept_[0]))


def choose_gate_points(probability: np.ndarray, fractured: np.ndarray) -> tuple[float, float]:
    """The doubtful and the fracture point.

    Doubtful: the highest threshold with sensitivity >= 0.95. Fracture: the lowest with
    specificity >= 0.95. A gate so good that they cross gets them swapped, which keeps both
    promises: a lower threshold only raises sensitivity, a higher one specificity. Both are
    rounded to four places towards their promise.
    """
    ill, well = np.sort(probability[fractured]), np.sort(probability[~fractured])
    missed = int(np.floor((1 - SENSITIVITY) * len(ill) + 1e-9))
    cleared = int(np.ceil(SPECIFICITY * len(well) - 1e-9))
    doubtful = np.floor(ill[missed] * 1e4) / 1e4
    fracture = (np.floor(well[cleared - 1] * 1e4) + 1) / 1e4
    return float(min(doubtful, fracture)), float(max(doubtful, fracture))


def choose_mask_threshold(xrays: list[Xray], scores: SplitScores) -> float:
    """The pixel threshold of `place_of_threshold` on fractured pictures."""
    return float(MASK_THRESHOLDS[place_of_threshold(dice_table(xrays, scores))])


def place_of_threshold(table: np.ndarray) -> int:
    """Index of the highest of MASK_THRESHOLDS that costs next to no mean Dice.

    Dice hardly changes over half of the thresholds; what is painted on healthy pictures does.

    Args:
        table: of `dice_table`.
    """
    dice = table.mean(axis=0)
    return int(np.flatnonzero(dice >= dice.max() - TOLERATED_LOSS)[-1])


def dice_table(xrays: list[Xray], scores: SplitScores) -> np.ndarray:
    """Dice at own resolution, float (annotated pictures, MASK_THRESHOLDS)."""
    rows = [
        _dice_by_threshold(restore_probability(probability, *size), lesion_mask(xray, *size) > 0)
        for xray, size, probability in zip(xrays, scores.sizes, scores.values, strict=True)
        if xray.polygons
    ]
    return np.array(rows)


def choose_min_share(
    xrays: list[Xray], segmenters: dict[str, SplitScores], masks: dict[str, float]
) -> float:
    """The largest speck limit that costs next to no Dice and no lesion, both networks together."""
    tables = [
        _outcomes(xray, restore_probability(probability, *size), masks[name])
        for name, scores in segmenters.items()
        for xray, size, probability in zip(xrays, scores.sizes, scores.values, strict=True)
        if xray.polygons
    ]
    dice, found = np.mean(tables, axis=0).T
    bearable = (dice >= dice[-1] - TOLERATED_LOSS) & (found >= found[-1] * (1 - TOLERATED_LOSS))
    return MIN_SHARES[int(np.argmax(bearable))]


def _outcomes(xray: Xray, probability: np.ndarray, threshold: float) -> list[tuple[float, int]]:
    """Dice and lesions found (IoU >= 0.1) with each of MIN_SHARES."""
    lesions = lesion_masks(xray, *probability.shape)
    truth = np.any(lesions, axis=0)
    outcomes = []
    for share in MIN_SHARES:
        regions, painted = find_regions(probability, lesions, threshold, share, levels=LEVELS[:1])
        found = np.isfinite(found_scores(regions, len(lesions), 0.1)).sum()
        outcomes.append((overlap_of(truth, painted).dice, int(found)))
    return outcomes


def _dice_by_threshold(probability: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Dice at each of MASK_THRESHOLDS, from two histograms."""
    level = np.searchsorted(MASK_THRESHOLDS, probability.ravel(), side="right")
    bins = len(MASK_THRESHOLDS) + 1
    painted = np.bincount(level, minlength=bins)[::-1].cumsum()[::-1][1:]
    shared = np.bincount(level[true.ravel()], minlength=bins)[::-1].cumsum()[::-1][1:]
    return 2 * shared / (painted + true.sum())


def _logit(probability: np.ndarray) -> np.ndarray:
    safe = np.clip(np.asarray(probability, np.float64), 1e-7, 1 - 1e-7)
    return np.log(safe) - np.log1p(-safe)
