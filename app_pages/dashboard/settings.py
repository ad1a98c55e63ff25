"""The dashboard's settings: thresholds, opacity, switches.

Keys: `gate_thresholds_<precision>` (range slider of the doubtful and the fracture threshold;
`gate_threshold_<precision>` where both are the same), `mask_<network>` (pixel threshold),
`opacity`, `always_segment`, `compare`, `precision`, `large_pictures`, `reset_settings`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.session import PRECISION_TITLES, precisions
from fracturelens.results import Thresholds
from important_variables import segmenters, title_of

STEP = 0.005
OPACITY = 0.45
KEPT = {"persist_state": "session"}
"""Settings outlive a visit to another page."""


@dataclass(frozen=True)
class Settings:
    """What the user set.

    Attributes:
        thresholds: to judge by.
        opacity: of the masks, 0 to 1.
        always_segment: run the segmenters and paint whatever the verdict.
        compare: show both precisions.
        large: two pictures in a row instead of all.
    """

    thresholds: Thresholds
    opacity: float
    always_segment: bool
    compare: bool
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
        format_func=PRECISION_TITLES.get,
        key="precision",
        label_visibility="collapsed",
        width="content",
        **KEPT,
    )


def ask_settings(
    panel: Panel, precision: str, measured: Thresholds, available: Iterable[str]
) -> Settings:
    """Draws the sliders and switches, set to the measured thresholds; returns the user's choice.

    Args:
        panel: where they go.
        precision: that the networks run in; each has thresholds of its own.
        measured: thresholds of the cards.
        available: networks that are loaded.
    """
    names = [name for name in segmenters() if name in available]
    columns = panel.sliders.columns([1.4, *[1] * len(names), 1], gap="medium")
    with columns[0]:
        doubtful, fracture = _gate_slider(precision, measured)
    mask = dict(measured.mask)
    for name, column in zip(names, columns[1:], strict=False):
        with column:
            mask[name] = _mask_slider(name, measured.mask[name])
    with columns[-1]:
        opacity = st.slider(
            "Opacity of masks", 0.0, 1.0, OPACITY, 0.05, "percent", key="opacity", **KEPT
        )
    with panel.switches:
        always, compare, large = _switches()
    chosen = replace(measured, doubtful=doubtful, fracture=fracture, mask=mask)
    return Settings(chosen, opacity, always, compare, large)


def _gate_slider(precision: str, measured: Thresholds) -> tuple[float, float]:
    """The doubtful and the fracture threshold, equal where the cards know only one."""
    if measured.doubtful < measured.fracture:
        return st.slider(
            "Gate: doubtful from, fracture from",
            0.0,
            1.0,
            (float(measured.doubtful), float(measured.fracture)),
            STEP,
            "percent",
            key=f"gate_thresholds_{precision}",
            help="Below the first threshold: no fracture found. Between the two: doubtful.",
            **KEPT,
        )
    threshold = st.slider(
        "Gate: fracture from",
        0.0,
        1.0,
        float(measured.fracture),
        STEP,
        "percent",
        key=f"gate_threshold_{precision}",
        **KEPT,
    )
    return threshold, threshold


def _mask_slider(name: str, value: float) -> float:
    return st.slider(
        f"Mask: {title_of(name)}",
        STEP,
        1.0,
        float(value),
        STEP,
        "percent",
        key=f"mask_{name}",
        help="A pixel is painted where the network's fracture probability reaches this value.",
        **KEPT,
    )


def _switches() -> tuple[bool, bool, bool]:
    """Segment always, compare precisions, large pictures."""
    always = st.toggle(
        "Paint whatever the verdict",
        key="always_segment",
        help="By default only X-rays with the verdict “fracture” are painted: the segmenters mark "
        "something on many healthy bones, and the gate holds them back.",
        **KEPT,
    )
    large = st.toggle("Large pictures", key="large_pictures", **KEPT)
    compare = len(precisions()) > 1 and st.toggle("Compare float32 and INT8", key="compare", **KEPT)
    st.button(
        "Reset to the measured thresholds", key="reset_settings", on_click=_reset, type="tertiary"
    )
    return always, bool(compare), large


def _reset() -> None:
    for key in list(st.session_state):
        if key == "opacity" or str(key).startswith(("gate_threshold", "mask_")):
            del st.session_state[key]
