"""The value objects: what the networks said of an X-ray and what was made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from important_variables import TITLES, Thresholds

BOTH_NETWORKS = "Both networks"

Box = tuple[int, int, int, int]
"""x, y, width, height in pixels."""


class Verdict(StrEnum):
    """What the gate says of a picture."""

    FRACTURE = "fracture"
    DOUBTFUL = "doubtful"
    NONE_SEEN = "no fracture seen"


@dataclass(frozen=True)
class Lesion:
    """A region as the user meets it.

    Attributes:
        number: of its place, shared by the regions of other networks that overlap it; from 1,
            places that several networks mark first, then by mean probability.
        box: x, y, width, height in pixels of the original picture.
        area_pixels: pixels of the original picture.
        area_percent: share of the picture, in percent.
        mean: fracture probability inside, mean, in [0, 1].
        agreed: another network marks the place too; None where no other network ran.
    """

    number: int
    box: Box
    area_pixels: int
    area_percent: float
    mean: float
    agreed: bool | None


@dataclass(frozen=True)
class Place:
    """What carries one number.

    Attributes:
        number: of its lesions.
        box: around them all, pixels of the original picture.
        networks: that mark it.
    """

    number: int
    box: Box
    networks: tuple[str, ...]


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
        lesions: its regions, numbered together with those of the other networks.
    """

    network: str
    probability: np.ndarray
    mask: np.ndarray
    lesions: tuple[Lesion, ...]


@dataclass(frozen=True)
class FracturePrediction:
    """The whole result for one X-ray.

    Attributes:
        gate_probability: calibrated, in [0, 1].
        verdict: made of it and the thresholds.
        thresholds: operating points that were used.
        segmentations: by network; empty when no segmenter ran.
        painted: False where the regions are hints, to be ringed and not painted: the verdict is
            not "fracture", and nobody asked for masks all the same. Of regions on doubtful X-rays
            next to none is right (`agreement_doubtful` in the cascade's evaluation).
    """

    gate_probability: float
    verdict: Verdict
    thresholds: Thresholds
    segmentations: Mapping[str, Segmentation] = field(default_factory=dict)
    painted: bool = True


def marked_by(network: str, lesion: Lesion) -> str:
    """Which networks mark the place of a network's lesion, in words."""
    if lesion.agreed is None:
        return f"{TITLES[network]}, no other ran"
    return BOTH_NETWORKS if lesion.agreed else f"{TITLES[network]} only"
