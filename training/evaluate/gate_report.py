"""The gate's sections of an evaluation file; evaluation.py states their layout."""

from dataclasses import dataclass

import numpy as np

from fracturelens.results import Verdict
from important_variables import Thresholds
from prediction import judge_gate
from training.data.dataset import Xray
from training.data.subgroups import subgroups
from training.evaluate.baselines import GATE_BASELINES
from training.evaluate.bootstrap import estimate
from training.evaluate.calibration import Platt
from training.evaluate.cross_fitting import cross_fitted_gate
from training.evaluate.gate_metrics import (
    brier_score,
    calibration_error,
    call_estimates,
    operating_point,
    ranking_curves,
    ranking_estimates,
    reliability,
)

WORST_CASES = 40
LABELS = {
    "auroc": "Area under the ROC curve",
    "average_precision": "Average precision",
    "brier": "Brier score",
    "ece": "Expected calibration error, 10 bins (resampling raises it: the interval lies high)",
    "brier_raw": "Brier score before calibration",
    "ece_raw": "Expected calibration error before calibration",
    "accuracy": "Accuracy",
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
    "ppv": "Positive predictive value",
    "npv": "Negative predictive value",
    "sensitivity_doubtful": "Sensitivity at the doubtful point",
    "specificity_doubtful": "Specificity at the doubtful point",
    "sensitivity_fracture": "Sensitivity at the fracture point",
    "specificity_fracture": "Specificity at the fracture point",
}


@dataclass(frozen=True)
class GateCase:
    """What the gate is judged on.

    Attributes:
        xrays: the pictures.
        raw: the gate's outputs, float (N,) in [0, 1].
        platt: the card's calibration.
        doubtful: threshold on the calibrated probability.
        fracture: threshold on the calibrated probability.
        groups: int (N,).
        weights: float (B, N).
    """

    xrays: list[Xray]
    raw: np.ndarray
    platt: Platt
    doubtful: float
    fracture: float
    groups: np.ndarray
    weights: np.ndarray

    @property
    def fractured(self) -> np.ndarray:
        """Truth, bool (N,)."""
        return np.array([xray.fractured for xray in self.xrays])

    @property
    def probability(self) -> np.ndarray:
        """Calibrated, float (N,)."""
        return self.platt(self.raw)

    @property
    def verdicts(self) -> list[Verdict]:
        """What the app says of each picture."""
        points = Thresholds(self.doubtful, self.fracture, {})
        return [judge_gate(float(value), points) for value in self.probability]


def gate_report(case: GateCase, rivals: dict[str, np.ndarray], cross_fit: bool) -> dict:
    """All sections.

    Args:
        case: the gate's outputs.
        rivals: baselines.gate_baselines on the same pictures.
        cross_fit: True where the thresholds came from these very pictures.
    """
    points = {"doubtful": case.doubtful, "fracture": case.fracture, "half": 0.5}
    report = {
        "metrics": _metrics(case),
        "operating_points": {
            key: operating_point(case.fractured, case.probability, at, case.weights)
            for key, at in points.items()
        },
        "tiers": _tiers(case),
        "curves": {
            **ranking_curves(case.fractured, case.probability),
            "reliability": reliability(case.fractured, case.probability),
            "reliability_raw": reliability(case.fractured, case.raw),
        },
        "subgroups": _subgroups(case),
        "baselines": [_baseline(case, key, score) for key, score in rivals.items()],
        "worst": _worst(case),
    }
    if cross_fit:
        report["cross_fitted"] = cross_fitted_gate(
            case.raw, case.fractured, case.groups, case.weights
        )
    return report


def _metrics(case: GateCase) -> dict:
    truth, weights, n = case.fractured, case.weights, len(case.xrays)
    called = call_estimates(truth, case.probability >= case.fracture, weights)
    return {
        **ranking_estimates(truth, case.probability, weights),
        "brier": estimate(brier_score(truth, case.probability), weights, n),
        "ece": estimate(calibration_error(truth, case.probability), weights, n),
        "brier_raw": estimate(brier_score(truth, case.raw), weights, n),
        "ece_raw": estimate(calibration_error(truth, case.raw), weights, n),
        "accuracy": called["accuracy"],
    }


def _tiers(case: GateCase) -> dict:
    """Pictures and fractures behind each verdict."""
    given = np.array(case.verdicts)
    return {
        str(verdict): {
            "images": int((given == verdict).sum()),
            "fractured": int(((given == verdict) & case.fractured).sum()),
        }
        for verdict in Verdict
    }


def _subgroups(case: GateCase) -> list[dict]:
    rows = []
    for by, value, chosen in subgroups(case.xrays):
        weights, n = case.weights * chosen, int(chosen.sum())
        ranked = ranking_estimates(case.fractured, case.probability, weights)
        suspected = case.probability >= case.doubtful
        rates = call_estimates(case.fractured, suspected, weights)
        sick = int((case.fractured & chosen).sum())
        rows.append({
            "by": by, "value": value, "n": n, "fractured": sick,
            "metrics": {
                **{key: {**entry, "n": n} for key, entry in ranked.items()},
                "sensitivity": {**rates["sensitivity"], "n": sick},
                "specificity": {**rates["specificity"], "n": n - sick},
            },
        })  # fmt: skip
    return rows


def _baseline(case: GateCase, key: str, score: np.ndarray) -> dict:
    """A trivial rival, which calls a fracture from 0.5 on."""
    truth, n = case.fractured, len(score)
    metrics = {
        **ranking_estimates(truth, score, case.weights),
        "brier": estimate(brier_score(truth, score), case.weights, n),
        "ece": estimate(calibration_error(truth, score), case.weights, n),
        **call_estimates(truth, score >= 0.5, case.weights),
    }
    return {"key": key, "label": GATE_BASELINES[key], "metrics": metrics}


def _worst(case: GateCase) -> dict:
    """Fractures with the lowest, whole bones with the highest probability, whatever the verdict."""
    probability, verdicts = case.probability, case.verdicts
    order = np.argsort(probability, kind="stable")
    lowest = [index for index in order if case.fractured[index]]
    highest = [index for index in order[::-1] if not case.fractured[index]]
    return {
        key: [
            {
                "image_id": case.xrays[index].image_id,
                "probability": float(probability[index]),
                "verdict": str(verdicts[index]),
            }
            for index in chosen[:WORST_CASES]
        ]
        for key, chosen in (("false_negatives", lowest), ("false_positives", highest))
    }
