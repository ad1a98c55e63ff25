"""Points and pictures of an evaluation's curves; no Streamlit."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from important_variables import DISCLAIMER

MOST_POINTS = 400
"""Points of one curve on the page; the JSON holds all."""


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
        unit_x: the horizontal axis runs from 0 to 1.
    """

    key: str
    title: str
    x: tuple[str, str]
    y: tuple[str, str]
    rows: list[dict]
    diagonal: bool = False
    unit_x: bool = True

    @property
    def series(self) -> list[str]:
        """Names of the curves, in the order of their colours."""
        return list(dict.fromkeys(row["series"] for row in self.rows))


def plots_of(curves: Mapping[str, dict]) -> list[Plot]:
    """The plots that an evaluation's "curves" allow; curves that are absent give none."""
    plots = [*_gate_plots(curves), *_segmenter_plots(curves)]
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
        for series in plot.series:
            rows = [row for row in plot.rows if row["series"] == series]
            axis.plot(
                [row[plot.x[0]] for row in rows], [row[plot.y[0]] for row in rows], label=series
            )
        if plot.diagonal:
            axis.plot([0, 1], [0, 1], "--", color="0.6", linewidth=1)
        axis.set(title=plot.title, xlabel=plot.x[1], ylabel=plot.y[1], ylim=(0, 1.02))
        axis.grid(alpha=0.2)
        if len(plot.series) > 1:
            axis.legend(fontsize=8)
    figure.suptitle(title)
    figure.supxlabel(f"FractureLens. {DISCLAIMER}", fontsize=8)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=150, metadata={"Disclaimer": DISCLAIMER})
    return buffer.getvalue()


def _gate_plots(curves: Mapping[str, dict]) -> list[Plot]:
    return [
        Plot(
            "roc",
            "ROC: how many fractures are caught at what cost",
            ("fpr", "False positive rate (1 - specificity)"),
            ("tpr", "Sensitivity"),
            _points(curves.get("roc"), "gate"),
            diagonal=True,
        ),
        Plot(
            "precision_recall",
            "Precision and recall",
            ("recall", "Recall (sensitivity)"),
            ("precision", "Precision (PPV)"),
            _points(curves.get("precision_recall"), "gate"),
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


def _segmenter_plots(curves: Mapping[str, dict]) -> list[Plot]:
    return [
        Plot(
            "froc",
            "FROC: lesions found against false regions",
            ("false_per_image", "False regions per X-ray"),
            ("recall", "Share of lesions found"),
            _froc_points(curves.get("froc", {})),
            unit_x=False,
        ),
        Plot(
            "dice_by_threshold",
            "Dice against the mask threshold",
            ("threshold", "Mask threshold"),
            ("dice", "Mean Dice, fractured X-rays"),
            _points(curves.get("dice_by_threshold"), "Dice"),
        ),
    ]


def _froc_points(curves: Mapping[str, dict]) -> list[dict]:
    """FROC curves of all overlaps that count as found ("10" means IoU 0.1)."""
    return [
        row
        for overlap in sorted(curves)
        for row in _points(curves[overlap], f"IoU ≥ {int(overlap) / 100:g}")
    ]


def _points(curve: Mapping[str, list] | None, series: str) -> list[dict]:
    """Rows of a curve given as lists of equal length, thinned to MOST_POINTS, nulls left out."""
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
