"""The evaluation's figures on the Evidence page; a section that the file lacks is left out.

Keys: `prevalence` (slider), `read_evidence_<network>_<place>`, `read_audit`, `read_tiers`,
`read_points`, `read_agreement_<verdict>`, `read_subgroups_<network>`,
`read_evidence_cross_fitted_<place>`, `plot_<network>_<key>`, `downloads_evidence` (panel),
`download_evaluation`, `download_plots`; expanders: `notes`, `more_<network>`,
`behind_gate_<network>`, `cross_fitted`.
"""

from collections.abc import Mapping, Sequence

import msgspec
import streamlit as st

from app_pages.evidence.evaluation_chart import evaluation_chart
from app_pages.evidence.steadiness import show_choices, show_steadiness
from app_pages.widgets import prevalence_slider, reading_table
from fracturelens.measured.conditions import Data
from fracturelens.measured.layout import (
    CrossFitted,
    Evaluation,
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

MAIN = 1
"""Groups of figures that stand open; the others are folded."""
FEW = (
    "Figures in brackets are 95 % intervals. A subgroup with few fractured X-rays says little, "
    "however good it looks."
)
AGREEMENT = {
    Verdict.FRACTURE: "Findings, by who marks their place",
    Verdict.DOUBTFUL: "The same for the hints on doubtful X-rays",
}


def show_figures(evaluation: Evaluation) -> None:
    """Draws what the evaluation holds of accuracy: the main figures open, the rest folded."""
    _head(evaluation)
    part, name = evaluation.part, evaluation.name
    _main_figures(part, name, evaluation.tiers)
    _operating_points(evaluation.operating_points)
    choices, steadiness = st.columns(2, gap="large")
    with choices:
        show_choices(evaluation)
    with steadiness:
        show_steadiness(evaluation)
    for verdict, title in AGREEMENT.items():
        _agreement(title, verdict, evaluation.agreement.get(verdict, ()))
    plots = _curves(part, evaluation.operating_points, name)
    _more_figures(part, name)
    for network, behind in evaluation.behind_gate.items():
        if _known(network):
            with st.expander(f"Gate, then {title_of(network)}", key=f"behind_gate_{network}"):
                _main_figures(behind, network, {})
                plots += _curves(behind, {}, network)
                _more_figures(behind, network)
    _cross_fitted(evaluation.cross_fitted)
    _downloads(evaluation, plots)


def show_subgroups(evaluation: Evaluation) -> None:
    """Draws the main figures of each subgroup, of one network or of all behind the gate."""
    shown = False
    for name, part in evaluation.parts.items():
        if _known(name) and part.subgroups:
            shown = True
            if part is not evaluation.part:
                st.subheader(f"Gate, then {title_of(name)}")
            reading_table(group_rows(part.subgroups), f"subgroups_{name}")
    if shown:
        st.caption(FEW)
    else:
        st.info("No subgroup was measured here.", icon=":material/query_stats:")


def _known(name: str) -> bool:
    """False for a network that the file measured and that was taken out of `NETWORKS` since."""
    return name in NETWORKS or name == CASCADE


def _head(evaluation: Evaluation) -> None:
    first, *others = notes_of(evaluation)
    st.header(f"Measured on the {SPLITS[evaluation.split]} X-rays")
    st.markdown(f"{_counts(evaluation.data)}.")
    st.caption(first)
    with st.expander("How to read these figures", key="notes"):
        st.markdown("\n".join(f"- {note}" for note in others))
        excluded = exclusion_rows(evaluation.data.excluded)
        if excluded:
            st.markdown("What the data audit left out:")
            reading_table(excluded, "audit")


def _counts(data: Data) -> str:
    return (
        f"{data.images:,} X-rays, {data.fractured:,} fractured, {data.lesions:,} lesions, "
        f"{data.groups:,} groups of consecutive ids"
    )


def _main_figures(part: Part, name: str, tiers: Mapping[str, Tier]) -> None:
    """The first groups of figures side by side, the verdicts among them."""
    sections = metric_sections(part.metrics, part.baselines)[:MAIN]
    shown = [(title, rows, f"evidence_{name}_{place}")
             for place, (title, rows) in enumerate(sections)]  # fmt: skip
    if tiers:
        shown.insert(1, ("The three verdicts", tier_rows(tiers), "tiers"))
    for first in range(0, len(shown), 2):
        pair = shown[first : first + 2]
        for column, (title, rows, key) in zip(st.columns(2, gap="large"), pair, strict=False):
            with column:
                st.subheader(title)
                reading_table(rows, key)


def _more_figures(part: Part, name: str) -> None:
    """The other groups of figures, folded."""
    sections = metric_sections(part.metrics, part.baselines)
    if len(sections) <= MAIN:
        return
    with st.expander("More figures", key=f"more_{name}"):
        for place, (title, rows) in enumerate(sections[MAIN:], MAIN):
            st.subheader(title)
            reading_table(rows, f"evidence_{name}_{place}")
        if note := ece_note(part.metrics):
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


def _agreement(title: str, verdict: Verdict, counts: Sequence[RegionCount]) -> None:
    known = [count for count in counts if all(map(_known, count.networks))]
    if known:
        st.subheader(title)
        st.caption(COUNTED_OFTEN)
        reading_table(agreement_rows(known), f"agreement_{verdict}")


def _curves(part: Part, points: Mapping[str, OperatingPoint], name: str) -> list[Plot]:
    """Draws the curves of a part side by side; returns them."""
    plots = plots_of(part.curves, points)
    columns = st.columns(3 if len(plots) == 3 else 2, gap="large")
    for place, plot in enumerate(plots):
        with columns[place % len(columns)]:
            st.markdown(f"**{plot.title}**")
            with st.container(key=f"plot_{name}_{plot.key}"):
                st.vega_lite_chart(spec=evaluation_chart(plot), alt=plot.title)
    return plots


def _cross_fitted(fitted: CrossFitted | None) -> None:
    if fitted is None:
        return
    title = "Thresholds chosen on other folds than they are measured on"
    with st.expander(title, key="cross_fitted"):
        st.caption(cross_fitting_note(fitted.folds))
        for place, (heading, rows) in enumerate(metric_sections(fitted.metrics)):
            st.subheader(heading)
            reading_table(rows, f"evidence_cross_fitted_{place}")


def _downloads(evaluation: Evaluation, plots: list[Plot]) -> None:
    """The whole evaluation, and its plots; both bytes, since Streamlit loses what a click makes."""
    name = f"fracturelens_{evaluation.name}_{evaluation.split}"
    panel = st.popover(
        "Save figures", icon=":material/download:", key="downloads_evidence", on_change="rerun"
    )
    if not panel.open:
        return
    content = {"notice": DISCLAIMER, **msgspec.to_builtins(evaluation)}
    with panel:
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
                _plots_png(str(plots), title, plots),
                f"{name}.png",
                "image/png",
                key="download_plots",
                on_click="ignore",
                icon=":material/download:",
            )


@st.cache_data(max_entries=20, show_spinner="Drawing the plots…")
def _plots_png(points: str, title: str, _plots: list[Plot]) -> bytes:
    return plots_png(_plots, title)
