"""The homepage: what FractureLens does, its networks with their measured figures, the way in.

Keys: `open_dashboard` (button), `hero`, `examples`, `steps`, `network_<name>` (one card for each
network).
"""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.homepage.example import show_examples
from app_pages.widgets import footer
from fracturelens.measured.figures import headline_figures
from fracturelens.networks.card import CardError, ModelCard, read_card
from important_variables import DISCLAIMER, NETWORKS, models_folder

STEPS = (
    ("Read the verdict", "Each X-ray gets a calibrated probability and one of three verdicts."),
    ("See the marks", "Networks of different design mark and number what looks like a fracture."),
    ("Compare", "Where the networks agree is the place to look at first."),
)


def show(dashboard: st.Page, curves: st.Page, evidence: st.Page) -> None:
    """Draws the page; the pages given are the ones it leads to."""
    examples = _hero(dashboard)
    _steps()
    st.header("The networks, measured")
    columns = st.columns(len(NETWORKS), gap="medium")
    for column, name in zip(columns, NETWORKS, strict=True):
        with column:
            _network_card(name)
    with st.container(horizontal=True):
        st.page_link(evidence, label="All figures, with intervals", icon=":material/fact_check:")
        st.page_link(curves, label="How they learned", icon=":material/show_chart:")
    footer()
    show_examples(examples, dashboard)  # last: the page need not wait for the networks


def _hero(dashboard: st.Page) -> DeltaGenerator:
    """The title and the way in; returns the place of the example beside them."""
    with st.container(key="hero"):
        words, picture = st.columns([5, 6], gap="large", vertical_alignment="center")
        with words:
            st.title("Find the fracture, and see where the networks mark it")
            st.markdown(
                "Upload X-rays of an arm, leg, hip or shoulder. We flag possible fractures and "
                "mark where. Everything runs on your own machine, and you can check every figure "
                "behind it."
            )
            if st.button(
                "Open the dashboard",
                key="open_dashboard",
                type="primary",
                icon=":material/radiology:",
            ):
                st.switch_page(dashboard)
            st.warning(DISCLAIMER, icon=":material/warning:")
        return picture.container(key="examples")


def _steps() -> None:
    items = "".join(
        f"<li><b>{number}</b><div><strong>{title}</strong><p>{text}</p></div></li>"
        for number, (title, text) in enumerate(STEPS, 1)
    )
    with st.container(key="steps"):
        st.html(f'<ol class="fl-steps">{items}</ol>')


def _network_card(name: str) -> None:
    with st.container(border=True, key=f"network_{name}", height="stretch"):
        st.subheader(NETWORKS[name].title)
        st.markdown(NETWORKS[name].caption)
        try:
            card = read_card(name, models_folder())
        except CardError as error:
            st.info(str(error), icon=":material/build:")
            return
        _figures(card)


def _figures(card: ModelCard) -> None:
    figures = headline_figures(card, models_folder())
    for figure in figures:
        st.metric(
            figure.label,
            figure.text,
            help=figure.note,
            delta=f"{figure.interval} (95 %)" if figure.interval else None,
            delta_color="off",
            delta_arrow="off",
        )
    if not figures:
        st.caption(f"Not evaluated yet: `fracturelens evaluate {card.name} --split val`.")
    st.caption(f"{card.parameters:,} parameters")
