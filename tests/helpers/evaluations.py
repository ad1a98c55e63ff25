"""Small evaluations and comparisons, as files and cards hold them."""

from dataclasses import replace
from itertools import combinations

from fracturelens.measured.layout import (
    DECIMALS,
    Baseline,
    BootstrapRecord,
    Data,
    Estimate,
    Evaluation,
    OperatingPoint,
    Part,
    RegionCount,
    Subgroup,
    Tier,
    UsedThresholds,
    Worst,
    WorstCase,
)
from fracturelens.results import Verdict
from important_variables import CASCADE, GATE, segmenters


def estimate(value, half_width=0.03, n=517) -> Estimate:
    """An estimate with an interval, rounded as in files."""
    return Estimate(
        *(round(end, DECIMALS) for end in (value, value - half_width, value + half_width)), n
    )


def evaluation(name, split="val", **changes) -> Evaluation:
    """A small evaluation without figures; `changes` are its fields."""
    start = Evaluation(
        name=name,
        split=split,
        precision="float32",
        mode="usual",
        models={},
        data=Data(images=517, fractured=104, excluded={"truncated": 7}),
        thresholds=UsedThresholds(),
        bootstrap=BootstrapRecord(1000, 1, 0.95, "consecutive pictures"),
        chosen_here=True,
        part=Part({}),
    )
    return replace(start, **changes)


def measured(name, split="val", **figures) -> Evaluation:
    """An evaluation of a few figures, given by key as values."""
    return evaluation(name, split, part=Part({k: estimate(v) for k, v in figures.items()}))


def cascade_evaluation(painted=(15, 20), hints=(1, 20), **changes) -> Evaluation:
    """A small evaluation of the cascade; the doubtful threshold is 0.2, that of a fracture 0.6.

    `painted` and `hints` are (true, all) of each group of networks that mark a place.
    """
    counts = {Verdict.FRACTURE: painted, Verdict.DOUBTFUL: hints}
    agreement = {
        str(verdict): [
            RegionCount(group, regions, true, estimate(true / regions, n=regions))
            for group in groups_of_networks()
        ]
        for verdict, (true, regions) in counts.items()
    }
    used = UsedThresholds(doubtful=0.2, fracture=0.6, mask=dict.fromkeys(segmenters(), 0.5))
    return evaluation(CASCADE, **{"thresholds": used, "agreement": agreement} | changes)


def groups_of_networks() -> list[list[str]]:
    """All groups of segmenters that may mark one place."""
    names = segmenters()
    sizes = range(1, len(names) + 1)
    return [sorted(group) for size in sizes for group in combinations(names, size)]


GATE_EVALUATION = evaluation(
    GATE,
    part=Part(
        {"auroc": estimate(0.93), "average_precision": estimate(0.85)},
        curves={
            "roc": {"fpr": [0, 0.2, 1], "tpr": [0, 0.9, 1], "threshold": [None, 0.5, 0]},
            "precision_recall": {"recall": [0, 1], "precision": [1, 0.2], "threshold": [0.9, 0.1]},
        },
        subgroups=[Subgroup("view", "frontal", 90, 20, {"auroc": estimate(0.9)})],
        baselines=[Baseline("always_negative", {"auroc": estimate(0.5)})],
        worst=Worst([WorstCase("IMG0000019.jpg", probability=0.012, verdict="no_fracture")]),
    ),
    operating_points={
        "doubtful": OperatingPoint(
            0.12, 99, 120, 5, 293, {"sensitivity": estimate(0.9), "specificity": estimate(0.8)}
        )
    },
    tiers={"fracture": Tier(95, 75)},
)
"""A small evaluation of the gate."""

INT8_PARITY = {
    "split": "val",
    "images": 40,
    "largest_probability_difference": 0.5,
    "mean_probability_difference": 0.001,
    "mask_dice_between": 0.83,
    "pictures_painted_by_either": 12,
    "dice_float32": 0.4,
    "dice_int8": 0.39,
    "dice_drop": {"value": 0.01, "low": -0.02, "high": 0.04, "n": 517},
    "within_targets": {"dice": False},
}
"""A small comparison of a segmenter's INT8 file, as a card holds it."""
