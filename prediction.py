"""From an X-ray to a verdict: gate, then segmenters, then lesions; the public Python API."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from fracturelens.findings.numbering import number_lesions
from fracturelens.findings.regions import Region, find_regions
from fracturelens.findings.restore import restore_above
from fracturelens.networks.card import CardError, read_card
from fracturelens.networks.tiling import Look, NetworkFunction, network_inputs, run_network
from fracturelens.results import FracturePrediction, Scores, Segmentation, Verdict
from fracturelens.xray.letterbox import RGB
from important_variables import FRACTURE_CHANNEL, GATE, SAVED_MODELS, SEGMENTERS, Thresholds


def predict_fracture(
    image: RGB,
    *,
    gate: NetworkFunction,
    segmenters: Mapping[str, NetworkFunction],
    thresholds: Thresholds,
    always_segment: bool = False,
) -> FracturePrediction:
    """Verdict and lesions of one X-ray.

    Args:
        image: uint8 (H, W, 3); not altered.
        gate: the gate's predictor.
        segmenters: predictors by network name; {} for the verdict alone.
        thresholds: operating points.
        always_segment: run the segmenters and paint whatever the verdict.

    Raises:
        ValueError: the image is not uint8 (H, W, 3).
    """
    scores = score_xray(
        image,
        gate=gate,
        segmenters=segmenters,
        thresholds=thresholds,
        always_segment=always_segment,
    )
    return judge_scores(scores, thresholds, always_segment)


def score_xray(
    image: RGB,
    *,
    gate: NetworkFunction,
    segmenters: Mapping[str, NetworkFunction],
    thresholds: Thresholds,
    always_segment: bool = False,
    look: Look = Look.USUAL,
) -> Scores:
    """Runs the networks; arguments as for `predict_fracture`, `look` as for `run_network`."""
    inputs = network_inputs(image)
    score = calibrated(run_network(gate, inputs, look)[0], thresholds)
    height, width = image.shape[:2]
    if score < thresholds.doubtful and not always_segment:
        return Scores(height, width, score)
    maps = {
        name: run_network(network, inputs, look)[..., FRACTURE_CHANNEL]
        for name, network in segmenters.items()
    }
    return Scores(height, width, score, maps)


def judge_scores(
    scores: Scores, thresholds: Thresholds, always_paint: bool = False
) -> FracturePrediction:
    """Applies thresholds to scores; no inference, so that a slider may call it at each move."""
    cut = {name: _cut(name, scores, thresholds) for name in scores.probabilities}
    regions = {name: found for name, (found, _) in cut.items()}
    lesions = number_lesions(regions, scores.height * scores.width)
    segmentations = {
        name: Segmentation(name, scores.probabilities[name], mask, lesions[name])
        for name, (_, mask) in cut.items()
    }
    verdict = judge_gate(scores.gate, thresholds)
    painted = always_paint or verdict is Verdict.FRACTURE
    return FracturePrediction(scores.gate, verdict, thresholds, segmentations, painted)


def judge_gate(probability: float, thresholds: Thresholds) -> Verdict:
    """The verdict for a gate probability in [0, 1]."""
    if probability >= thresholds.fracture:
        return Verdict.FRACTURE
    return Verdict.DOUBTFUL if probability >= thresholds.doubtful else Verdict.NONE_SEEN


def calibrated(raw: np.ndarray, thresholds: Thresholds) -> float:
    """Platt-scaled probability of one raw gate output: sigmoid(slope * logit + intercept)."""
    clipped = np.clip(float(np.ravel(raw)[0]), 1e-7, 1 - 1e-7)
    logit = np.log(clipped / (1 - clipped))
    return float(1 / (1 + np.exp(-(thresholds.slope * logit + thresholds.intercept))))


def load_thresholds(folder: Path = SAVED_MODELS, precision: str = "float32") -> Thresholds:
    """Operating points of one precision from the cards; where a card is missing, 0.5."""
    gate = _card_thresholds(GATE, folder, precision)
    masks = {name: _card_thresholds(name, folder, precision) for name in SEGMENTERS}
    calibration = gate.get("calibration", {})
    return Thresholds(
        doubtful=gate.get("doubtful", 0.5),
        fracture=gate.get("fracture", 0.5),
        mask={name: entry.get("mask", 0.5) for name, entry in masks.items()},
        min_lesion_share=max(
            [entry.get("min_lesion_share", 0.0) for entry in masks.values()], default=0.0
        ),
        slope=calibration.get("slope", 1.0),
        intercept=calibration.get("intercept", 0.0),
    )


def _cut(name: str, scores: Scores, thresholds: Thresholds) -> tuple[list[Region], np.ndarray]:
    """Regions of one segmenter and its bool (H, W) mask.

    The picture's size is restored before the cut: resizing a mask would gnaw at small lesions.
    """
    threshold, size = thresholds.mask[name], (scores.height, scores.width)
    window, part = restore_above(scores.probabilities[name], *size, threshold)
    corner = window[1].start, window[0].start
    mask = np.zeros(size, bool)
    smallest = thresholds.min_lesion_share * mask.size
    regions, mask[window] = find_regions(part >= threshold, part, smallest, corner)
    return regions, mask


def _card_thresholds(name: str, folder: Path, precision: str) -> dict:
    """The thresholds of one card; {} where the card cannot be read (load_model will complain)."""
    try:
        return read_card(name, folder).thresholds_at(precision)
    except CardError:
        return {}
