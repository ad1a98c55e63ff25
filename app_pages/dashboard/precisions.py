"""One X-ray in float32 and INT8: where the masks differ, and the time of each network.

Keys: `precisions` (container), `precision_<network>` (pictures), `precision_table`.
"""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from app_pages.dashboard.analysis import Examined, examine, radiograph_of, segmented
from app_pages.dashboard.settings import Settings
from app_pages.session import PRECISION_TITLES, load_engine, show_problems
from app_pages.widgets import keyed_table, legend
from fracturelens.findings.overlay import overlay_agreement
from fracturelens.findings.views import draw_original, encode_jpeg, view_mask, whole
from fracturelens.results import FracturePrediction, Scores
from fracturelens.screening.network import SCREENING
from important_variables import GATE, NETWORKS, PRECISIONS, RGB, SEVERAL_MARK, title_of
from prediction import judge_scores

ALONE: dict[str, RGB] = {"float32": (213, 94, 0), "int8": (86, 180, 233)}
"""Colors of what one precision alone marks."""


def show_precisions(chosen: Examined, settings: Settings) -> None:
    """Draws the comparison, each precision calibrated as its card says.

    Args:
        chosen: the X-ray; what was examined already is not examined again.
        settings: thresholds and opacity to draw by.
    """
    st.subheader("float32 and INT8, the same X-ray")
    found, scores = {}, {}
    for precision in PRECISIONS:
        engine, problems = load_engine(precision)
        problems.pop(SCREENING, None)  # told above the picture already
        show_problems(problems)
        if problems:
            return
        examined = segmented(examine(chosen.file, engine, accept_any=chosen.accepted), engine)
        scores[precision] = examined.examination.scores
        found[precision] = judge_scores(scores[precision], settings.thresholds, always_paint=True)
    with st.container(key="precisions"):
        keyed_table(comparison(found, scores), "precision_table")
        st.caption(
            "Times were measured on this X-ray and this machine, without reading and drawing. "
            "Both precisions use the same mask thresholds."
        )
        _show_pictures(chosen, found, settings)


def comparison(
    found: Mapping[str, FracturePrediction], scores: Mapping[str, Scores]
) -> list[dict[str, object]]:
    """One row for each network: times, and how far the two precisions differ.

    Args:
        found: prediction for "float32" and "int8", segmenters run in both.
        scores: that they were made of.
    """
    first, second = found["float32"], found["int8"]
    names = [GATE, *first.segmentations]
    return [
        {"Network": title_of(name)}
        | _times({key: 1000 * scores[key].seconds[name] for key in PRECISIONS})
        | (_gate_gap(first, second) if name == GATE else _mask_gap(name, first, second))
        for name in names
    ]


def dice(first: np.ndarray, second: np.ndarray) -> float | None:
    """Dice of two bool (H, W) masks, 0 to 1; None where both are empty."""
    total = np.count_nonzero(first) + np.count_nonzero(second)
    return round(2 * np.count_nonzero(first & second) / total, 4) if total else None


def _times(milliseconds: Mapping[str, float]) -> dict[str, object]:
    row = {f"{PRECISION_TITLES[key]} (ms)": round(value, 1) for key, value in milliseconds.items()}
    return row | {"Times faster": round(milliseconds["float32"] / milliseconds["int8"], 1)}


def _gate_gap(first: FracturePrediction, second: FracturePrediction) -> dict[str, object]:
    gap = abs(first.gate_probability - second.gate_probability)
    return {"Largest probability difference": round(gap, 4)}


def _mask_gap(
    name: str, first: FracturePrediction, second: FracturePrediction
) -> dict[str, object]:
    one, other = first.segmentations[name], second.segmentations[name]
    gap = np.abs(one.probability - other.probability).max()
    return {
        "Largest probability difference": round(float(gap), 4),
        "Pixels that differ": int(np.count_nonzero(one.mask ^ other.mask)),
        "Dice of the masks": dice(one.mask, other.mask),
    }


def _show_pictures(
    chosen: Examined, found: Mapping[str, FracturePrediction], settings: Settings
) -> None:
    pixels = radiograph_of(chosen).pixels
    view = whole(*pixels.shape)
    original = draw_original(pixels, view)
    names = list(found["float32"].segmentations)
    columns = st.columns(2 if settings.large else max(4, len(names)), gap="small")
    for place, name in enumerate(names):
        layers = [
            (view_mask(found[key].segmentations[name].mask, view), ALONE[key]) for key in PRECISIONS
        ]
        picture = overlay_agreement(original, layers, SEVERAL_MARK, settings.opacity)
        with columns[place % len(columns)], st.container(key=f"precision_{name}", gap="xsmall"):
            title = NETWORKS[name].title
            st.image(encode_jpeg(picture), width="stretch", alt=f"{title} in both precisions")
            st.html(f'<p class="fl-caption">{title}: where the precisions differ</p>')
            st.html(_legend())


def _legend() -> str:
    alone = [(ALONE[key], f"{PRECISION_TITLES[key].split(' ')[0]} only") for key in PRECISIONS]
    return legend([(SEVERAL_MARK, "both precisions"), *alone])
