"""The layout of evaluation files, shared by those who write and those who read them.

saved_model/<network or cascade>/evaluation_<split>[_int8][_whole|_flips].json holds one
`Evaluation`. Keys are data; words for them stand in words.py. Version 2: verdicts and groups of
networks are keys, and every picture's own result is kept, so that others can analyse anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from fracturelens.measured.conditions import BootstrapRecord, Data, ModeCost, UsedThresholds
from fracturelens.networks.tiling import Mode

LAYOUT = 2
DECIMALS = 6
"""Places to which reals are rounded in the files."""


@dataclass(frozen=True)
class Estimate:
    """A figure.

    Attributes:
        value: None where it is undefined.
        low: lower end of its 95 % bootstrap interval; None where there is none.
        high: upper end.
        n: cases behind it: pictures, lesions or findings.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0


Metrics = dict[str, Estimate]
"""Figures by key; words.LABELS has the words for every key."""


@dataclass(frozen=True)
class OperatingPoint:
    """A threshold of the gate, calls from it on, and their rates.

    Attributes:
        threshold: on the calibrated probability.
        tp: fractured, called so.
        fp: not fractured, called so.
        fn: fractured, not called so.
        tn: not fractured, not called so.
        metrics: sensitivity, specificity, ppv, npv, accuracy.
    """

    threshold: float
    tp: int
    fp: int
    fn: int
    tn: int
    metrics: Metrics


@dataclass(frozen=True)
class Tier:
    """Pictures with one verdict, and how many of them are fractured."""

    images: int
    fractured: int


@dataclass(frozen=True)
class Subgroup:
    """Figures of some pictures: `by` names what they share (key), `value` what of it (key)."""

    by: str
    value: str
    n: int
    fractured: int
    metrics: Metrics


@dataclass(frozen=True)
class Baseline:
    """A trivial answer, by its key, measured with the same code."""

    key: str
    metrics: Metrics


@dataclass(frozen=True)
class CrossFitted:
    """Figures for which each picture's thresholds came from other folds.

    Attributes:
        folds: their number.
        metrics: estimates.
        thresholds: of the folds; empty for the gate.
    """

    folds: int
    metrics: Metrics
    thresholds: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class RegionCount:
    """Findings whose places the same networks mark.

    Attributes:
        networks: their names, sorted.
        regions: findings, one for each network that marks the place.
        true: those that find a lesion.
        precision: their share.
    """

    networks: list[str]
    regions: int
    true: int
    precision: Estimate


@dataclass(frozen=True)
class WorstCase:
    """One of the worst pictures; a field that its kind lacks is None.

    Attributes:
        image_id: file name in FracAtlas.
        probability: of the gate.
        verdict: of the gate, a key.
        dice: of a fractured picture.
        found: lesions that a painted region finds.
        lesions: annotated.
        score: of the highest painted region on a picture without a fracture.
        regions: painted there.
        painted_share: of the picture.
    """

    image_id: str
    probability: float | None = None
    verdict: str | None = None
    dice: float | None = None
    found: int | None = None
    lesions: int | None = None
    score: float | None = None
    regions: int | None = None
    painted_share: float | None = None


