"""The value objects: what the networks said of an X-ray and what was made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from fracturelens.screening.words import Refusal
from fracturelens.xray.cautions import Caution
from fracturelens.xray.radiograph import Radiograph

Box = tuple[int, int, int, int]
"""x, y, width, height in pixels."""


class Verdict(StrEnum):
    """What is made of the gate's probability; the values are keys of every file we write."""

    FRACTURE = "fracture"
    DOUBTFUL = "doubtful"
    NO_FRACTURE = "no_fracture"


@dataclass(frozen=True)
class Thresholds:
    """Where probabilities become answers; all in [0, 1].

    Attributes:
        doubtful: gate probability from which the verdict is "doubtful".
        fracture: gate probability from which it is "fracture".
        mask: for each segmenter, the pixel probability from which a pixel is marked.
        min_lesion_share: regions smaller than this fraction of the picture are dropped.
        site: name of the site that chose the gate's two on its own X-rays; "" for the cards'.
    """

    doubtful: float
    fracture: float
    mask: Mapping[str, float]
    min_lesion_share: float = 0.0001
    site: str = ""


@dataclass(frozen=True)
class Finding:
    """A region that a segmenter painted, as the user meets it.

    Attributes:
        number: of its place, shared by the findings of other networks that overlap it; from 1,
            places that several networks mark first, then by mean probability.
        box: in pixels of the original picture.
        area_pixels: pixels of the original picture.
        area_percent: share of the picture, in percent.
        mean: fracture probability inside, mean, in [0, 1].
        networks: names of all networks that mark its place.
    """

    number: int
    box: Box
    area_pixels: int
    area_percent: float
    mean: float
    networks: frozenset[str]


@dataclass(frozen=True)
class Place:
    """What carries one number.

    Attributes:
        number: of its findings.
        box: around them all, pixels of the original picture.
        networks: names of those that mark it.
    """

    number: int
    box: Box
    networks: frozenset[str]


@dataclass(frozen=True)
class Scores:
    """What the networks said, before any threshold.

    Attributes:
        height: of the original picture, pixels.
        width: likewise.
        gate: calibrated fracture probability in [0, 1].
        probabilities: for each segmenter that ran, float32 (S, S) fracture probability of the
            letterboxed picture. Empty where the gate stopped the picture.
        seconds: how long each network took that ran.
    """

    height: int
    width: int
    gate: float
    probabilities: Mapping[str, np.ndarray] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Segmentation:
    """One segmenter's result.

    Attributes:
        network: its name.
        probability: float32 (S, S), the fracture probability of the letterboxed picture.
        mask: bool (H, W), without regions that are too small.
        findings: its regions, numbered together with those of the other networks.
    """

    network: str
    probability: np.ndarray
    mask: np.ndarray
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class FracturePrediction:
    """What was made of the scores of one X-ray.

    Attributes:
        gate_probability: calibrated, in [0, 1].
        verdict: made of it and the thresholds.
        thresholds: that were used.
        segmentations: by network; empty where no segmenter ran.
        painted: False where the findings are hints, to be ringed and not painted: the verdict is
            not "fracture", and nobody asked for masks anyway. Next to none of the findings on
            doubtful X-rays is right (the cascade's evaluation counts them).
    """

    gate_probability: float
    verdict: Verdict
    thresholds: Thresholds
    segmentations: Mapping[str, Segmentation] = field(default_factory=dict)
    painted: bool = True


@dataclass(frozen=True, eq=False)
class Examination:
    """What became of one file: unreadable, refused or judged.

    Attributes:
        error: why it could not be read; "" where it could.
        refusal: why it does not look like an X-ray that the networks know; with a prediction, it
            was judged anyway.
        radiograph: what was read.
        scores: what the networks said; None where the file was not judged.
        prediction: what was made of it at the engine's thresholds.
        cautions: what is unusual about the file, to be told beside the verdict.
    """

    error: str = ""
    refusal: Refusal | None = None
    radiograph: Radiograph | None = None
    scores: Scores | None = None
    prediction: FracturePrediction | None = None
    cautions: tuple[Caution, ...] = ()
