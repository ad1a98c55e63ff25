"""Puts the sections of an evaluation file together, for one network or the cascade."""

from dataclasses import dataclass

import numpy as np

from fracturelens.networks.card import ModelCard
from fracturelens.results import Verdict
from important_variables import GATE, SEGMENTERS
from training.data.dataset import Xray
from training.evaluate import gate_report, segmentation_metrics
from training.evaluate.baselines import gate_baselines, mask_baselines
from training.evaluate.bootstrap import estimate, ratio
from training.evaluate.calibration import Platt
from training.evaluate.gate_metrics import call_estimates
from training.evaluate.scores import SplitScores
from training.evaluate.segmentation_report import (
    MaskCase,
    agreement_report,
    segmenter_report,
    threshold_sections,
)

LABELS = {
    **gate_report.LABELS,
    **segmentation_metrics.LABELS,
    "segmented_share": "Pictures that reach the segmenters (verdict fracture or doubtful)",
    "painted_share": "Pictures whose regions are painted (verdict fracture)",
    "precision": "Regions that find a lesion (IoU >= 0.1)",
}


class UncalibratedError(RuntimeError):
    """A card holds no thresholds yet; the text names the command that chooses them."""


@dataclass(frozen=True)
class Evidence:
    """Everything that the sections are computed from.

    Attributes:
        train: usable training pictures, which fit the baselines.
        xrays: the pictures that are measured, in order of their ids.
        scores: raw outputs by network.
        thresholds: card thresholds by network.
        groups: int (N,), group of each picture.
        weights: float32 (1 + draws, N), see bootstrap.group_weights.
        cross_fit: True where the thresholds were chosen on these pictures.
    """

    train: list[Xray]
    xrays: list[Xray]
    scores: dict[str, SplitScores]
    thresholds: dict[str, dict]
    groups: np.ndarray
    weights: np.ndarray
    cross_fit: bool

    @property
    def fractured(self) -> np.ndarray:
        """Truth, bool (N,)."""
        return np.array([xray.fractured for xray in self.xrays])


def card_thresholds(card: ModelCard, precision: str) -> dict:
    """The thresholds of a card for one precision.

    Raises:
        UncalibratedError: there are none.
    """
    wanted = ("doubtful", "fracture", "calibration") if card.name == GATE else (
        "mask", "min_lesion_share")  # fmt: skip
    if not all(key in card.thresholds for key in wanted):
        raise UncalibratedError(
            f"The card of {card.name!r} lacks thresholds ({', '.join(wanted)}). Choose them with "
            "`python command_line.py calibrate --data DIR`."
        )
    return card.thresholds_at(precision)


def used_thresholds(cards: dict[str, dict]) -> dict:
    """The thresholds of the cards as one table; the larger speck limit counts, as in the app."""
    table = {key: cards[GATE][key] for key in ("doubtful", "fracture") if GATE in cards}
    masks = {name: card for name, card in cards.items() if name != GATE}
    if masks:
        table["mask"] = {name: card["mask"] for name, card in masks.items()}
        table["min_lesion_share"] = max(card["min_lesion_share"] for card in masks.values())
    return table


def single_sections(evidence: Evidence) -> dict:
    """Sections of one network's file."""
    (name,) = evidence.scores
    if name == GATE:
        rivals = gate_baselines(evidence.train, evidence.xrays)
        return gate_report.gate_report(_gate_case(evidence), rivals, evidence.cross_fit)
    scores, limits = evidence.scores[name], evidence.thresholds[name]
    everywhere = np.ones(len(evidence.xrays))
    case = _mask_case(evidence, everywhere, everywhere > 0)
    rivals = mask_baselines(evidence.train, scores.sizes)
    report = segmenter_report(case, scores.values, limits["mask"], rivals)
    sections = threshold_sections(case, scores, evidence.cross_fit)
    report["curves"]["dice_by_threshold"] = sections.pop("dice_by_threshold")
    return report | sections


def cascade_sections(evidence: Evidence) -> dict:
    """Sections of the cascade's file: what the user gets."""
    gate = _gate_case(evidence)
    passed, shown = gate.probability >= gate.doubtful, gate.probability >= gate.fracture
    case = _mask_case(evidence, np.where(passed, gate.probability, 0.0), shown)
    maps = {name: evidence.scores[name].values for name in SEGMENTERS}
    thresholds = {name: evidence.thresholds[name]["mask"] for name in SEGMENTERS}
    rivals = mask_baselines(evidence.train, case.sizes)
    rates = call_estimates(evidence.fractured, passed, evidence.weights)
    n = len(passed)
    verdicts = dict(zip((x.image_id for x in evidence.xrays), gate.verdicts, strict=True))
    return {
        "metrics": {
            "segmented_share": estimate(ratio(passed, np.ones(n)), evidence.weights, n),
            "painted_share": estimate(ratio(shown, np.ones(n)), evidence.weights, n),
            "sensitivity": rates["sensitivity"],
            "specificity": rates["specificity"],
        },
        "networks": {
            name: _with_verdicts(
                segmenter_report(case, maps[name], thresholds[name], rivals), verdicts
            )
            for name in SEGMENTERS
        },
        "agreement": agreement_report(case, maps, thresholds, shown),
        "agreement_doubtful": agreement_report(case, maps, thresholds, passed & ~shown),
    }


def _with_verdicts(report: dict, verdicts: dict[str, Verdict]) -> dict:
    """The report with the gate's verdict on each of the worst cases."""
    worst = {
        key: [case | {"verdict": str(verdicts[case["image_id"]])} for case in cases]
        for key, cases in report["worst"].items()
    }
    return report | {"worst": worst}


def _gate_case(evidence: Evidence) -> gate_report.GateCase:
    limits = evidence.thresholds[GATE]
    return gate_report.GateCase(
        xrays=evidence.xrays,
        raw=evidence.scores[GATE].values,
        platt=Platt(**limits["calibration"]),
        doubtful=limits["doubtful"],
        fracture=limits["fracture"],
        groups=evidence.groups,
        weights=evidence.weights,
    )


def _mask_case(evidence: Evidence, suspicion: np.ndarray, shown: np.ndarray) -> MaskCase:
    name = next(name for name in evidence.scores if name != GATE)
    return MaskCase(
        xrays=evidence.xrays,
        sizes=evidence.scores[name].sizes,
        groups=evidence.groups,
        weights=evidence.weights,
        min_share=used_thresholds(evidence.thresholds)["min_lesion_share"],
        suspicion=suspicion,
        shown=shown,
    )
