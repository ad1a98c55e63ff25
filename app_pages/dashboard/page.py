"""The dashboard: X-rays in; verdicts, overlays and downloads out.

The keys of the widgets are listed in the files that draw them.
"""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.dashboard.analysis import Outcome, examine_all, judged_once, with_maps
from app_pages.dashboard.downloads import reports_of, show_downloads, show_results_download
from app_pages.dashboard.precisions import show_precisions
from app_pages.dashboard.refused import ACCEPTED, show_refused
from app_pages.dashboard.settings import Settings, ask_settings, choose_precision, open_panel
from app_pages.dashboard.site import for_site
from app_pages.dashboard.uploads import XrayFile, ask_for_xrays
from app_pages.dashboard.viewer import show_findings, show_result
from app_pages.dashboard.worklist import choose_xray
from app_pages.session import load_engine, show_problems
from app_pages.widgets import footer
from prediction import Engine, judge_gate, shares_for


def show() -> None:
    """Draws the page."""
    st.title("Dashboard")
    st.caption(
        "Upload X-rays of an arm, leg, hip or shoulder. The gate judges each one, and the "
        "segmentation networks mark what looks like a fracture."
    )
    files = ask_for_xrays()
    if files:
        _work(files)
    footer()


def _work(files: list[XrayFile]) -> None:
    """Loads the networks, runs them over the files and shows what came out.

    The settings stand below the pictures that they change, but are read before those are drawn.
    """
    result, panel, more = st.container(), open_panel(), st.container()
    precision = choose_precision(panel)
    with panel.waiting:  # beside the switch that may have asked for them
        engine, problems = load_engine(precision)
    with result:
        show_problems(problems)
        if engine is None:
            st.info("Without the gate there is no verdict. The other pages still work.")
            return
        engine = for_site(engine)
        outcome = examine_all(files, engine, st.session_state.get(ACCEPTED, ()))
        show_refused(outcome)
    settings = ask_settings(panel, precision, engine.thresholds, engine.networks)
    name = files[0].name if len(files) == 1 else "xrays"
    if outcome.judged:
        _show(outcome, engine, settings, name, result, more)
    else:
        with more:
            show_results_download(partial(reports_of, [], outcome, settings, engine), name)


def _show(
    outcome: Outcome,
    engine: Engine,
    settings: Settings,
    name: str,
    result: DeltaGenerator,
    more: DeltaGenerator,
) -> None:
    """Worklist, verdict and pictures into `result`; findings and downloads into `more`.

    The results of all files are called `name`.
    """
    ranked = sorted(outcome.judged, key=lambda one: -one.examination.scores.gate)
    with result:
        verdicts = [judge_gate(one.examination.scores.gate, settings.thresholds) for one in ranked]
        place = choose_xray(list(zip(ranked, verdicts, strict=True)))
        ranked = with_maps(ranked, engine, settings)
        chosen = ranked[place]
        found = judged_once(chosen, settings)
        shares = shares_for(found, engine)
        show_result(chosen, found, engine, settings, shares)
    with more:
        if found.prediction.segmentations:
            show_findings(found.prediction, shares)
        if settings.compare:
            show_precisions(chosen, settings)
        collect = partial(reports_of, ranked, outcome, settings, engine)
        show_downloads(chosen, found.prediction, settings.opacity, collect, name)
