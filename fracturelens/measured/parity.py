"""What the rounding to INT8 changed, read from a card, as rows and sentences."""

from collections.abc import Mapping
from typing import Any

import msgspec

from fracturelens.measured.figures import number, with_interval
from fracturelens.measured.layout import Estimate
from fracturelens.measured.tables import Row
from fracturelens.measured.words import PRECISIONS, SPLITS
from fracturelens.networks.card import ModelCard

Parity = Mapping[str, Any]
"""What `quantize` found: {"split", "images", "largest_probability_difference",
"mean_probability_difference", "within_targets": {figure: bool}}; of each of `FIGURES`
"<figure>_float32", "<figure>_int8" and "<figure>_drop", an estimate; of a gate "verdict_flips", of
a segmenter "mask_dice_between" and "pictures_painted_by_either"."""

FIGURES = {
    "auroc": "Area under the ROC curve",
    "accuracy": "Accuracy at the fracture threshold",
    "dice": "Dice, mean over fractured X-rays",
}


def parity_of(card: ModelCard) -> Parity:
    """The comparison that `quantize` wrote; {} where there is no INT8 file yet."""
    return card.metrics.get("int8_parity", {})


def parity_rows(parity: Parity) -> list[Row]:
    """One row for each figure: both number formats, the loss, and whether the target is met."""
    met = parity.get("within_targets", {})
    return [
        {"Figure": label}
        | {words: number(parity[f"{key}_{format}"]) for format, words in PRECISIONS.items()}
        | {
            "Loss by INT8 (95 % interval)": with_interval(_drop(parity, key)),
            "Within the target": "yes" if met.get(key) else "no",
        }
        for key, label in FIGURES.items()
        if f"{key}_drop" in parity
    ]


def parity_words(parity: Parity) -> list[str]:
    """What the rows do not say, a sentence each."""
    said = [f"Measured on {parity['images']:,} {SPLITS[parity['split']]} X-rays."]
    said.append("A loss below zero means that INT8 did better.")
    if "verdict_flips" in parity:
        said.append(f"The verdict differs on {parity['verdict_flips']:,} of them.")
    if "mask_dice_between" in parity:
        said.append(
            f"The two masks of an X-ray overlap at a mean Dice of "
            f"{number(parity['mask_dice_between'])} where either paints "
            f"({parity['pictures_painted_by_either']:,} X-rays)."
        )
    said.append(
        f"A probability differs by {number(parity['mean_probability_difference'], 4)} on average "
        f"and by {number(parity['largest_probability_difference'])} at most."
    )
    return said


def _drop(parity: Parity, key: str) -> Estimate:
    return msgspec.convert(parity[f"{key}_drop"], Estimate)
