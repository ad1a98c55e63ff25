"""From an X-ray to a verdict: gate, then segmenters, then lesions; the public Python API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np

from create_segmentation_model import Predictor
from important_variables import (
    DISCLAIMER,
    FRACTURE_CHANNEL,
    GATE,
    SAVED_MODELS,
    SEGMENTERS,
    Thresholds,
)
from lesions import Lesion, find_regions
from model_card import CardError, read_card
from xray_image import RGB, prepare_xray, restore_probability

NetworkFunction = Predictor | Callable[[np.ndarray], np.ndarray]


class Verdict(StrEnum):
    """What the gate says of a picture."""

    FRACTURE = "fracture"
    DOUBTFUL = "doubtful"
    NONE_SEEN = "no fracture seen"


@dataclass(frozen=True)
class Scores:
    """What the networks said, before any threshold.

    Attributes:
        height: of the original picture, pixels.
        width: likewise.
        gate: calibrated fracture probability in [0, 1].
        probabilities: for each segmenter that ran, float32 (S, S) fracture probability of the
            letterboxed picture. Empty when the gate stopped the picture.
    """

    height: int
    width: int
    gate: float
    probabilities: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Segmentation:
    """One segmenter's result.

    Attributes:
        network: its name.
        probability: float32 (S, S), the fracture probability of the letterboxed picture.
        mask: bool (H, W), without regions that are too small.
        lesions: its regions.
    """

    network: str
    probability: np.ndarray
    mask: np.ndarray
    lesions: tuple[Lesion, ...]


@dataclass(frozen=True)
class FracturePrediction:
    """The whole result for one X-ray; `segmentations` is empty when no segmenter ran."""

    gate_probability: float
    verdict: Verdict
    thresholds: Thresholds
    segmentations: Mapping[str, Segmentation] = field(default_factory=dict)


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
        always_segment: run the segmenters even where the gate sees no fracture.

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
    return judge_scores(scores, thresholds)


def score_xray(
    image: RGB,
    *,
    gate: NetworkFunction,
    segmenters: Mapping[str, NetworkFunction],
    thresholds: Thresholds,
    always_segment: bool = False,
    flips: bool = False,
) -> Scores:
    """Runs the networks; arguments as for `predict_fracture`.

    `flips` averages each network over the picture and its mirror image, at twice the time.
    """
    score = calibrated(run_network(gate, image, flips)[0], thresholds)
    height, width = image.shape[:2]
    if score < thresholds.doubtful and not always_segment:
        return Scores(height, width, score)
    maps = {
        name: run_network(network, image, flips)[..., FRACTURE_CHANNEL]
        for name, network in segmenters.items()
    }
    return Scores(height, width, score, maps)


def run_network(network: NetworkFunction, image: RGB, flips: bool) -> np.ndarray:
    """One network on one picture.

    Args:
        network: called with float32 (1, S, S, 3) in [0, 1].
        image: uint8 (H, W, 3), not altered.
        flips: average over the picture and its left-right mirror image.

    Returns:
        float32, (1,) for the gate and (S, S, 2) for a segmenter, in [0, 1].

    Raises:
        ValueError: the picture has another type or shape.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(
            f"Expected a uint8 picture (H, W, 3), received {image.dtype} {image.shape}. "
            "Read files with xray_image.decode_xray."
        )
    batch = prepare_xray(image, network.input_size)
    output = network(batch)[0]
    if not flips:
        return output
    mirrored = network(np.ascontiguousarray(batch[:, :, ::-1]))[0]
    return (output + (mirrored[:, ::-1] if mirrored.ndim == 3 else mirrored)) / 2


def judge_scores(scores: Scores, thresholds: Thresholds) -> FracturePrediction:
    """Applies thresholds to scores; no inference, so that a slider may call it at each move."""
    segmentations = {
        name: _segment(name, probability, scores, thresholds)
        for name, probability in scores.probabilities.items()
    }
    return FracturePrediction(
        scores.gate, judge_gate(scores.gate, thresholds), thresholds, segmentations
    )


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


def load_thresholds(folder: Path = SAVED_MODELS) -> Thresholds:
    """Operating points from the cards; where a card is missing, 0.5."""
    gate = _card_thresholds(GATE, folder)
    masks = {name: _card_thresholds(name, folder) for name in SEGMENTERS}
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


def prediction_record(name: str, prediction: FracturePrediction) -> dict:
    """One result ready for JSON: verdict, thresholds, lesions of each network, disclaimer."""
    thresholds = prediction.thresholds
    return {
        "file": name,
        "verdict": str(prediction.verdict),
        "gate_probability": round(prediction.gate_probability, 6),
        "thresholds": {
            "doubtful": thresholds.doubtful,
            "fracture": thresholds.fracture,
            "mask": dict(thresholds.mask),
        },
        "lesions": [
            {
                "network": segmentation.network,
                "number": lesion.number,
                "box": list(lesion.box),
                "area_pixels": lesion.area_pixels,
                "area_percent": round(lesion.area_percent, 4),
                "peak": round(lesion.peak, 6),
            }
            for segmentation in prediction.segmentations.values()
            for lesion in segmentation.lesions
        ],
        "segmenters_run": list(prediction.segmentations),
        "notice": DISCLAIMER,
    }


def _segment(
    name: str, probability: np.ndarray, scores: Scores, thresholds: Thresholds
) -> Segmentation:
    """Restores the picture's size, then cuts: resizing a mask would gnaw at small lesions."""
    full = restore_probability(probability, scores.height, scores.width)
    mask = full >= thresholds.mask[name]
    lesions, kept = find_regions(mask, full, thresholds.min_lesion_share)
    return Segmentation(name, probability, kept, lesions)


def _card_thresholds(name: str, folder: Path) -> dict:
    """The thresholds of one card; {} where the card cannot be read (load_model will complain)."""
    try:
        return read_card(name, folder).thresholds
    except CardError:
        return {}
