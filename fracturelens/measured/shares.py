"""What the evaluation measured of verdicts and regions, at the points that it was made at."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fracturelens.measured.evaluation import CASCADE, SPLITS, read_evaluation
from fracturelens.results import BOTH_NETWORKS, Verdict
from important_variables import GATE, SEGMENTERS, TITLES, Thresholds

KINDS = {"agreed": BOTH_NETWORKS} | {f"lone_{name}": f"{TITLES[name]} only" for name in SEGMENTERS}
"""Kinds of regions in the cascade's evaluation, and who marked them in `marked_by`'s words."""

SECTIONS = {Verdict.FRACTURE: "agreement", Verdict.DOUBTFUL: "agreement_doubtful"}


@dataclass(frozen=True)
class RegionShare:
    """How many regions of a kind found a lesion.

    Attributes:
        value: share of them, 0 to 1.
        low: lower end of its 95 % interval.
        high: upper end.
        true: regions that did.
        regions: all of them.
        split: "test" or "val".
    """

    value: float
    low: float
    high: float
    true: int
    regions: int
    split: str


Shares = Mapping[str, RegionShare]
"""By who marked the regions, in the words of `marked_by`."""


@dataclass(frozen=True)
class GateEvaluation:
    """The gate's evaluation in one precision: the content of its file, and the split's name."""

    content: Mapping[str, object]
    split: str


def region_shares(points: Thresholds, precision: str, folder: Path) -> dict[Verdict, Shares]:
    """What share of regions found a lesion; {} for a verdict where nothing was measured.

    Painted regions and hints were counted apart, hence the verdicts.

    Args:
        points: that were used; nothing is known of others than the evaluation's.
        precision: "float32" or "int8".
        folder: where the networks lie.
    """
    shares: dict[Verdict, Shares] = {verdict: {} for verdict in Verdict}
    for split in SPLITS:
        content = read_evaluation(CASCADE, split, folder, precision) or {}
        if SECTIONS[Verdict.FRACTURE] in content and _same_points(content, points):
            sections = {verdict: content.get(key, {}) for verdict, key in SECTIONS.items()}
            return shares | {verdict: _shares(kinds, split) for verdict, kinds in sections.items()}
    return shares


def gate_evaluation(precision: str, folder: Path) -> GateEvaluation | None:
    """The gate's evaluation on the most telling split, None where there is none."""
    for split in SPLITS:
        content = read_evaluation(GATE, split, folder, precision)
        if content:
            return GateEvaluation(content, split)
    return None


def tier_words(verdict: Verdict, points: Thresholds, evaluation: GateEvaluation | None) -> str:
    """How many X-rays with this verdict were fractured, a sentence; "" where it is not known."""
    if evaluation is None or not _same_gate_points(evaluation.content, points):
        return ""
    tier = evaluation.content.get("tiers", {}).get(str(verdict))
    if not tier:
        return ""
    return (
        f"Of {tier['images']:,} {SPLITS[evaluation.split]} X-rays with this verdict, "
        f"{tier['fractured']:,} were fractured."
    )


def _shares(kinds: Mapping[str, Mapping], split: str) -> Shares:
    return {
        KINDS[kind]: RegionShare(
            *(counted["precision"][key] for key in ("value", "low", "high")),
            counted["true"],
            counted["regions"],
            split,
        )
        for kind, counted in kinds.items()
        if counted["regions"]
    }


def _same_gate_points(content: Mapping, points: Thresholds) -> bool:
    measured = content.get("thresholds", {})
    return (measured.get("doubtful"), measured.get("fracture")) == (
        points.doubtful,
        points.fracture,
    )


def _same_points(content: Mapping, points: Thresholds) -> bool:
    measured = content.get("thresholds", {})
    return _same_gate_points(content, points) and measured.get("mask") == points.mask
