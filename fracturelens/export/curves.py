"""Training curves as files to take away: CSV and PNG."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from fracturelens.export.csv import table_csv
from fracturelens.measured.curves import SERIES, baseline_of, curves_of
from fracturelens.networks.history import History
from important_variables import DISCLAIMER, NETWORKS, Curve, title_of


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

    curves = curves_of(histories)
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


def _draw(axis: Any, histories: list[History], curve: Curve) -> None:
    """One measure into one matplotlib axis: train dashed, validation solid, best epoch dotted."""
    for history in histories:
        color = NETWORKS[history.name].lines[0]
        for prefix, split in SERIES.items():
            points = [
                (row["epoch"], row[prefix + curve.column])
                for row in history.rows
                if prefix + curve.column in row
            ]
            if points:
                style = "-" if prefix else "--"
                label = f"{title_of(history.name)}, {split}"
                axis.plot(*zip(*points, strict=True), style, color=color, label=label)
        axis.axvline(history.best_epoch, color=color, linestyle=":", linewidth=1)
    level = baseline_of(histories, curve)
    if level is not None:
        axis.axhline(level, color="0.4", linewidth=1, label="baseline: always nothing")
    axis.set(title=curve.title, xlabel="Epoch")
    axis.grid(alpha=0.2)
    axis.legend(fontsize=7)
