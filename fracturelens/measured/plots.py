"""Points and pictures of an evaluation's curves."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from fracturelens.measured.keys import OVERLAP_LIMITS, froc_curve_key
from fracturelens.measured.layout import OperatingPoint
from important_variables import DISCLAIMER

Curve = Mapping[str, list[float | None]]
"""Columns of equal length."""
MOST_POINTS = 400
"""Points of one curve on the page; the JSON holds all."""
MARKED = ("doubtful", "fracture")
"""Operating points that are marked on the curves of the gate."""


@dataclass(frozen=True)
class Plot:
    """One plot of an evaluation.

    Attributes:
        key: short name, for widgets.
        title: above the plot.
        x: key and title of the horizontal axis.
        y: key and title of the vertical axis.
        rows: points with the keys of both axes, "series" and "order".
        diagonal: draw chance, or perfect calibration, as a line.
        marks: points of interest, with the keys of both axes and "name".

    Both axes run from 0 to 1.
    """

    key: str
    title: str
    x: tuple[str, str]
    y: tuple[str, str]
    rows: list[dict]
    diagonal: bool = False
    marks: tuple[dict, ...] = ()

    @property
    def series(self) -> list[str]:
        """Names of the curves, in the order of their colors."""
        return list(dict.fromkeys(row["series"] for row in self.rows))


def plots_of(curves: Mapping[str, Curve], points: Mapping[str, OperatingPoint]) -> list[Plot]:
    """The plots that the curves of a part of an evaluation allow; absent curves give none.

    Args:
        curves: of the part.
        points: operating points, which are marked on the curves of a gate; may be empty.
    """
    plots = [*_gate_plots(curves, points), *_segmenter_plots(curves)]
    return [plot for plot in plots if plot.rows]


def plots_png(plots: list[Plot], title: str) -> bytes:
    """All plots as one PNG, the disclaimer below them."""
    from matplotlib.figure import Figure  # takes half a second: not before it is needed

    lines = -(-len(plots) // 2)
    figure = Figure(figsize=(11, 4.2 * lines), layout="constrained")
    axes = figure.subplots(lines, 2, squeeze=False).ravel()
    for axis in axes[len(plots) :]:
        axis.axis("off")
    for axis, plot in zip(axes, plots, strict=False):
        _draw(axis, plot)
    figure.suptitle(title)
    figure.supxlabel(f"FractureLens. {DISCLAIMER}", fontsize=8)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=150, metadata={"Disclaimer": DISCLAIMER})
    return buffer.getvalue()


def _draw(axis: Any, plot: Plot) -> None:
    """One plot; the axis is matplotlib's."""
    for series in plot.series:
        rows = [row for row in plot.rows if row["series"] == series]
        axis.plot([row[plot.x[0]] for row in rows], [row[plot.y[0]] for row in rows], label=series)
    if plot.diagonal:
        axis.plot([0, 1], [0, 1], "--", color="0.6", linewidth=1)
    for mark in plot.marks:
        place = mark[plot.x[0]], mark[plot.y[0]]
        axis.plot(*place, "D", color="0.2")
        axis.annotate(mark["name"], place, (6, -12), textcoords="offset points", fontsize=8)
    axis.set(title=plot.title, xlabel=plot.x[1], ylabel=plot.y[1])
    axis.set(xlim=(0, 1.02), ylim=(0, 1.02))
    axis.grid(alpha=0.2)
    if len(plot.series) > 1:
        axis.legend(fontsize=8)


def _gate_plots(curves: Mapping[str, Curve], points: Mapping[str, OperatingPoint]) -> list[Plot]:
    marks = _marks(points)
    return [
        Plot(
            "roc",
            "ROC: how many fractures are caught at what cost",
            ("fpr", "False positive rate (1 - specificity)"),
            ("tpr", "Sensitivity"),
            _points(curves.get("roc"), "gate"),
            diagonal=True,
            marks=marks,
        ),
        Plot(
            "precision_recall",
            "Precision-recall curve: of the X-rays called fractured, how many are?",
            ("recall", "Sensitivity (recall)"),
            ("precision", "Positive predictive value (precision)"),
            _points(curves.get("precision_recall"), "gate"),
            marks=marks,
        ),
        Plot(
            "reliability",
            "Reliability: does 30 % mean 30 %?",
            ("predicted", "Mean predicted probability"),
            ("observed", "Share that is fractured"),
            _points(curves.get("reliability"), "calibrated")
            + _points(curves.get("reliability_raw"), "before calibration"),
            diagonal=True,
        ),
    ]


def _segmenter_plots(curves: Mapping[str, Curve]) -> list[Plot]:
    return [
        Plot(
            "froc",
            "FROC: lesions found against false regions",
            ("false_per_image", "False regions per X-ray, up to 1"),
            ("recall", "Share of lesions found"),
            _froc_points(curves),
        ),
        Plot(
            "dice_by_threshold",
            "Dice against the mask threshold",
            ("threshold", "Mask threshold"),
            ("dice", "Mean Dice, fractured X-rays"),
            _points(curves.get("dice_by_threshold"), "Dice"),
        ),
    ]


def _marks(points: Mapping[str, OperatingPoint]) -> tuple[dict, ...]:
    """Both operating points with their places on the ROC and the precision-recall curve."""
    return tuple(
        {
            "name": f"{name} {point.threshold:.3f}",
            "fpr": point.fp / max(point.fp + point.tn, 1),
            "tpr": point.tp / max(point.tp + point.fn, 1),
            "recall": point.tp / max(point.tp + point.fn, 1),
            "precision": point.tp / max(point.tp + point.fp, 1),
        }
        for name, point in points.items()
        if name in MARKED
    )


def _froc_points(curves: Mapping[str, Curve]) -> list[dict]:
    """FROC curves of all overlaps that count as found.

    They end at one false region per X-ray, where a picture is of no use any more: so the axis is
    the same for all networks.
    """
    return [
        row
        for limit in OVERLAP_LIMITS
        for row in _points(curves.get(froc_curve_key(limit)), f"IoU ≥ {limit:g}")
        if row["false_per_image"] <= 1
    ]


def _points(curve: Curve | None, series: str) -> list[dict]:
    """Rows of a curve given as columns, thinned to MOST_POINTS, nulls left out."""
    if not curve:
        return []
    keys = list(curve)
    rows = [dict(zip(keys, values, strict=True)) for values in zip(*curve.values(), strict=False)]
    step = -(-len(rows) // MOST_POINTS)
    kept = [row for index, row in enumerate(rows) if index % step == 0 or index == len(rows) - 1]
    return [
        {**row, "series": series, "order": order}
        for order, row in enumerate(kept)
        if None not in row.values() or row.get("threshold", 0) is None
    ]
