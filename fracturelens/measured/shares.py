"""What the evaluation measured of verdicts and regions, at the thresholds that it was made at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fracturelens.measured.conditions import UsedThresholds
from fracturelens.measured.figures import most_telling
from fracturelens.measured.layout import Evaluation, RegionCount, Tier, read_evaluation
from fracturelens.measured.words import SPLITS
from fracturelens.results import Thresholds, Verdict
from important_variables import CASCADE, GATE


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


Shares = Mapping[frozenset[str], RegionShare]
"""By the names of the networks that mark the same place."""


def region_shares(thresholds: Thresholds, precision: str, folder: Path) -> dict[Verdict, Shares]:
    """What share of regions found a lesion; {} for a verdict where nothing was measured.

    Painted regions and hints were counted apart, hence the verdicts.

    Args:
        thresholds: that were used; nothing is known of others than the evaluation's.
        precision: "float32" or "int8".
        folder: where the networks lie.
    """
    for split in SPLITS:
        found = read_evaluation(CASCADE, split, folder, precision)
        if found and found.agreement and _same(found.thresholds, thresholds):
            return {
                verdict: _shares(found.agreement.get(verdict, ()), split) for verdict in Verdict
            }
    return {verdict: {} for verdict in Verdict}


def gate_evaluation(precision: str, folder: Path) -> Evaluation | None:
    """The gate's evaluation on the most telling split, None where there is none."""
    return most_telling(GATE, folder, precision)


def tier_words(verdict: Verdict, thresholds: Thresholds, evaluation: Evaluation | None) -> str:
    """What the verdict meant where it was measured, a sentence; "" where it is not known.

    Of "no fracture" that is the negative predictive value, and how many fractures it missed.
    """
    if evaluation is None or not _same_gate(evaluation.thresholds, thresholds):
        return ""
    tier = evaluation.tiers.get(verdict)
    if tier is None or not tier.images:
        return ""
    of = f"Of {tier.images:,} {SPLITS[evaluation.split]} X-rays with this verdict"
    if verdict is Verdict.NO_FRACTURE:
        return f"{of}, {tier.images - tier.fractured:,} had no fracture{_npv(tier, evaluation)}."
    share = tier.fractured / tier.images
    return f"{of}, {tier.fractured:,} were fractured ({share:.0%})."


def _npv(tier: Tier, evaluation: Evaluation) -> str:
    """The negative predictive value with its interval where that was measured, and the misses."""
    point = evaluation.operating_points.get("doubtful")
    npv = point.metrics.get("npv") if point else None
    between = ""
    if npv is not None and npv.low is not None and npv.high is not None:
        between = f", 95% interval {npv.low:.0%} to {npv.high:.0%}"
    share = 1 - tier.fractured / tier.images
    return f" (NPV {share:.0%}{between}); {tier.fractured:,} had one that was missed"


def share_words(share: RegionShare | None) -> str:
    """A measured share with interval and count; "not measured" without one."""
    if share is None:
        return "not measured"
    return (
        f"{share.value:.0%} ({100 * share.low:.0f} to {100 * share.high:.0f}) of "
        f"{share.regions:,} on {SPLITS[share.split]}"
    )


def _shares(counts: Iterable[RegionCount], split: str) -> Shares:
    return {frozenset(count.networks): share for count in counts if (share := _share(count, split))}


def _share(count: RegionCount, split: str) -> RegionShare | None:
    """The share of one kind; None where no such region was met."""
    found = count.precision
    if found.value is None or found.low is None or found.high is None:
        return None
    return RegionShare(found.value, found.low, found.high, count.true, count.regions, split)


def _same_gate(measured: UsedThresholds, used: Thresholds) -> bool:
    return (measured.doubtful, measured.fracture) == (used.doubtful, used.fracture)


def _same(measured: UsedThresholds, used: Thresholds) -> bool:
    return _same_gate(measured, used) and measured.mask == dict(used.mask)
