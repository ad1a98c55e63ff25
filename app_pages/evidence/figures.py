"""The evaluation part of the Evidence page; a section that the file lacks is left out.

Keys: `prevalence` (slider), `read_evidence_<network>_<place>`, `read_audit`, `read_tiers`,
`read_points`, `read_agreement_<verdict>`, `read_subgroups_<network>`,
`read_evidence_cross_fitted_<place>`, `plot_<network>_<key>`, `download_evaluation`,
`download_plots`.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import streamlit as st

from app_pages.charts import line_chart
from app_pages.widgets import prevalence_slider, reading_table
from fracturelens.measured.conditions import Data
from fracturelens.measured.layout import (
    Baseline,
    CrossFitted,
    Evaluation,
    Metrics,
    OperatingPoint,
    Part,
    RegionCount,
    Tier,
)
from fracturelens.measured.plots import Plot, plots_of, plots_png
from fracturelens.measured.tables import (
    agreement_rows,
    ece_note,
    exclusion_rows,
    group_rows,
    metric_sections,
    point_rows,
    tier_rows,
)
from fracturelens.measured.words import (
    COUNTED_OFTEN,
    SPLITS,
    cross_fitting_note,
    notes_of,
)
from fracturelens.results import Verdict
from important_variables import CASCADE, DISCLAIMER, NETWORKS, title_of

AGREEMENT = {
    Verdict.FRACTURE: "Findings, by who marks their place",
    Verdict.DOUBTFUL: "The same for the hints on doubtful X-rays",
}


def show_figures(evaluation: Evaluation) -> None:
    """Draws all sections that the evaluation holds."""
    _head(evaluation)
    _metrics(evaluation.part.metrics, evaluation.name, evaluation.part.baselines)
    _operating_points(evaluation.operating_points)
    _tiers(evaluation.tiers)
    for verdict, title in AGREEMENT.items():
        _agreement(title, verdict, evaluation.agreement.get(verdict, ()))
    plots = []
    for name, part in evaluation.parts.items():
        if not _known(name):
            continue
        if part is not evaluation.part:
            st.header(f"Gate, then {title_of(name)}")
            _metrics(part.metrics, name, part.baselines)
        plots += _curves(part, evaluation.operating_points, name)
        _subgroups(part, name)
    _cross_fitted(evaluation.cross_fitted)
    _downloads(evaluation, plots)


def _known(name: str) -> bool:
    """False for a network that the file measured and that was taken out of `NETWORKS` since."""
    return name in NETWORKS or name == CASCADE


def _head(evaluation: Evaluation) -> None:
    st.header(f"Measured on the {SPLITS[evaluation.split]} X-rays")
    st.markdown(f"{_counts(evaluation.data)}.")
    for note in notes_of(evaluation):
        st.caption(note)
    excluded = exclusion_rows(evaluation.data.excluded)
    if excluded:
        with st.expander("What the data audit left out"):
            reading_table(excluded, "audit")


def _counts(data: Data) -> str:
    return (
        f"{data.images:,} X-rays, {data.fractured:,} fractured, {data.lesions:,} lesions, "
        f"{data.groups:,} groups of consecutive ids"
    )


def _metrics(metrics: Metrics, name: str, baselines: Iterable[Baseline] = ()) -> None:
    """The figures of the gate, a segmenter or the cascade, in groups, trivial answers beside."""
    for place, (title, rows) in enumerate(metric_sections(metrics, baselines)):
        st.subheader(title)
        reading_table(rows, f"evidence_{name}_{place}")
    if note := ece_note(metrics):
        st.caption(note)


def _operating_points(points: Mapping[str, OperatingPoint]) -> None:
    """Measured values at each point, and what they mean where fractures are rarer or not."""
    if not points:
        return
    st.subheader("Operating points")
    prevalence = prevalence_slider(
        "The predictive values below follow from the measured sensitivity and specificity "
        "(Bayes): PPV is the share of calls that are right, NPV the share of all-clears."
    )
    reading_table(point_rows(points, prevalence), "points")


def _tiers(tiers: Mapping[str, Tier]) -> None:
    if tiers:
        st.subheader("The three verdicts")
        reading_table(tier_rows(tiers), "tiers")


def _agreement(title: str, verdict: Verdict, counts: Sequence[RegionCount]) -> None:
    known = [count for count in counts if all(map(_known, count.networks))]
    if known:
        st.subheader(title)
        st.caption(COUNTED_OFTEN)
        reading_table(agreement_rows(known), f"agreement_{verdict}")


def _curves(part: Part, points: Mapping[str, OperatingPoint], name: str) -> list[Plot]:
    """Draws the curves of a part side by side; returns them."""
    plots = plots_of(part.curves, points)
    columns = st.columns(2, gap="large")
    for place, plot in enumerate(plots):
        with columns[place % 2]:
            st.markdown(f"**{plot.title}**")
            with st.container(key=f"plot_{name}_{plot.key}"):
                st.vega_lite_chart(spec=line_chart(plot), alt=plot.title)
    return plots


def _subgroups(part: Part, name: str) -> None:
    if part.subgroups:
        st.subheader("Subgroups")
        reading_table(group_rows(part.subgroups), f"subgroups_{name}")


def _cross_fitted(fitted: CrossFitted | None) -> None:
    if fitted is not None:
        st.header("Thresholds chosen on other folds than they are measured on")
        st.caption(cross_fitting_note(fitted.folds))
        _metrics(fitted.metrics, "cross_fitted")


def _downloads(evaluation: Evaluation, plots: list[Plot]) -> None:
    name = f"fracturelens_{evaluation.name}_{evaluation.split}"
    content = {"notice": DISCLAIMER, **msgspec.to_builtins(evaluation)}
    with st.container(horizontal=True):
        st.download_button(
            "Evaluation (JSON)",
            msgspec.json.format(msgspec.json.encode(content), indent=2),
            f"{name}.json",
            "application/json",
            key="download_evaluation",
            on_click="ignore",
            icon=":material/download:",
        )
        if plots:
            title = f"{title_of(evaluation.name)}, {SPLITS[evaluation.split]}"
            st.download_button(
                "Plots (PNG)",
                lambda: plots_png(plots, title),
                f"{name}.png",
                "image/png",
                key="download_plots",
                on_click="ignore",
                icon=":material/download:",
            )
