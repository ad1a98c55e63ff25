"""A segmenter's sections of an evaluation file, alone or behind the gate, and the agreement."""

from dataclasses import dataclass

import numpy as np

from fracturelens.findings.numbering import AGREEMENT_LIMIT
from fracturelens.findings.restore import restore_probability
from important_variables import SEGMENTERS
from training.data.dataset import Xray
from training.data.subgroups import subgroups
from training.evaluate.baselines import MASK_BASELINES
from training.evaluate.bootstrap import estimate, ratio
from training.evaluate.calibration import MASK_THRESHOLDS, dice_table
from training.evaluate.cross_fitting import cross_fitted_dice
from training.evaluate.picture_results import (
    PictureResult,
    find_regions,
    hidden,
    lesion_masks,
    measure_picture,
    region_masks,
)
from training.evaluate.scores import SplitScores
from training.evaluate.segmentation_metrics import (
    segmentation_curves,
    segmentation_estimates,
    subgroup_estimates,
    worst_pictures,
)


@dataclass(frozen=True)
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
            suspicion stand on the FROC curve alone, which sweeps the gate's point too.
    """

    xrays: list[Xray]
    sizes: np.ndarray
    groups: np.ndarray
    weights: np.ndarray
    min_share: float
    suspicion: np.ndarray
    shown: np.ndarray

    @property
    def fractured(self) -> np.ndarray:
        """Truth, bool (N,)."""
        return np.array([xray.fractured for xray in self.xrays])


def segmenter_report(
    case: MaskCase, maps: np.ndarray, threshold: float, rivals: dict[str, np.ndarray]
) -> dict:
    """Metrics, curves, subgroups, baselines and worst cases.

    Args:
        case: pictures and truth.
        maps: probabilities of the fracture, float (N, 256, 256), letterboxed.
        threshold: mask threshold.
        rivals: baselines.mask_baselines for the same pictures.
    """
    results = measure_pictures(case, maps, threshold)
    return {
        "metrics": segmentation_estimates(results, case.fractured, case.weights),
        "curves": segmentation_curves(results),
        "subgroups": [
            {
                "by": by,
                "value": value,
                "n": int(chosen.sum()),
                "fractured": int((chosen & case.fractured).sum()),
                "metrics": subgroup_estimates(results, case.fractured, case.weights, chosen),
            }
            for by, value, chosen in subgroups(case.xrays)
        ],
        "baselines": [_baseline(case, key, rival) for key, rival in rivals.items()],
        "worst": worst_pictures(case.xrays, results),
    }


def threshold_sections(case: MaskCase, scores: SplitScores, cross_fit: bool) -> dict:
    """Dice by mask threshold, and its cross-fitted figure where the threshold came from here."""
    table = dice_table(case.xrays, scores)
    curve = {"threshold": MASK_THRESHOLDS.tolist(), "dice": table.mean(axis=0).tolist()}
    sections = {"dice_by_threshold": curve}
    if cross_fit:
        annotated = np.array([bool(xray.polygons) for xray in case.xrays])
        sections["cross_fitted"] = cross_fitted_dice(
            table, case.groups[annotated], case.weights[:, annotated]
        )
    return sections


def measure_pictures(case: MaskCase, maps: np.ndarray, threshold: float) -> list[PictureResult]:
    """Results of all pictures; nothing is painted where the gate stopped the picture."""
    blank = np.zeros(maps.shape[1:], np.float32)
    results = [
        measure_picture(
            xray,
            tuple(int(side) for side in size),
            probability if suspicion else blank,
            threshold,
            case.min_share,
            float(suspicion),
        )
        for xray, size, probability, suspicion in zip(
            case.xrays, case.sizes, maps, case.suspicion, strict=True
        )
    ]
    return [
        result if shown else hidden(result)
        for result, shown in zip(results, case.shown, strict=True)
    ]


def agreement_report(
    case: MaskCase, maps: dict[str, np.ndarray], thresholds: dict[str, float], chosen: np.ndarray
) -> dict:
    """Precision of the regions on which both networks agree, and of those that stand alone.

    A region agrees when one of the other network's overlaps it with IoU >= 0.1; agreed regions
    are counted from both networks.

    Args:
        case: pictures and truth.
        maps: probabilities of the fracture by segmenter, float (N, 256, 256), letterboxed.
        thresholds: mask thresholds by segmenter.
        chosen: bool (N,), the pictures that are counted.
    """
    kinds = ("agreed", *(f"lone_{name}" for name in SEGMENTERS))
    painted = {kind: np.zeros(len(case.xrays)) for kind in kinds}
    true = {kind: np.zeros(len(case.xrays)) for kind in kinds}
    for index in np.flatnonzero(chosen):
        pair = {name: maps[name][index] for name in SEGMENTERS}
        for kind, finds_lesion in _judge_pair(case, index, pair, thresholds):
            painted[kind][index] += 1
            true[kind][index] += finds_lesion
    return {
        kind: {
            "regions": int(painted[kind].sum()),
            "true": int(true[kind].sum()),
            "precision": estimate(
                ratio(true[kind], painted[kind]), case.weights, int(painted[kind].sum())
            ),
        }
        for kind in kinds
    }


def _judge_pair(case: MaskCase, index: int, pair: dict, thresholds: dict):
    """Yields the kind of each shown region of one picture and whether it finds a lesion."""
    size = tuple(int(side) for side in case.sizes[index])
    lesions = lesion_masks(case.xrays[index], *size)
    restored = {name: restore_probability(pair[name], *size) for name in pair}
    for name, other in (SEGMENTERS, SEGMENTERS[::-1]):
        rivals = region_masks(restored[other], thresholds[other], case.min_share)
        regions, _ = find_regions(
            restored[name], [*lesions, *rivals], thresholds[name], case.min_share
        )
        for region in regions:
            if region.shown:
                overlapped = region.overlaps >= AGREEMENT_LIMIT
                agrees = overlapped[len(lesions) :].any()
                yield ("agreed" if agrees else f"lone_{name}"), overlapped[: len(lesions)].any()


def _baseline(case: MaskCase, key: str, maps: np.ndarray) -> dict:
    results = measure_pictures(case, maps, threshold=0.5)
    return {
        "key": key,
        "label": MASK_BASELINES[key],
        "metrics": segmentation_estimates(results, case.fractured, case.weights),
    }
