"""Lays the training curves out as rows, tables and files; no Streamlit."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from app_pages.reports import table_csv
from important_variables import DISCLAIMER, GATE, TITLES
from model_card import ModelCard
from training_history import History

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


def histories_csv(histories: Iterable[History]) -> bytes:
    """All epochs of all networks as one CSV, the disclaimer in the last column."""
    rows = [
        {"network": history.name, **row, "best": row["epoch"] == history.best_epoch}
        for history in histories
        for row in history.rows
    ]
    columns = dict.fromkeys(key for row in rows for key in row)
    return table_csv([*columns, "notice"], [{**row, "notice": DISCLAIMER} for row in rows])


def histories_png(histories: list[History]) -> bytes:
    """The charts as one PNG for a paper or a talk, the disclaimer below them."""
    from matplotlib.figure import Figure  # takes half a second: not before it is needed

    curves = curves_of(histories[0].name)
    figure = Figure(figsize=(11, 3.6 * -(-len(curves) // 2)), layout="constrained")
    axes = figure.subplots(-(-len(curves) // 2), 2, squeeze=False).ravel()
    for axis in axes[len(curves) :]:
        axis.axis("off")
    for axis, curve in zip(axes, curves, strict=False):
        _draw(axis, histories, curve)
    figure.supxlabel(f"FractureLens. {DISCLAIMER}", fontsize=8)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=150, metadata={"Disclaimer": DISCLAIMER})
    return buffer.getvalue()


def _draw(axis, histories: list[History], curve: Curve) -> None:
    """One measure into one matplotlib axis: train dashed, validation solid, best epoch dotted."""
    for history in histories:
        colour = COLOURS[history.name]
        for prefix, split in SPLITS.items():
            points = [
                (row["epoch"], row[prefix + curve.column])
                for row in history.rows
                if prefix + curve.column in row
            ]
            if points:
                style = "-" if prefix else "--"
                label = f"{TITLES[history.name]}, {split}"
                axis.plot(*zip(*points, strict=True), style, color=colour, label=label)
        axis.axvline(history.best_epoch, color=colour, linestyle=":", linewidth=1)
    level = baseline_of(histories, curve)
    if level is not None:
        axis.axhline(level, color="0.4", linewidth=1, label="baseline: always nothing")
    axis.set(title=curve.title, xlabel="Epoch")
    axis.grid(alpha=0.2)
    axis.legend(fontsize=7)
