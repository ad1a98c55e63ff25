"""Words for the keys of evaluation files, and the notes that belong to their figures."""

from collections.abc import Collection

from fracturelens.measured.keys import FALSE_RATES, OVERLAP_LIMITS, froc_key, recall_key
from fracturelens.measured.layout import Evaluation
from fracturelens.networks.tiling import Mode
from fracturelens.results import Verdict
from important_variables import NETWORKS, OVERLAP_LIMIT

SPLITS = {"test": "test", "val": "validation"}
"""By file name, the more telling one first."""
PRECISIONS = {"float32": "float32", "int8": "INT8"}
VERDICTS: dict[str, str] = {
    Verdict.FRACTURE: "Possible fracture",
    Verdict.DOUBTFUL: "Unclear",
    Verdict.NO_FRACTURE: "No fracture found",
}
HEADLINES: dict[str, str] = VERDICTS | {Verdict.DOUBTFUL: "Unclear: have it reviewed"}
"""Verdicts where there is room to say what to do."""
OPERATING_POINTS = {
    "doubtful": "Doubtful or more",
    "fracture": "Fracture",
    "half": "At one half",
}
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
    "sensitivity_doubtful": "Sensitivity at the doubtful threshold",
    "specificity_doubtful": "Specificity at the doubtful threshold",
    "sensitivity_fracture": "Sensitivity at the fracture threshold",
    "specificity_fracture": "Specificity at the fracture threshold",
    "dice_mean": "Dice, mean over fractured pictures",
    "dice_median": "Dice, median over fractured pictures",
    "iou_mean": "IoU, mean over fractured pictures",
    "iou_median": "IoU, median over fractured pictures",
    "dice_mean_256": "Dice at 256 px, mean over fractured pictures",
    "dice_median_256": "Dice at 256 px, median over fractured pictures",
    "iou_mean_256": "IoU at 256 px, mean over fractured pictures",
    "iou_median_256": "IoU at 256 px, median over fractured pictures",
    "dice_empty_one": "Dice over all pictures, two empty masks counted as 1 (flatters)",
    "iou_empty_one": "IoU over all pictures, two empty masks counted as 1 (flatters)",
    "false_positive_share": "Share of the picture painted wrongly, mean over all pictures",
    "painted_unfractured": "Unfractured pictures with any region painted",
    "false_share_of_paint": "Painted pixels that are false, all pictures together",
    "lesion_precision_10": f"Painted regions that find a lesion (IoU >= {OVERLAP_LIMIT})",
    "false_regions_per_image": (
        f"Painted regions that find no lesion (IoU >= {OVERLAP_LIMIT}), per picture"
    ),
    "box_map50": "Box mAP50, all pictures",
    "box_map50_fractured": "Box mAP50, fractured pictures only",
    **{
        recall_key(limit): f"Lesions found by a painted region (IoU >= {limit})"
        for limit in OVERLAP_LIMITS
    },
    **{
        froc_key(limit, rate): (
            f"Lesion recall at {rate:g} false regions per picture (IoU >= {limit})"
        )
        for limit in OVERLAP_LIMITS
        for rate in FALSE_RATES
    },
    "segmented_share": "Pictures that reach the segmenters (verdict fracture or doubtful)",
    "painted_share": "Pictures whose regions are painted (verdict fracture)",
}
SHORT_LABELS = {
    "auroc": "AUROC",
    "dice_mean": "Dice, fractured X-rays",
    "lesion_recall_10": "Lesions found",
}
"""Where there is room for a word or two."""
BASELINES = {
    "always_negative": "Always no fracture",
    "size_and_format": "Picture size and file format alone (fitted on train)",
    "body_part_and_view": "Body part, view and hardware alone (fitted on train)",
    "empty_mask": "Empty mask",
    "centered_disc": "Centered disc (radius fitted on train)",
}
EXCLUSIONS = {
    "label_conflict": "Contradictory labels: the same picture appears as fractured and as not",
    "truncated": "Damaged: the file ends too early",
    "duplicate": "Copy of another picture",
}
CHANGES = {
    "jpeg_95": "Saved as JPEG, quality 95",
    "jpeg_75": "Saved as JPEG, quality 75",
    "row_and_column_cropped": "First row and column cropped",
    "cropped_5_percent": "Cropped by 5%",
    "shifted_1_pixel": "Shifted by one pixel",
    "resized_80_percent": "Resized to 80%",
    "resized_150_percent": "Resized to 150%",
    "contrast_95_percent": "Contrast x 0.95",
    "contrast_105_percent": "Contrast x 1.05",
    "gamma_0_9": "Gamma 0.9",
    "black_bars": "Black bars added",
    "turned_1_degree": "Turned by one degree",
}
"""Harmless changes of a file, by their keys in evaluation files."""
MODES = {
    Mode.WHOLE: (
        "The whole X-ray at once",
        "Networks that are asked about overlapping tiles of an enlarged copy were asked here about "
        "the whole X-ray at once, at thresholds that were chosen for tiles.",
    ),
    Mode.FLIPS: (
        "Averaged with the mirror image",
        "Here each network was asked about the X-ray and about its mirror image, and the mean was "
        "taken. The app does not do so.",
    ),
}
"""Other modes than the usual one: title, and what it is."""
QUANTIZATION = {
    "post_training": "equalization, then post-training INT8 with ranges of training pictures",
    "quantization_aware": (
        "equalization, quantization-aware training, then INT8 with the same ranges"
    ),
}
"""The ways to an INT8 file, by their keys in cards."""
OPTIMISTIC = (
    "Calibration and thresholds were chosen on these very pictures, so figures at those thresholds "
    "are optimistic; the cross-fitted figures of the single networks are not."
)
HONEST = "Calibration and thresholds were chosen on val; nothing was chosen on these pictures."
ABOUT_FIGURES = (
    "Ceiling: 31 pictures were annotated twice; the two annotations agree at Dice 0.69 (mean), "
    "0.78 (median).",
    "FracAtlas has no patient ids: intervals are drawn over groups of consecutive pictures.",
    "Excluded pictures and duplicates are not counted.",
)
COUNTED_OFTEN = (
    f"Two networks mark the same place where their regions overlap (IoU at least {OVERLAP_LIMIT}). "
    "Such a place counts several times, once for each network's region."
)
ECE_NOTE = (
    "The expected calibration error lies outside its own interval, and that is no mistake: it "
    "adds up gaps without their signs, so that chance only ever raises it, and each redrawn "
    "sample adds chance of its own. Read the interval's upper end as the worst to expect."
)