@dataclass(frozen=True)
class Worst:
    """Worst first, at most 40 each.

    Attributes:
        false_negatives: lowest-scored fractures, or those of the lowest Dice.
        false_positives: highest-scored pictures without one.
    """

    false_negatives: list[WorstCase] = field(default_factory=list)
    false_positives: list[WorstCase] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """What is measured of a gate or of a segmenter, alone or behind the gate.

    Attributes:
        metrics: estimates by key.
        curves: columns of equal length by curve: "roc", "precision_recall", "reliability",
            "reliability_raw", "froc_10", "froc_30", "froc_50", "dice_by_threshold".
        subgroups: the main figures of each.
        baselines: trivial answers.
        worst: cases.
        pictures: each picture's own result, columns of equal length: "image_id", "fractured",
            "group" and, for a gate, "probability", "raw" and "verdict"; for a segmenter, "dice"
            and "iou" (None where annotation and mask are both empty), "lesions", "found",
            "regions", "true_regions" and "painted_share".
    """

    metrics: Metrics
    curves: dict[str, dict[str, list[float | None]]] = field(default_factory=dict)
    subgroups: list[Subgroup] = field(default_factory=list)
    baselines: list[Baseline] = field(default_factory=list)
    worst: Worst = Worst()
    pictures: dict[str, list] = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluation:
    """One evaluation file.

    Attributes:
        name: a network or "cascade".
        split: "val" or "test".
        precision: "float32" or "int8".
        mode: how the networks were asked.
        models: SHA-256 of each file that was measured, by network.
        data: counts.
        thresholds: that were used.
        bootstrap: how intervals were drawn.
        chosen_here: whether calibration and thresholds were chosen on these very pictures.
        part: of the network; of the cascade, "segmented_share", "painted_share", "sensitivity"
            and "specificity" (doubtful or fracture, as against no fracture).
        mode_cost: only where the mode is not the usual one.
        operating_points: of a gate, by "doubtful", "fracture" and "half".
        tiers: of a gate, by verdict.
        cross_fitted: val only.
        steadiness: of a gate where it was asked for, by harmless change of the file:
            "verdicts_changed", their share, and "probability_moved", the 95th percentile of the
            distance to the probability before.
        behind_gate: of the cascade, each segmenter with an empty mask wherever the verdict is not
            "fracture"; a region's score is its mean times the gate's probability, and the FROC
            curve goes on over doubtful pictures, whose findings are hints.
        agreement: of the cascade: findings by who marks their place, by verdict ("fracture",
            "doubtful").
        layout: version.
    """

    name: str
    split: str
    precision: str
    mode: str
    models: dict[str, str]
    data: Data
    thresholds: UsedThresholds
    bootstrap: BootstrapRecord
    chosen_here: bool
    part: Part
    mode_cost: ModeCost | None = None
    operating_points: dict[str, OperatingPoint] = field(default_factory=dict)
    tiers: dict[str, Tier] = field(default_factory=dict)
    cross_fitted: CrossFitted | None = None
    steadiness: dict[str, Metrics] = field(default_factory=dict)
    behind_gate: dict[str, Part] = field(default_factory=dict)
    agreement: dict[str, list[RegionCount]] = field(default_factory=dict)
    layout: int = LAYOUT

    @property
    def parts(self) -> Mapping[str, Part]:
        """What is measured of each network: the one, or the segmenters behind the gate."""
        return self.behind_gate or {self.name: self.part}


def evaluation_path(
    name: str, split: str, folder: Path, precision: str = "float32", mode: Mode = Mode.USUAL
) -> Path:
    """Where an evaluation lies.

    Args:
        name: a network or "cascade".
        split: "val" or "test".
        folder: where the networks lie.
        precision: "float32" or "int8".
        mode: how the networks were asked.
    """
    ending = ("_int8" if precision == "int8" else "") + ("" if mode is Mode.USUAL else f"_{mode}")
    return Path(folder) / name / f"evaluation_{split}{ending}.json"


def write_evaluation(evaluation: Evaluation, folder: Path) -> Path:
    """Writes an evaluation, reals rounded to `DECIMALS` places; returns its path."""
    mode = Mode(evaluation.mode)
    what = (evaluation.name, evaluation.split, folder, evaluation.precision, mode)
    path = evaluation_path(*what)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = msgspec.json.encode(rounded(msgspec.to_builtins(evaluation)))
    path.write_bytes(msgspec.json.format(content, indent=1) + b"\n")
    return path


def read_evaluation(
    name: str, split: str, folder: Path, precision: str = "float32", mode: Mode = Mode.USUAL
) -> Evaluation | None:
    """An evaluation; None where it is absent, unreadable or of another layout.

    Args: as of `evaluation_path`.
    """
    try:
        content = evaluation_path(name, split, folder, precision, mode).read_bytes()
        found = msgspec.json.decode(content, type=Evaluation)
    except (OSError, msgspec.MsgspecError):
        return None
    return found if found.layout == LAYOUT else None


def rounded(node: Any) -> Any:
    """The same tree with reals of at most `DECIMALS` places."""
    if isinstance(node, dict):
        return {key: rounded(value) for key, value in node.items()}
    if isinstance(node, list):
        return [rounded(value) for value in node]
    return round(node, DECIMALS) if isinstance(node, float) else node
