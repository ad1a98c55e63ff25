"""The dashboard's settings: operating points, mask thresholds, opacity, switches.

Keys: `gate_points_<precision>` (range slider of the doubtful and the fracture point;
`gate_point_<precision>` where both are the same), `mask_<network>` (pixel threshold), `opacity`,
`always_segment`, `twin`, `precision`, `large_pictures`, `reset_settings`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.session import PRECISIONS, precisions
from important_variables import SEGMENTERS, TITLES, Thresholds

STEP = 0.005
OPACITY = 0.45
KEPT = {"persist_state": "session"}
"""Settings outlive a visit to another page."""


@dataclass(frozen=True)
class Settings:
    """What the user set.

    Attributes:
        points: thresholds to judge by.
        opacity: of the masks, 0 to 1.
        always_segment: run the segmenters and paint whatever the verdict.
        twin: compare both precisions.
        large: two pictures in a row instead of four.
    """

    points: Thresholds
    opacity: float
    always_segment: bool
    twin: bool
    large: bool


@dataclass(frozen=True)
class Panel:
    """Places of the settings on the page, so that they may stand below what they change."""

    sliders: DeltaGenerator
    switches: DeltaGenerator
    waiting: DeltaGenerator


def open_panel() -> Panel:
    """Opens the box of the settings at this place of the page."""
    box = st.container(border=True, key="settings")
    sliders = box.container()
    switches = box.container(horizontal=True, gap="medium", vertical_alignment="center")
    return Panel(sliders, switches, box.empty())


def choose_precision(panel: Panel) -> str:
    """The precision switch, drawn where an INT8 file exists; "float32" or "int8"."""
    options = precisions()
    if len(options) == 1:
        return options[0]
    return panel.switches.segmented_control(
        "Precision",
        options,
        default=options[0],
        required=True,
        format_func=PRECISIONS.get,
        key="precision",
        label_visibility="collapsed",
        width="content",
        **KEPT,
    )


def ask_settings(
    panel: Panel, precision: str, points: Thresholds, available: Iterable[str]
) -> Settings:
    """Draws the sliders and switches, set to the cards' `points`; returns what the user chose.

    Args:
        panel: where they go.
        precision: that the gate runs in; each has points of its own.
        points: its operating points of the cards.
        available: networks that are loaded.
    """
    segmenters = [name for name in SEGMENTERS if name in available]
    columns = panel.sliders.columns([1.4, *[1] * len(segmenters), 1], gap="medium")
    with columns[0]:
        doubtful, fracture = _gate_slider(precision, points)
    mask = dict(points.mask)
    for name, column in zip(segmenters, columns[1:], strict=False):
        with column:
            mask[name] = _mask_slider(name, points.mask[name])
    with columns[-1]:
        opacity = st.slider(
            "Opacity of masks", 0.0, 1.0, OPACITY, 0.05, "percent", key="opacity", **KEPT
        )
    with panel.switches:
        always, twin, large = _switches()
    chosen = replace(points, doubtful=doubtful, fracture=fracture, mask=mask)
    return Settings(chosen, opacity, always, twin, large)


def _gate_slider(precision: str, points: Thresholds) -> tuple[float, float]:
    """The doubtful and the fracture point, equal where the cards know only one."""
    label = "Gate: doubtful from, fracture from"
    note = "Below the first point: no fracture seen. Between the two: doubtful."
    if points.doubtful < points.fracture:
        both = (float(points.doubtful), float(points.fracture))
        key = f"gate_points_{precision}"
        return st.slider(label, 0.0, 1.0, both, STEP, "percent", key=key, help=note, **KEPT)
    point = st.slider(
        "Gate: fracture from",
        0.0,
        1.0,
        float(points.fracture),
        STEP,
        "percent",
        key=f"gate_point_{precision}",
        **KEPT,
    )
    return point, point


def _mask_slider(name: str, value: float) -> float:
    return st.slider(
        f"Mask: {TITLES[name]}",
        STEP,
        1.0,
        float(value),
        STEP,
        "percent",
        key=f"mask_{name}",
        help="A pixel is painted where the network's probability of a fracture reaches this.",
        **KEPT,
    )


def _switches() -> tuple[bool, bool, bool]:
    """Segment always, compare precisions, large pictures."""
    always = st.toggle(
        "Paint whatever the verdict",
        key="always_segment",
        help="By default only X-rays with the verdict “fracture” are painted: the segmenters mark "
        "something on many whole bones, and the gate is there for that.",
        **KEPT,
    )
    large = st.toggle("Large pictures", key="large_pictures", **KEPT)
    twin = len(precisions()) > 1 and st.toggle("Compare float32 and INT8", key="twin", **KEPT)
    st.button(
        "Reset to the measured points", key="reset_settings", on_click=_reset, type="tertiary"
    )
    return always, bool(twin), large


def _reset() -> None:
    for key in list(st.session_state):
        if key == "opacity" or str(key).startswith(("gate_point", "mask_")):
            del st.session_state[key]
