"""The evaluation part of the Evidence page; a section that the file lacks is left out.

Keys: `prevalence` (slider), `evidence_table`, `plot_<key>`, `subgroups_table`,
`baselines_table`, `points_table`, `agreement_table`, `agreement_doubtful_table`,
`download_evaluation`, `download_plots`.
"""

import json
from collections.abc import Mapping

import streamlit as st

from app_pages.charts import line_chart
from app_pages.evaluation_plots import Plot, plots_of, plots_png
from app_pages.evaluations import (
    SPLITS,
    group_rows,
    interval,
    metric_rows,
    number,
    predictive_values,
)
from app_pages.shared import keyed_table
from important_variables import DISCLAIMER, TITLES

POINTS = {
    "doubtful": "Doubtful from (high sensitivity)",
    "fracture": "Fracture from (high specificity)",
    "half": "One half, for comparison",
}
AGREEMENT = {
    "agreed": "Both networks mark it",
    "lone_encoder_decoder": "Only the encoder-decoder",
    "lone_unet": "Only the U-Net",
}


def show_figures(subject: str, split: str, content: dict) -> None:
    """Draws all sections that the evaluation holds.

    Args:
        subject: a network or "cascade".
        split: "val" or "test".
        content: the evaluation.
    """
    _head(split, content)
    labels = content.get("labels", {})
    _metrics(content.get("metrics", {}), labels, "evidence_table")
    _operating_points(content.get("operating_points", {}))
    _tiers(content.get("tiers", {}))
    _agreement("Where both networks agree", content, "agreement")
    _agreement("The same for the hints on doubtful X-rays", content, "agreement_doubtful")
    parts = content.get("networks") or {subject: content}
    plots = []
    for name, part in parts.items():
        if part is not content:
            st.header(TITLES.get(name, name))
            _metrics(part.get("metrics", {}), labels, f"evidence_table_{name}")
        drawn = plots_of(part.get("curves", {}))
        _plots(drawn, name)
        plots += drawn
        _groups("Subgroups", part.get("subgroups", []), labels, f"subgroups_table_{name}")
        _groups("Trivial answers", part.get("baselines", []), labels, f"baselines_table_{name}")
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
    excluded = {reason: n for reason, n in (data.get("excluded") or {}).items() if n}
    if excluded:
        reasons = ", ".join(f"{n:,} {reason}" for reason, n in excluded.items())
        st.caption(f"Data audit: left out were {reasons}.")
    for note in content.get("notes", []):
        st.caption(note)


def _metrics(metrics: Mapping[str, object], labels: Mapping[str, str], key: str) -> None:
    if metrics:
        keyed_table(metric_rows(metrics, labels), key)


def _operating_points(points: Mapping[str, dict]) -> None:
    """Measured values at each point, and what they mean where fractures are rarer or not."""
    if not points:
        return
    st.subheader("Operating points")
    prevalence = st.slider(
        "How many of your X-rays are fractured?",
        0.01,
        0.99,
        0.15,
        0.01,
        "percent",
        key="prevalence",
        persist_state="session",
        help="PPV and NPV below follow from the measured sensitivity and specificity (Bayes).",
    )
    rows = [_point_row(name, point, prevalence) for name, point in points.items()]
    keyed_table(rows, "points_table")


def _point_row(name: str, point: Mapping[str, object], prevalence: float) -> dict[str, object]:
    metrics = point.get("metrics", {})
    row: dict[str, object] = {
        "Point": POINTS.get(name, name),
        "Threshold": number(point.get("threshold")),
    }
    for key in ("sensitivity", "specificity"):
        row[key.capitalize()] = f"{number(metrics.get(key))} ({interval(metrics.get(key))})"
    known = [metrics.get(key, {}).get("value") for key in ("sensitivity", "specificity")]
    if None not in known:
        ppv, npv = predictive_values(*known, prevalence)
        row[f"PPV at {prevalence:.0%}"] = number(ppv)
        row[f"NPV at {prevalence:.0%}"] = number(npv)
    counts = [f"{key.upper()} {point[key]:,}" for key in ("tp", "fp", "fn", "tn") if key in point]
    return row | {"Confusion matrix": ", ".join(counts)}


def _tiers(tiers: Mapping[str, dict]) -> None:
    if tiers:
        st.subheader("The three verdicts")
        rows = [
            {"Verdict": name, "X-rays": tier["images"], "of them fractured": tier["fractured"]}
            for name, tier in tiers.items()
        ]
        keyed_table(rows, "tiers_table")


def _agreement(title: str, content: dict, key: str) -> None:
    if content.get(key):
        st.subheader(title)
        rows = [
            {
                "Region": AGREEMENT.get(name, name),
                "Regions": entry["regions"],
                "True": entry["true"],
                "Precision": number(entry["precision"]),
                "95 % interval": interval(entry["precision"]),
            }
            for name, entry in content[key].items()
        ]
        keyed_table(rows, f"{key}_table")


def _plots(plots: list[Plot], name: str) -> None:
    columns = st.columns(2, gap="large")
    for place, plot in enumerate(plots):
        with columns[place % 2]:
            st.markdown(f"**{plot.title}**")
            chart = line_chart(
                plot.rows,
                plot.x,
                plot.y,
                diagonal=plot.diagonal,
                unit_x=plot.unit_x,
            )
            with st.container(key=f"plot_{name}_{plot.key}"):
                st.vega_lite_chart(spec=chart, alt=plot.title)


def _groups(title: str, groups: list[dict], labels: Mapping[str, str], key: str) -> None:
    if groups:
        st.subheader(title)
        keyed_table(group_rows(groups, labels), key)


def _cross_fitted(content: Mapping[str, object], labels: Mapping[str, str]) -> None:
    if content.get("metrics"):
        st.subheader("Points chosen on other folds than they are measured on")
        st.caption(str(content.get("note", "")))
        _metrics(content["metrics"], labels, "cross_fitted_table")


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