def notes_of(evaluation: Evaluation) -> list[str]:
    """Sentences to be shown with the figures, the one on how far to trust them first."""
    return [OPTIMISTIC if evaluation.chosen_here else HONEST, *ABOUT_FIGURES]


def cross_fitting_note(folds: int) -> str:
    """What cross-fitted figures are."""
    return (
        f"{folds}-fold cross-fitting over groups: calibration and thresholds come from the other "
        "folds of val, so that no picture judges a threshold that it helped to choose."
    )


def spelled(key: str) -> str:
    """A key without words of its own, such as a subgroup's, as words."""
    return key.replace("_", " ")


def label_of(key: str) -> str:
    """Words for a figure's key."""
    return LABELS.get(key, spelled(key))


def title_or_name(name: str) -> str:
    """A network's title; its name where `NETWORKS` no longer has it, as in an older file."""
    return NETWORKS[name].title if name in NETWORKS else name


def marked_by(networks: Collection[str], ran: Collection[str]) -> str:
    """Who marks a place, such as "Both networks", "U-Net only" or "U-Net, no other ran".

    Args:
        networks: names of those that mark it.
        ran: names of all segmenters that ran on the X-ray.
    """
    order = list(NETWORKS)
    known = sorted(networks, key=lambda name: order.index(name) if name in order else len(order))
    *others, last = map(title_or_name, known)
    if len(ran) == 1:
        return f"{last}, no other ran"
    if len(networks) == len(ran):
        return "Both networks" if len(ran) == 2 else "All networks"
    return f"{', '.join(others)} and {last}" if others else f"{last} only"
