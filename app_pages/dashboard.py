"""The dashboard: X-rays in, verdicts, overlays and downloads out.

Keys of the widgets are listed where they are drawn: inputs.py, settings.py, gallery.py,
result.py and twin_view.py.
"""

import streamlit as st

from app_pages.analysis import Bench, Examined, examine_all, judged, with_maps
from app_pages.gallery import choose_xray
from app_pages.inputs import XrayFile, ask_for_xrays
from app_pages.result import show_downloads, show_result
from app_pages.settings import Settings, ask_settings, choose_precision
from app_pages.shared import footer, load_networks, plain, show_problems
from app_pages.twin_view import show_twins
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
    """Loads the networks, runs them over the files and shows what came out."""
    precision = choose_precision()
    networks, problems = load_networks(precision)
    show_problems(problems)
    if GATE not in networks:
        st.info("Without the gate there is no verdict. The other pages work all the same.")
        return
    points = load_thresholds(SAVED_MODELS)
    bench = Bench(networks, precision, points)
    examined, refused = examine_all(files, bench)
    for name, reason in refused.items():
        st.error(f"**{plain(name)}** was not read: {reason}", icon=":material/broken_image:")
    if examined:
        _show(examined, bench, ask_settings(points, networks))


def _show(examined: list[Examined], bench: Bench, settings: Settings) -> None:
    points = settings.points
    ranked = sorted(examined, key=lambda one: -one.scores.gate)
    place = choose_xray([(one, judge_gate(one.scores.gate, points)) for one in ranked])
    ranked = with_maps(ranked, bench, points, settings.always_segment)
    prediction = judged(ranked[place], settings)
    show_result(ranked[place], prediction, settings)
    if settings.twin:
        show_twins(ranked[place].file, bench.points, settings)
    show_downloads(ranked[place], prediction, ranked, settings)
