"""Lays the training curves out as rows."""

from collections.abc import Iterable

from fracturelens.networks.card import ModelCard
from fracturelens.networks.history import History
from important_variables import NETWORKS, Curve, title_of

SERIES = {"": "train", "val_": "validation"}
"""What a history holds of each measure, by the start of the column's name."""


def chart_rows(histories: Iterable[History], curve: Curve) -> list[dict[str, object]]:
    """One row for each point of a chart: epoch, value, network, split, series, best (bool)."""
    return [
        {
            "epoch": int(row["epoch"]),
            "value": row[prefix + curve.column],
            "network": title_of(history.name),
            "split": split,
            "series": f"{title_of(history.name)}, {split}",
            "best": prefix == "val_" and row["epoch"] == history.best_epoch,
        }
        for history in histories
        for row in history.rows
        for prefix, split in SERIES.items()
        if prefix + curve.column in row
    ]


def curves_of(histories: Iterable[History]) -> list[Curve]:
    """The measures that the specs of these networks name, each once, in their order."""
    return list(dict.fromkeys(curve for one in histories for curve in NETWORKS[one.name].curves))


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
    twice = "Each was looked at twice, as it is and changed as an export changes films. "
    return (
        f"The validation curves are measured on {watched['pictures']:,} of the validation X-rays: "
        f"all {watched['fractured']:,} fractured ones and {others:,} of the others, every fourth, "
        f"to save time in each epoch. {twice if watched.get('changed') else ''}The Evidence page "
        "measures all of them, so that its figures differ."
    )
