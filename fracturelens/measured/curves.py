"""Lays the training curves out as rows, tables and files; no Streamlit."""

from collections.abc import Iterable
from dataclasses import dataclass

from fracturelens.networks.card import ModelCard
from fracturelens.networks.history import History
from important_variables import GATE, TITLES

SPLITS = {"": "train", "val_": "validation"}
COLOURS = {"encoder_decoder": "#d55e00", "unet": "#0072b2", "gate": "#0b6b67"}


@dataclass(frozen=True)
class Curve:
    """A measure that is drawn against the epochs.

    Attributes:
        column: of history.csv; the validation value stands in `val_<column>`.
        title: for people.
        baseline: column of the value that a network reaches by answering "nothing" always.
    """

    column: str
    title: str
    baseline: str = ""


SEGMENTER_CURVES = (
    Curve("dice_positives", "Dice on fractured X-rays"),
    Curve("loss", "Loss"),
    Curve("iou_positives", "IoU on fractured X-rays"),
    Curve(
        "pixel_accuracy", "Pixel accuracy, a weak figure", baseline="val_pixel_accuracy_baseline"
    ),
)
GATE_CURVES = (
    Curve("auroc", "AUROC"),
    Curve("loss", "Loss"),
    Curve("accuracy", "Accuracy", baseline="val_accuracy_baseline"),
)


def curves_of(name: str) -> tuple[Curve, ...]:
    """The measures that a network's history holds, the one that tells most first."""
    return GATE_CURVES if name == GATE else SEGMENTER_CURVES


def chart_rows(histories: Iterable[History], curve: Curve) -> list[dict[str, object]]:
    """One row for each point of a chart: epoch, value, network, split, series, best (bool)."""
    return [
        {
            "epoch": int(row["epoch"]),
            "value": row[prefix + curve.column],
            "network": TITLES[history.name],
            "split": split,
            "series": f"{TITLES[history.name]}, {split}",
            "best": prefix == "val_" and row["epoch"] == history.best_epoch,
        }
        for history in histories
        for row in history.rows
        for prefix, split in SPLITS.items()
        if prefix + curve.column in row
    ]


def baseline_of(histories: Iterable[History], curve: Curve) -> float | None:
    """What answering "nothing" always would reach, or None where the measure has no such value."""
    values = (row.get(curve.baseline) for history in histories for row in history.rows)
    return next((value for value in values if value is not None), None)


def watched_words(card: ModelCard) -> str:
    """On which X-rays the validation curves are measured; "" where the card does not say."""
    watched = card.data.get("watched_val")
    if not watched:
        return ""
    others = watched["pictures"] - watched["fractured"]
    return (
        f"The validation curves are measured on {watched['pictures']:,} of the validation X-rays: "
        f"all {watched['fractured']:,} fractured ones and {others:,} of the others, every fourth, "
        "to save time in each epoch. The Evidence page measures all of them, so that its figures "
        "differ."
    )
