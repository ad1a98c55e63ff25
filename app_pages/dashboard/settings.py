"""The drawer of settings: thresholds, opacity, switches; only what applies to the X-ray shown.

Keys: `settings_open` (switch), `settings` (the drawer), `gate_doubtful_<precision>` and
`gate_fracture_<precision>` (thresholds of the gate; the second alone where both are the same),
`mask_<network>` (pixel threshold), `opacity`, `always_segment`, `compare`, `precision`,
`large_pictures`, `reset_settings`, `close_settings`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.session import PRECISION_TITLES, precisions
from fracturelens.results import Thresholds, Verdict
from important_variables import segmenters, title_of
from prediction import judge_gate

STEP = 0.005
OPACITY = 0.45
DRAWER_WIDTH = 300
"""Pixels."""
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
        custom: whether a threshold is another than the measured one.
    """

    thresholds: Thresholds
    opacity: float
    always_segment: bool
    compare: bool
    large: bool
    custom: bool = False


@dataclass(frozen=True)
class Drawer:
    """Places of the settings on the page, so that what they change may be drawn before them."""

    precision: DeltaGenerator
    thresholds: DeltaGenerator
    display: DeltaGenerator


def ask_whether_open() -> None:
    """Draws the switch that opens the drawer; the style sheet hides a closed one."""
    st.toggle("Settings", key="settings_open", **KEPT)


def open_drawer() -> Drawer:
    """Opens the drawer at this place of the page."""
    with st.container(key="settings", border=True, width=DRAWER_WIDTH):
        thresholds, display, precision = (st.container() for _ in range(3))
        st.button("Close settings", key="close_settings", on_click=_close, width="stretch")
    return Drawer(precision, thresholds, display)


def choose_precision(drawer: Drawer) -> str:
    """The precision switch, drawn where an INT8 file exists; "float32" or "int8"."""
    options = precisions()
    if len(options) == 1:
        return options[0]
    return drawer.precision.segmented_control(
        "Precision of the networks",
        options,
        default=options[0],
        required=True,
        format_func=PRECISION_TITLES.get,
        key="precision",
        width="stretch",
        **KEPT,
    )


def ask_settings(
    drawer: Drawer,
    precision: str,
    measured: Thresholds,
    available: Iterable[str],
    probability: float,
) -> Settings:
    """Draws what applies, set to the measured thresholds; returns the user's choice.

    Args:
        drawer: where it goes.
        precision: that the networks run in; each has thresholds of its own.
        measured: thresholds of the cards.
        available: networks that are loaded.
        probability: of the gate, for the X-ray shown; it decides what applies.
    """
    starts = _starts(precision, measured)
    _begin_at(starts)
    chosen = _chosen_thresholds(precision, measured)
    always = bool(st.session_state.get("always_segment"))
    verdict = judge_gate(probability, chosen)
    marked = always or verdict is not Verdict.NO_FRACTURE
    with drawer.thresholds:
        st.markdown("**Verdict thresholds**")
        _gate_sliders(precision, measured)
        for name in [name for name in segmenters() if name in available and marked]:
            _mask_slider(name)
        custom = chosen != measured
        if custom:
            _offer_reset(starts)
    with drawer.display:
        opacity, compare, large = _display(always or verdict is Verdict.FRACTURE)
    return Settings(chosen, opacity, always, compare, large, custom)


def _starts(precision: str, measured: Thresholds) -> dict[str, float]:
    """The measured value of each slider, by its key."""
    starts = {f"gate_fracture_{precision}": measured.fracture}
    if measured.doubtful < measured.fracture:
        starts[f"gate_doubtful_{precision}"] = measured.doubtful
    starts |= {f"mask_{name}": value for name, value in measured.mask.items()}
    return {key: float(value) for key, value in starts.items()}


def _begin_at(starts: Mapping[str, float]) -> None:
    """Sets each slider to its measured value where that is new: at first, or in a new card."""
    for key, value in starts.items():
        if st.session_state.get(f"{key}_measured") != value:
            st.session_state[key] = st.session_state[f"{key}_measured"] = value


def _chosen_thresholds(precision: str, measured: Thresholds) -> Thresholds:
    """What the sliders say, drawn or not; the doubtful threshold never lies above the other."""
    said = st.session_state
    fracture = doubtful = said[f"gate_fracture_{precision}"]
    if measured.doubtful < measured.fracture:
        doubtful = min(fracture, said[f"gate_doubtful_{precision}"])
    mask = {name: said[f"mask_{name}"] for name in measured.mask}
    return replace(measured, doubtful=doubtful, fracture=fracture, mask=mask)


def _gate_sliders(precision: str, measured: Thresholds) -> None:
    """One slider for each threshold: the two of a range round each other when one is moved."""
    _slider(
        "Possible fracture from",
        f"gate_fracture_{precision}",
        "From this probability on, the verdict is “Possible fracture”.",
    )
    if measured.doubtful < measured.fracture:
        _slider(
            "Unclear from",
            f"gate_doubtful_{precision}",
            "Below this probability, the verdict is “No fracture found”. Set above the other "
            "threshold, it counts as equal to it.",
        )


def _mask_slider(name: str) -> None:
    _slider(
        f"{title_of(name)} marks from",
        f"mask_{name}",
        "A pixel is marked where the network's probability of a fracture reaches this value.",
        lowest=STEP,
    )


def _slider(label: str, key: str, note: str, lowest: float = 0.0) -> None:
    """A threshold; its value is in the session, where a reset can set it."""
    st.slider(label, lowest, 1.0, step=STEP, format="percent", key=key, help=note, **KEPT)


def _display(painted: bool) -> tuple[float, bool, bool]:
    """Opacity, comparison and large pictures; the opacity only where something is painted."""
    st.markdown("**Display**")
    st.toggle(
        "Always show masks",
        key="always_segment",
        help="By default masks are painted only where the verdict is “Possible fracture”: the "
        "networks mark something on many healthy bones, and the verdict holds them back.",
        **KEPT,
    )
    opacity = st.session_state.get("opacity", OPACITY)
    if painted:
        opacity = st.slider(
            "Opacity of masks", 0.0, 1.0, OPACITY, 0.05, "percent", key="opacity", **KEPT
        )
    large = st.toggle("Large pictures", key="large_pictures", **KEPT)
    compare = len(precisions()) > 1 and st.toggle("Compare float32 and INT8", key="compare", **KEPT)
    return opacity, bool(compare), large


def _offer_reset(starts: Mapping[str, float]) -> None:
    st.button(
        "Reset to the measured thresholds",
        key="reset_settings",
        on_click=_reset,
        args=(starts,),
        icon=":material/restart_alt:",
        width="stretch",
    )


def _close() -> None:
    st.session_state["settings_open"] = False


def _reset(starts: Mapping[str, float]) -> None:
    """Sets each slider: one whose key is only forgotten keeps its old value in the browser."""
    for key, value in starts.items():
        st.session_state[key] = value
