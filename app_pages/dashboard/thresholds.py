"""How reliable a verdict is: the gate's thresholds with what was measured at them.

Keys: `reliability` (popover), `prevalence` (slider, shared with the Evidence page).
"""

from collections.abc import Iterator

import streamlit as st

from app_pages.session import PRECISION_TITLES
from app_pages.widgets import prevalence_slider
from fracturelens.measured.figures import predictive_values
from fracturelens.measured.layout import Estimate, Evaluation, OperatingPoint
from fracturelens.measured.words import SPLITS
from fracturelens.results import Thresholds

SHOWN = {"doubtful": "Unclear", "fracture": "Possible fracture"}
SOUGHT = (
    "It looks for fractures alone. Dislocations, effusions, foreign bodies, arthritis, infections "
    "and tumors are not sought: no word of them does not mean that there are none."
)
COLUMNS = {
    "sensitivity": ("Sensitivity", "of fractured X-rays, at or above the threshold"),
    "specificity": ("Specificity", "of those without one, below it"),
    "ppv": ("PPV", "of those at or above it, fractured"),
}


def show_reliability(
    evaluation: Evaluation | None, precision: str, used: Thresholds, measured: Thresholds
) -> None:
    """Draws what was measured, folded; arguments as of `thresholds_table`."""
    with st.popover("How reliable is this?", key="reliability", type="tertiary"):
        if table := thresholds_table(evaluation, precision, used, measured):
            st.html(table)
            _ask_prevalence(evaluation)
        else:
            st.markdown("Nothing was measured of this verdict.")
        st.caption(SOUGHT)


def thresholds_table(
    evaluation: Evaluation | None, precision: str, used: Thresholds, measured: Thresholds
) -> str:
    """The measured thresholds as HTML.

    Args:
        evaluation: of the gate in this precision; without it the result is "".
        precision: "float32" or "int8".
        used: thresholds that the user judges by.
        measured: of the cards.
    """
    points = dict(_points(evaluation))
    if evaluation is None or not points:
        return ""
    heads = "".join(
        f'<th scope="col">{title}<small>{meaning}</small></th>'
        for title, meaning in COLUMNS.values()
    )
    rows = "".join(_row(name, point) for name, point in points.items())
    moved = (used.doubtful, used.fracture) != (measured.doubtful, measured.fracture)
    return (
        f'<table class="fl-points"><caption>{_caption(evaluation, precision, moved)}</caption>'
        f'<thead><tr><th scope="col">Threshold</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _ask_prevalence(evaluation: Evaluation | None) -> None:
    """Draws what the thresholds mean where fractures are rarer or more common than measured."""
    prevalence = prevalence_slider()
    for name, point in _points(evaluation):
        ppv, npv = predictive_values(*_rates(point), prevalence)
        st.markdown(
            f"**{SHOWN[name]} from {point.threshold:.1%}**: of X-rays at or above it "
            f"{ppv:.0%} are fractured (PPV), of those below it {npv:.0%} are not (NPV)."
        )
    st.caption("By Bayes from the measured sensitivity and specificity.")


def _points(evaluation: Evaluation | None) -> Iterator[tuple[str, OperatingPoint]]:
    """The doubtful and the fracture threshold, where both of their rates were measured."""
    points = evaluation.operating_points if evaluation else {}
    for name in SHOWN:
        if name in points and len(_rates(points[name])) == 2:
            yield name, points[name]


def _rates(point: OperatingPoint) -> list[float]:
    """Sensitivity and specificity, those of them that were measured."""
    rates = (point.metrics.get(key) for key in ("sensitivity", "specificity"))
    return [rate.value for rate in rates if rate is not None and rate.value is not None]


def _caption(evaluation: Evaluation, precision: str, moved: bool) -> str:
    data = evaluation.data
    text = (
        f"Measured in {PRECISION_TITLES[precision]} on {data.images:,} "
        f"{SPLITS[evaluation.split]} X-rays, {data.fractured:,} of them fractured; 95% intervals"
    )
    if moved:
        return f"{text}. You changed the thresholds: these figures hold at the original ones."
    return text


def _row(name: str, point: OperatingPoint) -> str:
    cells = "".join(f"<td>{_percent(point.metrics.get(key))}</td>" for key in COLUMNS)
    return f'<tr><th scope="row">{SHOWN[name]} from {point.threshold:.1%}</th>{cells}</tr>'


def _percent(figure: Estimate | None) -> str:
    """An estimate with its interval; a dash where there is none."""
    if figure is None or figure.value is None:
        return "-"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.1%}"
    return f"{figure.value:.1%} <small>{100 * figure.low:.1f} to {100 * figure.high:.1f}</small>"
