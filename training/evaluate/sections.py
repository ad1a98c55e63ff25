"""Puts the parts of an evaluation together, for one network or the cascade."""

from dataclasses import dataclass, replace

import numpy as np

from fracturelens.measured.bootstrap import estimate, ratio
from fracturelens.measured.classifier import call_estimates
from fracturelens.measured.conditions import UsedThresholds
from fracturelens.measured.layout import Metrics, Part
from fracturelens.networks.inference import Calibration
from fracturelens.results import Thresholds, Verdict
from important_variables import GATE
from training.data.dataset import Xray
from training.evaluate.agreement import count_findings
from training.evaluate.baselines import gate_baselines, mask_baselines
from training.evaluate.calibration import dice_table
from training.evaluate.cross_fitting import cross_fitted_gate
from training.evaluate.gate_report import (
    GateCase,
    gate_columns,
    gate_part,
    operating_points,
    tiers,
)
from training.evaluate.scores import SplitScores
from training.evaluate.segmentation_report import (
    MaskCase,
    cross_fitted_threshold,
    dice_by_threshold,
    segmenter_part,
)


@dataclass(frozen=True, eq=False)
class Evidence:
    """Everything that an evaluation is computed from.

    Attributes:
        train: usable training pictures, which fit the baselines.
        xrays: the pictures that are measured, in order of their ids.
        scores: raw outputs by network.
        thresholds: of the networks' cards, together.
        calibration: of the gate.
        groups: int (N,), group of each picture.
        weights: float32 (1 + draws, N), see bootstrap.group_weights.
        chosen_here: True where the thresholds were chosen on these pictures.
    """

    train: list[Xray]
    xrays: list[Xray]
    scores: dict[str, SplitScores]
    thresholds: Thresholds
    calibration: Calibration
    groups: np.ndarray
    weights: np.ndarray
    chosen_here: bool

    @property
    def segmenters(self) -> list[str]:
        """Names of those that are measured."""
        return [name for name in self.scores if name != GATE]


def measure_network(evidence: Evidence) -> dict:
    """Fields of one network's `Evaluation`."""
    if GATE in evidence.scores:
        return _measure_gate(evidence)
    (name,) = evidence.segmenters
    scores, everywhere = evidence.scores[name], np.ones(len(evidence.xrays))
    case = _mask_case(evidence, everywhere, everywhere > 0)
    rivals = mask_baselines(evidence.train, scores.sizes)
    part = segmenter_part(case, scores.values, evidence.thresholds.mask[name], rivals)
    table = dice_table(evidence.xrays, scores)
    curves = part.curves | {"dice_by_threshold": dice_by_threshold(table)}
    fitted = cross_fitted_threshold(case, table) if evidence.chosen_here else None
    return {"part": replace(part, curves=curves), "cross_fitted": fitted}


def measure_cascade(evidence: Evidence) -> dict:
    """Fields of the cascade's `Evaluation`: what the user gets."""
    gate = gate_case(evidence)
    suspicion = np.where(gate.suspected, gate.probability, 0.0)
    case = replace(_mask_case(evidence, suspicion, gate.called), verdicts=gate.verdicts.tolist())
    maps = {name: evidence.scores[name].values for name in evidence.segmenters}
    masks = evidence.thresholds.mask
    rivals = mask_baselines(evidence.train, case.sizes)
    reached = {Verdict.FRACTURE: gate.called, Verdict.DOUBTFUL: gate.suspected & ~gate.called}
    return {
        "part": Part(_cascade_metrics(gate), pictures=gate_columns(gate)),
        "behind_gate": {
            name: segmenter_part(case, maps[name], masks[name], rivals) for name in maps
        },
        "agreement": {
            str(verdict): count_findings(case, maps, masks, chosen)
            for verdict, chosen in reached.items()
        },
    }


def thresholds_used(evidence: Evidence) -> UsedThresholds:
    """What the file tells of the thresholds: those of the networks that were measured."""
    used, masks = evidence.thresholds, dict(evidence.thresholds.mask)
    return UsedThresholds(
        used.doubtful if GATE in evidence.scores else None,
        used.fracture if GATE in evidence.scores else None,
        masks,
        used.min_lesion_share if masks else None,
    )


def gate_case(evidence: Evidence) -> GateCase:
    """What the gate is judged on."""
    return GateCase(
        xrays=evidence.xrays,
        raw=evidence.scores[GATE].values,
        calibration=evidence.calibration,
        thresholds=evidence.thresholds,
        groups=evidence.groups,
        weights=evidence.weights,
    )


def _measure_gate(evidence: Evidence) -> dict:
    case = gate_case(evidence)
    rivals = gate_baselines(evidence.train, evidence.xrays)
    fitted = cross_fitted_gate(case.raw, case.fractured, case.groups, case.weights)
    return {
        "part": gate_part(case, rivals),
        "operating_points": operating_points(case),
        "tiers": tiers(case),
        "cross_fitted": fitted if evidence.chosen_here else None,
    }


def _cascade_metrics(gate: GateCase) -> Metrics:
    everyone, n = np.ones(len(gate.xrays)), len(gate.xrays)
    rates = call_estimates(gate.fractured, gate.suspected, gate.weights)
    return {
        "segmented_share": estimate(ratio(gate.suspected, everyone), gate.weights, n),
        "painted_share": estimate(ratio(gate.called, everyone), gate.weights, n),
        "sensitivity": rates["sensitivity"],
        "specificity": rates["specificity"],
    }


def _mask_case(evidence: Evidence, suspicion: np.ndarray, shown: np.ndarray) -> MaskCase:
    return MaskCase(
        xrays=evidence.xrays,
        sizes=evidence.scores[evidence.segmenters[0]].sizes,
        groups=evidence.groups,
        weights=evidence.weights,
        min_share=evidence.thresholds.min_lesion_share,
        suspicion=suspicion,
        shown=shown,
    )
