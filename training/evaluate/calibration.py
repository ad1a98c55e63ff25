"""Chooses thresholds on the validation split, and on no other, and writes them into cards."""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from create_segmentation_model import load_model
from fracturelens.findings.restore import restore_probability
from fracturelens.measured.annotations import lesion_masks
from fracturelens.networks.calibration import calibrated, logit
from fracturelens.networks.card import FILES, ModelCard, write_card
from fracturelens.networks.inference import Calibration
from fracturelens.results import Thresholds
from important_variables import GATE, NETWORKS, OVERLAP_LIMIT
from training.data.dataset import FracAtlasError, Xray, lesion_mask, read_fracatlas, usable
from training.evaluate.lesion_metrics import found_scores
from training.evaluate.picture_results import LEVELS, overlap_of, ranked_regions
from training.evaluate.scores import SplitScores, score_split
from training.options import add_data_option, add_models_option

CHOSEN_ON = "val"
SENSITIVITY = 0.90
"""Of the doubtful threshold. The last five of a hundred fractures would cost twice as many doubtful
verdicts and leave what the lowest verdict is worth as it is (docs/results.md, "Verdicts at other
thresholds")."""
SPECIFICITY = 0.97
"""Of the fracture threshold. From 0.95 to 0.97 one to four fractures of 104 are called doubtful
instead, and about half of the false alarms go; beyond, more fractures go than false alarms
(docs/experiments.md, "Thresholds")."""
MASK_THRESHOLDS = np.r_[np.arange(1, 50) / 50, 0.985, 0.99, 0.993, 0.996, 0.998, 0.999]
"""Close together at the top: a network trained with weighted lesion pixels is overconfident."""
MIN_SHARES = (0.0005, 0.0002, 0.0001, 0.00005, 0.0)
TOLERATED_LOSS = 0.005
"""A mask threshold, and then a speck limit, may cost at most this much mean Dice; the limit also at
most this share of the lesions found."""


class WrongSplitError(ValueError):
    """Somebody asked to choose a threshold on pictures that are there to measure with."""


class UncalibratedError(RuntimeError):
    """A card holds no chosen thresholds yet; the text names the command that chooses them."""


TOLD_ERRORS = (FracAtlasError, WrongSplitError)


