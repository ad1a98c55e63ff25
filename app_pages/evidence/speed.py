"""The speed part of the Evidence page, read from what `fracturelens benchmark` wrote.

Keys: `read_claims`, `pareto`, `pareto_table`, `read_ways`, `read_cascade`, `read_predict`,
`read_runs`.
"""

from pathlib import Path

import streamlit as st

from app_pages.evidence.pareto_chart import pareto_chart
from app_pages.session import load_engine
from app_pages.widgets import reading_table
from fracturelens.measured.pareto import read_ways, way_rows
from fracturelens.measured.speed import (
    COMMAND,
    cascade_rows,
    chosen_line,
    claim_rows,
    command_rows,
    machine_line,
    read_benchmark,
    run_rows,
    runtimes_words,
    stale_line,
)
from important_variables import CASCADE


def show_speed(subject: str, models: Path) -> None:
    """Draws the claims and the whole way of a picture for "cascade", else one network's times.

    Args:
        subject: a network or "cascade".
        models: folder of the networks.
    """
    report = read_benchmark()
    if report is None or (subject != CASCADE and subject not in report["networks"]):
        st.info(f"Not measured yet. Run `{COMMAND}`.", icon=":material/speed:")
        return
    st.caption(f"{machine_line(report)} Milliseconds; the ratios are the claims.")
    if told := chosen_line(report):
        st.caption(told)
    _tell_runtimes()
    if stale := stale_line(report, models):
        st.caption(f":material/history: {stale}")
    if subject != CASCADE:
        reading_table(run_rows(report, subject), "runs")
        return
    reading_table(claim_rows(report), "claims")
    _draw_pareto()
    st.subheader("JPEG of 2304 x 2880 pixels to all overlays, all networks run")
    reading_table(cascade_rows(report), "cascade")
    st.subheader("The command `predict` in INT8, from its start to its end")
    reading_table(command_rows(report), "predict")


def _draw_pareto() -> None:
    """Every way to mark an X-ray by its time and its Dice; nothing where none was measured."""
    ways = read_ways()
    if not ways:
        return
    st.subheader("Dice against time")
    st.caption(
        "Each point is one way to run one network. The dashed line joins the ways that no quicker "
        "one beats. Tap a point, or move over it, to read it."
    )
    with st.container(key="pareto"):
        st.vega_lite_chart(spec=pareto_chart(ways), alt="Dice against milliseconds for one X-ray")
    with st.expander("All ways as a table", key="pareto_table"):
        reading_table(way_rows(ways), "ways")


def _tell_runtimes() -> None:
    """Says what runs the INT8 networks of this app, where they can be loaded."""
    engine, _ = load_engine("int8")
    runtimes = {name: one.runtime for name, one in engine.networks.items()} if engine else {}
    if runtimes and all(runtimes.values()):
        st.caption(f":material/memory: In use here for INT8: {runtimes_words(runtimes)}.")
