"""What is measured of the gate."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from fracturelens.measured.bootstrap import estimate
from fracturelens.measured.classifier import (
    brier_score,
    calibration_error,
    call_estimates,
    operating_point,
    ranking_estimates,
)
from fracturelens.measured.layout import (
    Baseline,
    Metrics,
    OperatingPoint,
    Part,
    Subgroup,
    Tier,
    Worst,
    WorstCase,
)
from fracturelens.networks.calibration import calibrated
from fracturelens.networks.inference import Calibration
from fracturelens.results import Thresholds, Verdict
from prediction import judge_gate
from training.data.dataset import Xray
from training.data.subgroups import subgroups
from training.evaluate.gate_metrics import ranking_curves, reliability

WORST_CASES = 40


@dataclass(frozen=True, eq=False)
class GateCase:
    """What the gate is judged on.

    Attributes:
        xrays: the pictures.
        raw: the gate's outputs, float (N,) in [0, 1].
        calibration: of its card.
        thresholds: on the calibrated probability.
        groups: int (N,).
        weights: float (B, N).
    """

    xrays: list[Xray]
    raw: np.ndarray
    calibration: Calibration
    thresholds: Thresholds
    groups: np.ndarray
    weights: np.ndarray

    @cached_property
    def fractured(self) -> np.ndarray:
        """Truth, bool (N,)."""
        return np.array([xray.fractured for xray in self.xrays])

    @cached_property
    def probability(self) -> np.ndarray:
        """Calibrated, float (N,)."""
        return calibrated(self.raw, self.calibration)

    @cached_property
    def verdicts(self) -> np.ndarray:
        """What the app says of each picture, str (N,)."""
        return judge_all(self.probability, self.thresholds)

    @property
    def suspected(self) -> np.ndarray:
        """Pictures that reach the segmenters: doubtful or fracture, bool (N,)."""
        return self.verdicts != Verdict.NO_FRACTURE

    @property
    def called(self) -> np.ndarray:
        """Pictures whose verdict is fracture, bool (N,)."""
        return self.verdicts == Verdict.FRACTURE


def judge_all(probability: np.ndarray, thresholds: Thresholds) -> np.ndarray:
    """The verdict for each calibrated probability, str (N,)."""
    return np.array([str(judge_gate(float(value), thresholds)) for value in probability])


def gate_part(case: GateCase, rivals: Mapping[str, np.ndarray]) -> Part:
    """Figures, curves, subgroups, baselines, worst cases and each picture's result.

    Args:
        case: the gate's outputs.
        rivals: baselines.gate_baselines on the same pictures.
    """
    return Part(
        metrics=_metrics(case),
        curves={
            **ranking_curves(case.fractured, case.probability),
            "reliability": reliability(case.fractured, case.probability),
            "reliability_raw": reliability(case.fractured, case.raw),
        },
        subgroups=_subgroups(case),
        baselines=[_baseline(case, key, score) for key, score in rivals.items()],
        worst=_worst(case),
        pictures=gate_columns(case) | {"raw": case.raw.tolist()},
    )


def operating_points(case: GateCase) -> dict[str, OperatingPoint]:
    """Calls from each threshold on; 0.5 is there for comparison."""
    points = {
        "doubtful": (case.suspected, case.thresholds.doubtful),
        "fracture": (case.called, case.thresholds.fracture),
        "half": (case.probability >= 0.5, 0.5),
    }
    return {
        key: operating_point(case.fractured, called, threshold, case.weights)
        for key, (called, threshold) in points.items()
    }


def tiers(case: GateCase) -> dict[str, Tier]:
    """Pictures and fractures behind each verdict."""
    given = {verdict: case.verdicts == verdict for verdict in Verdict}
    return {
        str(verdict): Tier(int(chosen.sum()), int((chosen & case.fractured).sum()))
        for verdict, chosen in given.items()
    }


def gate_columns(case: GateCase) -> dict[str, list]:
    """Each picture with what the user reads, columns of equal length."""
    return picture_ids(case.xrays, case.groups) | {
        "probability": case.probability.tolist(),
        "verdict": case.verdicts.tolist(),
    }


def picture_ids(xrays: list[Xray], groups: np.ndarray) -> dict[str, list]:
    """The columns that tell which picture a row is of."""
    return {
        "image_id": [xray.image_id for xray in xrays],
        "fractured": [xray.fractured for xray in xrays],
        "group": groups.tolist(),
    }


def _metrics(case: GateCase) -> Metrics:
    truth, weights, n = case.fractured, case.weights, len(case.xrays)
    return {
        **ranking_estimates(truth, case.probability, weights),
        "brier": estimate(brier_score(truth, case.probability), weights, n),
        "ece": estimate(calibration_error(truth, case.probability), weights, n),
        "brier_raw": estimate(brier_score(truth, case.raw), weights, n),
        "ece_raw": estimate(calibration_error(truth, case.raw), weights, n),
        "accuracy": call_estimates(truth, case.called, weights)["accuracy"],
    }


def _subgroups(case: GateCase) -> list[Subgroup]:
    return [_subgroup(case, by, value, chosen) for by, value, chosen in subgroups(case.xrays)]


def _subgroup(case: GateCase, by: str, value: str, chosen: np.ndarray) -> Subgroup:
    """Figures of the chosen pictures, bool (N,); the rates are those of the doubtful threshold."""
    weights, n = case.weights * chosen, int(chosen.sum())
    sick = int((case.fractured & chosen).sum())
    ranked = ranking_estimates(case.fractured, case.probability, weights)
    rates = call_estimates(case.fractured, case.suspected, weights)
    metrics = {key: replace(figure, n=n) for key, figure in ranked.items()}
    metrics["sensitivity"] = replace(rates["sensitivity"], n=sick)
    metrics["specificity"] = replace(rates["specificity"], n=n - sick)
    return Subgroup(by, value, n, sick, metrics)


def _baseline(case: GateCase, key: str, score: np.ndarray) -> Baseline:
    """A trivial rival, which calls a fracture from 0.5 on."""
    truth, n = case.fractured, len(score)
    metrics = {
        **ranking_estimates(truth, score, case.weights),
        "brier": estimate(brier_score(truth, score), case.weights, n),
        "ece": estimate(calibration_error(truth, score), case.weights, n),
        **call_estimates(truth, score >= 0.5, case.weights),
    }
    return Baseline(key, metrics)


def _worst(case: GateCase) -> Worst:
    """Fractures with the lowest, whole bones with the highest probability, whatever the verdict."""
    order = np.argsort(case.probability, kind="stable")
    lowest = [index for index in order if case.fractured[index]]
    highest = [index for index in order[::-1] if not case.fractured[index]]
    return Worst(_worst_cases(case, lowest), _worst_cases(case, highest))


def _worst_cases(case: GateCase, places: list[int]) -> list[WorstCase]:
    return [
        WorstCase(
            case.xrays[index].image_id,
            probability=float(case.probability[index]),
            verdict=str(case.verdicts[index]),
        )
        for index in places[:WORST_CASES]
    ]
