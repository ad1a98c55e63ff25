"""Reads evaluation files (layout in training/evaluate/evaluation.py) and words their figures."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fracturelens.networks.card import ModelCard
from fracturelens.networks.tiling import Look

CASCADE = "cascade"
SPLITS = {"test": "test", "val": "validation"}
"""By file name, the more telling one first."""

HEADLINES = {
    "gate": (("auroc", "AUROC"), ("average_precision", "Average precision")),
    "encoder_decoder": (
        ("dice_mean", "Dice, fractured X-rays"),
        ("lesion_recall_10", "Lesions found"),
    ),
    "unet": (("dice_mean", "Dice, fractured X-rays"), ("lesion_recall_10", "Lesions found")),
}


@dataclass(frozen=True)
class Figure:
    """A figure ready for the page: label, value, interval (may be empty) and a note."""

    label: str
    text: str
    interval: str
    note: str


def read_evaluation(
    name: str, split: str, folder: Path, precision: str = "float32", look: Look = Look.USUAL
) -> dict | None:
    """One evaluation file, or None where it is absent or no JSON object.

    Args:
        name: a network or "cascade".
        split: "val" or "test".
        folder: where the networks lie.
        precision: "float32" or "int8".
        look: how the networks were asked.
    """
    return read_object(evaluation_path(name, split, folder, precision, look))


def evaluation_path(name: str, split: str, folder: Path, precision: str, look: Look) -> Path:
    """Where an evaluation lies; arguments as for `read_evaluation`."""
    ending = ("_int8" if precision == "int8" else "") + ("" if look is Look.USUAL else f"_{look}")
    return folder / name / f"evaluation_{split}{ending}.json"


def read_object(path: Path) -> dict | None:
    """The JSON object of a file, or None where the file is absent, unreadable or no object."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # JSON's and UTF-8's errors are ValueErrors
        return None
    return content if isinstance(content, dict) else None


def splits_of(name: str, folder: Path) -> list[str]:
    """Splits on which the network was evaluated in float32."""
    return [split for split in SPLITS if read_evaluation(name, split, folder)]


def headline_figures(card: ModelCard, folder: Path) -> list[Figure]:
    """The two figures of the homepage, on the test split where it was measured, else val."""
    splits = splits_of(card.name, folder)
    if not splits:
        return []
    metrics = read_evaluation(card.name, splits[0], folder).get("metrics", {})
    return [
        Figure(label, number(metrics[key]), interval(metrics[key]), _note(metrics[key], splits[0]))
        for key, label in HEADLINES.get(card.name, ())
        if key in metrics
    ]


def number(estimate: object, digits: int = 3) -> str:
    """The value of an estimate or a plain number as text; a dash where it is undefined."""
    value = estimate.get("value") if isinstance(estimate, Mapping) else estimate
    if value is None or isinstance(value, str) or not math.isfinite(value):
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.{digits}f}"


def interval(estimate: object, digits: int = 3) -> str:
    """The 95 % interval of an estimate as text, empty where there is none."""
    if not isinstance(estimate, Mapping):
        return ""
    low, high = estimate.get("low"), estimate.get("high")
    return "" if low is None or high is None else f"{low:.{digits}f} to {high:.{digits}f}"


def predictive_values(
    sensitivity: float, specificity: float, prevalence: float
) -> tuple[float, float]:
    """PPV and NPV at a prevalence, by Bayes; NaN where no case gets that verdict.

    All arguments are fractions in [0, 1].
    """
    positive = sensitivity * prevalence + (1 - specificity) * (1 - prevalence)
    negative = specificity * (1 - prevalence) + (1 - sensitivity) * prevalence
    ppv = sensitivity * prevalence / positive if positive else math.nan
    npv = specificity * (1 - prevalence) / negative if negative else math.nan
    return ppv, npv


def flattened(content: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Leaves of nested dictionaries with their dotted names."""
    for key, value in content.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            yield from flattened(value, f"{name}.")
        else:
            yield name, value


def _note(estimate: object, split: str) -> str:
    count = estimate.get("n") if isinstance(estimate, Mapping) else None
    return f"On the {SPLITS[split]} X-rays" + (f", n = {count:,}" if count else "")
