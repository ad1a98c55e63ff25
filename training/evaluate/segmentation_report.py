"""What is measured of a segmenter, alone or behind the gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fracturelens.measured.layout import Baseline, CrossFitted, Part, Subgroup
from training.data.dataset import Xray
from training.data.subgroups import subgroups
from training.evaluate.calibration import MASK_THRESHOLDS
from training.evaluate.cross_fitting import cross_fitted_dice
from training.evaluate.gate_report import picture_ids
from training.evaluate.picture_results import PictureResult, hidden, measure_picture
from training.evaluate.segmentation_metrics import (
    froc_curves,
    picture_columns,
    segmentation_estimates,
    subgroup_estimates,
    worst_pictures,
)


@dataclass(frozen=True, eq=False)
class MaskCase:
    """What segmenters are judged on.

    Attributes:
        xrays: the pictures.
        sizes: height and width of each, int (N, 2).
        groups: int (N,).
        weights: float (B, N).
        min_share: smallest region, as a fraction of the picture.
        suspicion: calibrated gate probability where the verdict is doubtful or fracture, else 0;
            ones where no gate stands before the segmenter. float (N,).
        shown: pictures whose regions are painted, bool (N,); those of the others with any
            suspicion stand on the FROC curve alone, which sweeps the gate's threshold too.
        verdicts: of the gate on each; None where no gate stands before the segmenter.
    """

    xrays: list[Xray]
    sizes: np.ndarray
    groups: np.ndarray
    weights: np.ndarray
    min_share: float
    suspicion: np.ndarray
    shown: np.ndarray
    verdicts: Sequence[str] | None = None

    @cached_property
    def fractured(self) -> np.ndarray:
        """Truth, bool (N,)."""
        return np.array([xray.fractured for xray in self.xrays])

    def size(self, index: int) -> tuple[int, int]:
        """Height and width of one picture, pixels."""
        height, width = self.sizes[index]
        return int(height), int(width)


def segmenter_part(
    case: MaskCase, maps: np.ndarray, threshold: float, rivals: Mapping[str, np.ndarray]
) -> Part:
    """Figures, curves, subgroups, baselines, worst cases and each picture's result.

    Args:
        case: pictures and truth.
        maps: probabilities of the fracture, float (N, S, S), letterboxed.
        threshold: mask threshold.
        rivals: baselines.mask_baselines for the same pictures.
    """
    results = measure_pictures(case, maps, threshold)
    return Part(
        metrics=segmentation_estimates(results, case.fractured, case.weights),
        curves=froc_curves(results),
        subgroups=[
            Subgroup(
                by,
                value,
                int(chosen.sum()),
                int((chosen & case.fractured).sum()),
                subgroup_estimates(results, case.fractured, case.weights, chosen),
            )
            for by, value, chosen in subgroups(case.xrays)
        ],
        baselines=[_baseline(case, key, rival) for key, rival in rivals.items()],
        worst=worst_pictures(case.xrays, results, case.verdicts),
        pictures=picture_ids(case.xrays, case.groups) | picture_columns(results),
    )


def dice_by_threshold(table: np.ndarray) -> dict[str, list]:
    """Mean Dice by mask threshold as columns; `table` is of calibration.dice_table."""
    return {"threshold": MASK_THRESHOLDS.tolist(), "dice": table.mean(axis=0).tolist()}


def cross_fitted_threshold(case: MaskCase, table: np.ndarray) -> CrossFitted:
    """Dice with mask thresholds from other folds; `table` is of calibration.dice_table."""
    annotated = np.array([bool(xray.polygons) for xray in case.xrays])
    return cross_fitted_dice(table, case.groups[annotated], case.weights[:, annotated])


def measure_pictures(case: MaskCase, maps: np.ndarray, threshold: float) -> list[PictureResult]:
    """Results of all pictures; nothing is painted where the gate stopped the picture."""
    blank = np.zeros(maps.shape[1:], np.float32)
    results = [
        measure_picture(
            xray,
            case.size(index),
            maps[index] if case.suspicion[index] else blank,
            threshold,
            case.min_share,
            float(case.suspicion[index]),
        )
        for index, xray in enumerate(case.xrays)
    ]
    return [
        result if shown else hidden(result)
        for result, shown in zip(results, case.shown, strict=True)
    ]


def _baseline(case: MaskCase, key: str, maps: np.ndarray) -> Baseline:
    results = measure_pictures(case, maps, threshold=0.5)
    return Baseline(key, segmentation_estimates(results, case.fractured, case.weights))
