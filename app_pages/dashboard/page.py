"""The dashboard: X-rays in, verdicts, overlays and downloads out.

Keys of the widgets are listed where they are drawn: inputs.py, settings.py, gallery.py,
result.py, operating_points.py,
twin_view.py and downloads.py.
"""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.dashboard.analysis import Bench, Outcome, examine_all, judged_once, with_maps
from app_pages.dashboard.downloads import (
    reports_of,
    shares_for,
    show_downloads,
    show_results_download,
)
from app_pages.dashboard.precisions import show_twins
from app_pages.dashboard.refused import ACCEPTED, show_refused
from app_pages.dashboard.settings import Settings, ask_settings, choose_precision, open_panel
from app_pages.dashboard.uploads import XrayFile, ask_for_xrays
from app_pages.dashboard.viewer import show_lesions, show_result
from app_pages.dashboard.worklist import choose_xray
from app_pages.session import load_networks, show_problems
from app_pages.widgets import footer
from fracturelens.measured.shares import region_shares
from important_variables import GATE, SAVED_MODELS
from prediction import judge_gate, load_thresholds


def show() -> None:
    """Draws the page."""
    st.title("Dashboard")
    st.caption("Bring X-rays of a limb, hip or shoulder. The gate judges, two networks point.")
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
        networks, problems = load_networks(precision)
    with result:
        show_problems(problems)
        if GATE not in networks:
            st.info("Without the gate there is no verdict. The other pages work all the same.")
            return
        points = load_thresholds(SAVED_MODELS, precision)
        bench = Bench(networks, precision, points)
        outcome = examine_all(files, bench, st.session_state.get(ACCEPTED, ()))
        show_refused(outcome)
    settings = ask_settings(panel, precision, points, networks)
    name = files[0].name if len(files) == 1 else "xrays"
    if outcome.examined:
        _show(outcome, bench, settings, name, result, more)
    else:
        with more:
            show_results_download(partial(reports_of, [], outcome, settings, {}), name)


def _show(
    outcome: Outcome,
    bench: Bench,
    settings: Settings,
    name: str,
    result: DeltaGenerator,
    more: DeltaGenerator,
) -> None:
    """Gallery, verdict and pictures into `result`; lesions, twins and downloads into `more`.

    The results of all files are called `name`.
    """
    points = settings.points
    ranked = sorted(outcome.examined, key=lambda one: -one.scores.gate)
    with result:
        place = choose_xray([(one, judge_gate(one.scores.gate, points)) for one in ranked])
        ranked = with_maps(ranked, bench, points, settings.always_segment)
        chosen = ranked[place]
        prediction = judged_once(chosen, settings)
        measured = region_shares(points, bench.precision, SAVED_MODELS)
        shares = shares_for(chosen, prediction.verdict, measured)
        show_result(chosen, prediction, bench, settings, shares)
    with more:
        if prediction.segmentations:
            show_lesions(prediction, shares)
        if settings.twin:
            show_twins(chosen.file, settings)
        collect = partial(reports_of, ranked, outcome, settings, measured)
        show_downloads(chosen, prediction, settings.opacity, collect, name)