@dataclass(frozen=True)
class Chosen:
    """What was chosen for one file of a network.

    Attributes:
        thresholds: as `Inference.thresholds` has them for one precision.
        calibration: of a gate.
    """

    thresholds: Mapping[str, object]
    calibration: Calibration | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens calibrate`."""
    add_data_option(parser)
    parser.add_argument(
        "--names",
        nargs="+",
        choices=NETWORKS,
        default=NETWORKS,
        help="networks to choose for (default: all)",
    )
    parser.add_argument("--split", default=CHOSEN_ON, help="only val is accepted")
    add_models_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Chooses thresholds and writes them into the cards."""
    check_split(arguments.split)
    xrays = usable(read_fracatlas(arguments.data), arguments.split)
    predictors = {name: load_model(name, "float32", arguments.models) for name in arguments.names}
    scores = {name: score_split(p, xrays, arguments.split) for name, p in predictors.items()}
    for name, chosen in choose_thresholds(xrays, scores, arguments.split).items():
        card = with_chosen(predictors[name].card, "float32", chosen)
        if FILES["int8"] in card.files:
            own = _of_int8_gate(arguments, xrays) if name == GATE else chosen
            card = with_chosen(card, "int8", own)
        write_card(card, arguments.models)
        sys.stdout.write(f"{name}: {_told(chosen)}\n")
    return 0


def _of_int8_gate(arguments: argparse.Namespace, xrays: list[Xray]) -> Chosen:
    """What the INT8 gate's own outputs choose: its rounding shifts them."""
    scores = score_split(load_model(GATE, "int8", arguments.models), xrays, arguments.split)
    return choose_thresholds(xrays, {GATE: scores}, arguments.split)[GATE]


def with_chosen(card: ModelCard, precision: str, chosen: Chosen) -> ModelCard:
    """The card with the choices for one precision; those for the other stay."""
    inference = card.inference
    thresholds = {**inference.thresholds, precision: chosen.thresholds}
    calibration = dict(inference.calibration)
    if chosen.calibration is not None:
        calibration[precision] = chosen.calibration
    inference = replace(inference, thresholds=thresholds, calibration=calibration)
    return replace(card, inference=inference)


def require_chosen(card: ModelCard, precision: str) -> None:
    """Raises UncalibratedError where the card's thresholds were not chosen on any pictures."""
    wanted = ("doubtful", "fracture") if card.name == GATE else ("mask", "min_lesion_share")
    if not {*wanted, "images"} <= card.thresholds_at(precision).keys():
        raise UncalibratedError(
            f"The card of {card.name!r} lacks chosen thresholds ({', '.join(wanted)}). Choose them "
            "with `fracturelens calibrate --data DIR`."
        )


def check_split(split: str) -> None:
    """Raises WrongSplitError unless `split` is the one that choices are made on."""
    if split != CHOSEN_ON:
        raise WrongSplitError(
            f"Thresholds are chosen on {CHOSEN_ON!r} only, received {split!r}: a figure on "
            "pictures that also chose the threshold is no evidence. Use `--split val` here and "
            "`fracturelens evaluate --split test` to measure."
        )


def choose_thresholds(
    xrays: list[Xray], scores: Mapping[str, SplitScores], split: str
) -> dict[str, Chosen]:
    """Thresholds of the gate, the segmenters, or some of them.

    Args:
        xrays: usable pictures of the validation split.
        scores: raw outputs by network.
        split: must be "val".

    Returns:
        By network. Gate: "doubtful" and "fracture" on the calibrated probability, and the
        calibration; segmenter: "mask", "min_lesion_share".

    Raises:
        WrongSplitError: `split` is not "val".
    """
    check_split(split)
    origin = {"chosen_on": split, "images": len(xrays)}
    segmenters = {name: entry for name, entry in scores.items() if name != GATE}
    masks = {name: choose_mask_threshold(xrays, entry) for name, entry in segmenters.items()}
    share = choose_min_share(xrays, segmenters, masks) if masks else 0.0
    chosen = {
        name: Chosen({"mask": mask, "min_lesion_share": share, **origin})
        for name, mask in masks.items()
    }
    if GATE in scores:
        raw = scores[GATE].values
        fractured = np.array([xray.fractured for xray in xrays])
        calibration = fit_platt(raw, fractured)
        points = choose_gate_thresholds(calibrated(raw, calibration), fractured)
        thresholds = {"doubtful": points.doubtful, "fracture": points.fracture, **origin}
        chosen[GATE] = Chosen(thresholds, calibration)
    return chosen


def fit_platt(raw: np.ndarray, fractured: np.ndarray) -> Calibration:
    """Maximum-likelihood slope and intercept on the logit, without regularization.

    Args:
        raw: float (N,) in [0, 1].
        fractured: bool (N,).
    """
    model = LogisticRegression(C=np.inf).fit(logit(raw)[:, None], fractured)
    return Calibration(float(model.coef_[0, 0]), float(model.intercept_[0]))


def choose_gate_thresholds(probability: np.ndarray, fractured: np.ndarray) -> Thresholds:
    """The gate's two thresholds.

    Doubtful: the highest with `SENSITIVITY`. Fracture: the lowest with `SPECIFICITY`.
    A gate so good that they cross gets them swapped, which keeps both promises: a lower threshold
    only raises sensitivity, a higher one specificity. Both are rounded to four places towards
    their promise.

    Args:
        probability: calibrated, float (N,).
        fractured: bool (N,).
    """
    ill, well = np.sort(probability[fractured]), np.sort(probability[~fractured])
    missed = int(np.floor((1 - SENSITIVITY) * len(ill) + 1e-9))
    cleared = int(np.ceil(SPECIFICITY * len(well) - 1e-9))
    doubtful = np.floor(ill[missed] * 1e4) / 1e4
    fracture = (np.floor(well[cleared - 1] * 1e4) + 1) / 1e4
    return Thresholds(float(min(doubtful, fracture)), float(max(doubtful, fracture)), {})


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
    xrays: list[Xray], segmenters: Mapping[str, SplitScores], masks: Mapping[str, float]
) -> float:
    """The largest speck limit that costs next to no Dice and no lesion, all networks together."""
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
    """Dice and lesions found with each of MIN_SHARES."""
    lesions = lesion_masks(xray.polygons, *probability.shape)
    truth = np.any(lesions, axis=0)
    outcomes = []
    for share in MIN_SHARES:
        regions, painted = ranked_regions(probability, lesions, threshold, share, levels=LEVELS[:1])
        found = np.isfinite(found_scores(regions, len(lesions), OVERLAP_LIMIT)).sum()
        outcomes.append((overlap_of(truth, painted).dice, int(found)))
    return outcomes


def _dice_by_threshold(probability: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Dice at each of MASK_THRESHOLDS, from two histograms."""
    level = np.searchsorted(MASK_THRESHOLDS, probability.ravel(), side="right")
    bins = len(MASK_THRESHOLDS) + 1
    painted = np.bincount(level, minlength=bins)[::-1].cumsum()[::-1][1:]
    shared = np.bincount(level[true.ravel()], minlength=bins)[::-1].cumsum()[::-1][1:]
    return 2 * shared / (painted + true.sum())


def _told(chosen: Chosen) -> str:
    """One line for people."""
    fitted = chosen.calibration
    words = f", calibration {fitted.slope:.4g}, {fitted.intercept:.4g}" if fitted else ""
    return ", ".join(f"{key} {value}" for key, value in chosen.thresholds.items()) + words
