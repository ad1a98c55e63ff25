"""The gate's operating points with what was measured at them.

Keys: `ppv` (popover), `prevalence` (slider, shared with the Evidence page).
"""

from collections.abc import Iterator, Mapping

import streamlit as st

from app_pages.session import PRECISIONS
from app_pages.widgets import prevalence_slider
from fracturelens.measured.evaluation import SPLITS, predictive_values
from fracturelens.measured.shares import GateEvaluation
from important_variables import Thresholds

POINTS = {"doubtful": "Doubtful", "fracture": "Fracture"}
COLUMNS = {
    "sensitivity": ("Sensitivity", "of fractured X-rays, at or above the point"),
    "specificity": ("Specificity", "of whole ones, below it"),
    "ppv": ("PPV", "of those at or above it, fractured"),
}


def points_table(
    evaluation: GateEvaluation | None, precision: str, points: Thresholds, measured: Thresholds
) -> str:
    """The measured points as HTML, for the verdict card.

    Args:
        evaluation: of the gate in this precision; without it the result is "".
        precision: "float32" or "int8".
        points: that the user judges by.
        measured: of the cards.
    """
    entries = list(_points(evaluation))
    if not entries:
        return ""
    heads = "".join(
        f'<th scope="col">{title}<small>{meaning}</small></th>'
        for title, meaning in COLUMNS.values()
    )
    rows = "".join(_row(name, point) for name, point in entries)
    moved = (points.doubtful, points.fracture) != (measured.doubtful, measured.fracture)
    return (
        f'<table class="fl-points"><caption>{_caption(evaluation, precision, moved)}</caption>'
        f'<thead><tr><th scope="col">Point</th>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


def ask_prevalence(evaluation: GateEvaluation | None) -> None:
    """Draws what the points mean where fractures are rarer or more common than in the split."""
    entries = [
        (name, point, point["metrics"]["sensitivity"], point["metrics"]["specificity"])
        for name, point in _points(evaluation)
    ]
    if not entries:
        return
    with st.popover("PPV for your share of fractures", key="ppv", type="tertiary"):
        prevalence = prevalence_slider()
        for name, point, sensitivity, specificity in entries:
            ppv, npv = predictive_values(sensitivity["value"], specificity["value"], prevalence)
            st.markdown(
                f"**{POINTS[name]} from {point['threshold']:.1%}**: of X-rays at or above it "
                f"{ppv:.0%} are fractured (PPV), of those below it {npv:.0%} are not (NPV)."
            )
        st.caption("By Bayes from the measured sensitivity and specificity.")


def _points(evaluation: GateEvaluation | None) -> Iterator[tuple[str, Mapping]]:
    """The doubtful and the fracture point, where both of their rates were measured."""
    points = evaluation.content.get("operating_points", {}) if evaluation else {}
    for name in POINTS:
        metrics = points.get(name, {}).get("metrics", {})
        rates = [metrics.get(key, {}).get("value") for key in ("sensitivity", "specificity")]
        if None not in rates:
            yield name, points[name]


def _caption(evaluation: GateEvaluation, precision: str, moved: bool) -> str:
    data = evaluation.content["data"]
    text = (
        f"Measured in {PRECISIONS[precision]} on {data['images']:,} {SPLITS[evaluation.split]} "
        f"X-rays, {data['fractured']:,} of them fractured; 95% intervals"
    )
    return f"{text}. You moved the points: this holds at the measured ones." if moved else text


def _row(name: str, point: Mapping) -> str:
    cells = "".join(f"<td>{_percent(point['metrics'].get(key))}</td>" for key in COLUMNS)
    return f'<tr><th scope="row">{POINTS[name]} from {point["threshold"]:.1%}</th>{cells}</tr>'


def _percent(estimate: Mapping | None) -> str:
    """An estimate with its interval; a dash where there is none."""
    if not estimate or estimate.get("value") is None:
        return "-"
    low, high = estimate.get("low"), estimate.get("high")
    ends = "" if low is None else f" <small>{100 * low:.1f} to {100 * high:.1f}</small>"
    return f"{estimate['value']:.1%}{ends}"
