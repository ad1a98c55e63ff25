"""The evaluation part of the Evidence page; a section that the file lacks is left out.

Keys: `prevalence` (slider), `read_evidence_<network>_<place>`, `read_audit`, `read_tiers`,
`read_points`, `read_agreement`, `read_agreement_doubtful`, `read_subgroups_<network>`,
`read_cross_fitted_<place>`, `plot_<network>_<key>`, `download_evaluation`, `download_plots`.
"""

import json
from collections.abc import Mapping

import streamlit as st

from app_pages.charts import line_chart
from app_pages.widgets import prevalence_slider, reading_table
from fracturelens.measured.evaluation import SPLITS
from fracturelens.measured.plots import Plot, plots_of, plots_png
from fracturelens.measured.tables import (
    COUNTED_TWICE,
    agreement_rows,
    ece_note,
    exclusion_rows,
    group_rows,
    metric_sections,
    point_rows,
)
from important_variables import DISCLAIMER, TITLES


def show_figures(subject: str, split: str, content: dict) -> None:
    """Draws all sections that the evaluation holds.

    Args:
        subject: a network or "cascade".
        split: "val" or "test".
        content: the evaluation.
    """
    _head(split, content)
    labels = content.get("labels", {})
    _metrics(content, labels, subject)
    _operating_points(content.get("operating_points", {}))
    _tiers(content.get("tiers", {}))
    _agreement("Where both networks agree", content, "agreement")
    _agreement("The same for the hints on doubtful X-rays", content, "agreement_doubtful")
    parts = content.get("networks") or {subject: content}
    plots = []
    for name, part in parts.items():
        if part is not content:
            st.header(f"Gate, then {TITLES.get(name, name)}")
            _metrics(part, labels, name)
        drawn = plots_of(part.get("curves", {}), part.get("operating_points", {}))
        _plots(drawn, name)
        plots += drawn
        if part.get("subgroups"):
            st.subheader("Subgroups")
            reading_table(group_rows(part["subgroups"], labels), f"subgroups_{name}")
    _cross_fitted(content.get("cross_fitted", {}), labels)
    _downloads(subject, split, content, plots)


def _head(split: str, content: dict) -> None:
    data = content.get("data", {})
    counts = ", ".join(
        f"{data[key]:,} {words}"
        for key, words in (
            ("images", "X-rays"),
            ("fractured", "fractured"),
            ("lesions", "lesions"),
            ("groups", "groups of consecutive ids"),
        )
        if isinstance(data.get(key), int)
    )
    st.header(f"Measured on the {SPLITS[split]} X-rays")
    if counts:
        st.markdown(f"{counts}.")
    for note in content.get("notes", []):
        st.caption(note)
    excluded = exclusion_rows(data.get("excluded") or {})
    if excluded:
        with st.expander("What the data audit left out"):
            reading_table(excluded, "audit")


def _metrics(part: Mapping[str, object], labels: Mapping[str, str], name: str) -> None:
    """The figures of the gate, a segmenter or the cascade, in groups, trivial answers beside."""
    metrics = part.get("metrics", {})
    sections = metric_sections(metrics, labels, part.get("baselines", []))
    for place, (title, rows) in enumerate(sections):
        st.subheader(title)
        reading_table(rows, f"evidence_{name}_{place}")
    if note := ece_note(metrics):
        st.caption(note)


def _operating_points(points: Mapping[str, dict]) -> None:
    """Measured values at each point, and what they mean where fractures are rarer or not."""
    if not points:
        return
    st.subheader("Operating points")
    prevalence = prevalence_slider(
        "The predictive values below follow from the measured sensitivity and specificity "
        "(Bayes): PPV is the share of calls that are right, NPV the share of all-clears."
    )
    reading_table(point_rows(points, prevalence), "points")


def _tiers(tiers: Mapping[str, dict]) -> None:
    if tiers:
        st.subheader("The three verdicts")
        rows = [
            {
                "Verdict": name.capitalize(),
                "X-rays": f"{tier['images']:,}",
                "of them fractured": f"{tier['fractured']:,}",
            }
            for name, tier in tiers.items()
        ]
        reading_table(rows, "tiers")


def _agreement(title: str, content: dict, key: str) -> None:
    if content.get(key):
        st.subheader(title)
        st.caption(COUNTED_TWICE)
        reading_table(agreement_rows(content[key]), key)


def _plots(plots: list[Plot], name: str) -> None:
    columns = st.columns(2, gap="large")
    for place, plot in enumerate(plots):
        with columns[place % 2]:
            st.markdown(f"**{plot.title}**")
            with st.container(key=f"plot_{name}_{plot.key}"):
                st.vega_lite_chart(spec=line_chart(plot), alt=plot.title)


def _cross_fitted(content: Mapping[str, object], labels: Mapping[str, str]) -> None:
    if content.get("metrics"):
        st.header("Points chosen on other folds than they are measured on")
        st.caption(str(content.get("note", "")))
        _metrics(content, labels, "cross_fitted")


def _downloads(subject: str, split: str, content: dict, plots: list[Plot]) -> None:
    name = f"fracturelens_{subject}_{split}"
    text = json.dumps({"notice": DISCLAIMER, **content}, indent=2, ensure_ascii=False)
    with st.container(horizontal=True):
        st.download_button(
            "Evaluation (JSON)",
            text,
            f"{name}.json",
            "application/json",
            key="download_evaluation",
            on_click="ignore",
            icon=":material/download:",
        )
        if plots:
            st.download_button(
                "Plots (PNG)",
                lambda: plots_png(plots, f"{TITLES.get(subject, 'Cascade')}, {SPLITS[split]}"),
                f"{name}.png",
                "image/png",
                key="download_plots",
                on_click="ignore",
                icon=":material/download:",
            )
