"""The dashboard: X-rays in; verdicts, overlays and downloads out.

The keys of the widgets are listed in the files that draw them; `room` holds the worklist (`side`),
the X-ray that is open (`viewer`) and the settings.
"""

from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.dashboard.analysis import (
    Examined,
    Outcome,
    examine_all,
    judged_once,
    judged_without_marks,
    with_maps,
)
from app_pages.dashboard.archive import offer_sending
from app_pages.dashboard.downloads import reports_of, show_downloads, show_results_download
from app_pages.dashboard.films import XrayFile, accepted_digests
from app_pages.dashboard.precisions import show_precisions
from app_pages.dashboard.refused import show_refused
from app_pages.dashboard.settings import (
    Drawer,
    Settings,
    ask_settings,
    choose_precision,
    open_drawer,
)
from app_pages.dashboard.site import for_site
from app_pages.dashboard.studies import in_studies, studies_of
from app_pages.dashboard.summary import show_summary
from app_pages.dashboard.uploads import ask_for_xrays
from app_pages.dashboard.viewer import show_findings, show_result
from app_pages.dashboard.worklist import chosen_place, draw_worklist
from app_pages.session import load_engine, show_problems
from app_pages.widgets import footer
from prediction import Engine, judge_gate, shares_for

SIDE_WIDTH = 250
"""Pixels of the worklist beside the viewer."""
SHOWN_KEY = "a_film_was_shown"


@dataclass(frozen=True)
class _Places:
    """Where things go on the page, so that they may be drawn in another order than they stand."""

    progress: DeltaGenerator
    side: DeltaGenerator
    viewer: DeltaGenerator
    drawer: Drawer
    more: DeltaGenerator


def show() -> None:
    """Draws the page."""
    head = st.container(key="head")
    files = ask_for_xrays()
    with head:
        _head(small=bool(files))
    if files:
        _work(files)
    footer()


def _head(small: bool) -> None:
    """The title; once there are X-rays the room is theirs, and only screen readers meet it."""
    if small:
        st.html('<h1 class="fl-unseen">Dashboard</h1>')
        return
    st.title("Dashboard")
    st.caption(
        "Upload X-rays of an arm, leg, hip or shoulder. We flag possible fractures and mark where."
    )


def _work(files: list[XrayFile]) -> None:
    """Loads the networks, judges the files and shows what came out."""
    places = _open_places()
    precision = choose_precision(places.drawer)
    with places.progress:
        engine, problems = load_engine(precision)
    with places.viewer:
        show_problems(problems)
        if engine is None:
            st.info("Without the gate there is no verdict. The other pages still work.")
            return
    with places.viewer:
        engine = for_site(engine)
    with places.progress:
        outcome = examine_all(files, engine, accepted_digests())
    ranked = in_studies(outcome.judged)
    shown = ranked[chosen_place(ranked)].examination.scores.gate if ranked else 0.0
    settings = ask_settings(places.drawer, precision, engine.thresholds, engine.networks, shown)
    name = files[0].name if len(files) == 1 else "xrays"
    if ranked:
        _show(ranked, outcome, engine, settings, name, places)
    else:
        _show_none(outcome, engine, settings, name, places)


def _open_places() -> _Places:
    progress = st.container(key="progress")
    with st.container(horizontal=True, key="room", gap="medium"):
        side = st.container(key="side", width=SIDE_WIDTH)
        viewer = st.container(key="viewer")
        drawer = open_drawer()
    return _Places(progress, side, viewer, drawer, st.container())


def _show_none(
    outcome: Outcome, engine: Engine, settings: Settings, name: str, places: _Places
) -> None:
    """No X-ray has a verdict: why, and the results of all files, called `name`."""
    with places.viewer:
        show_refused(outcome)
    with places.more:
        show_results_download(partial(reports_of, [], outcome, settings, engine), name)


def _show(
    ranked: list[Examined],
    outcome: Outcome,
    engine: Engine,
    settings: Settings,
    name: str,
    places: _Places,
) -> None:
    """The worklist, the X-ray that is open, findings and downloads.

    What is looked at first comes first: the other X-rays are marked when this one is shown.
    The results of all files are called `name`.
    """
    verdicts = [judge_gate(one.examination.scores.gate, settings.thresholds) for one in ranked]
    studies = studies_of(ranked, outcome, settings.thresholds)
    place = chosen_place(ranked)
    chosen = ranked[place]
    study = studies.get(chosen.file.number)
    # Above the picture of another film, which stands until this one's is made, it would mislead.
    first = not st.session_state.get(SHOWN_KEY)
    if first:
        with places.viewer:
            show_summary(chosen, judged_without_marks(chosen, settings), engine, settings, study)
    with places.side:
        if len(ranked) > 1:
            draw_worklist(list(zip(ranked, verdicts, strict=True)), place, studies)
        show_refused(outcome)
    [chosen] = with_maps([chosen], engine, settings)
    found = judged_once(chosen, settings)
    shares = shares_for(found, engine)
    with places.viewer:
        if not first:
            show_summary(chosen, found, engine, settings, study)
        show_result(chosen, found, engine, settings, shares)
    st.session_state[SHOWN_KEY] = True
    with places.progress:
        ranked = with_maps(ranked, engine, settings)
    with places.more:
        if found.prediction.segmentations:
            show_findings(found.prediction, shares)
        if settings.compare:
            show_precisions(chosen, settings)
        collect = partial(reports_of, ranked, outcome, settings, engine)
        show_downloads(chosen, found.prediction, settings.opacity, collect, name)
        offer_sending(chosen, engine, settings)
