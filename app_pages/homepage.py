"""The homepage: what FractureLens does, its networks with their measured figures, the way in.

Keys: `open_dashboard` (button), `hero`, `steps`, `network_<name>` (one card for each network).
"""

from pathlib import Path

import numpy as np
import streamlit as st

from app_pages.evaluations import headline_figures
from app_pages.inputs import read_samples
from app_pages.pictures import Ink, encode_jpeg, view_original, view_overlay, whole
from app_pages.shared import footer
from important_variables import DISCLAIMER, NETWORKS, SAMPLES, SAVED_MODELS, TITLES
from lesions import find_lesions
from model_card import CardError, ModelCard, read_card
from prediction import Segmentation
from xray_image import decode_xray

ROLES = {
    "gate": "Judges the whole X-ray: how probable is a fracture? Below its point, nothing is "
    "painted.",
    "encoder_decoder": "Marks fractured pixels. Simple: what the narrow middle forgets is gone.",
    "unet": "Marks fractured pixels. Skip connections hand fine detail across the middle.",
}
STEPS = (
    ("Judge", "A gate gives each X-ray a calibrated probability and one of three verdicts."),
    ("Point", "Two networks of different build mark and number what they take for a fracture."),
    ("Compare", "Both overlays side by side, and where they agree: the part to look at first."),
)


def show(dashboard: st.Page, curves: st.Page, evidence: st.Page) -> None:
    """Draws the page; the pages given are the ones it leads to."""
    _hero(dashboard)
    _steps()
    st.header("Three networks, measured")
    columns = st.columns(len(NETWORKS), gap="medium")
    for column, name in zip(columns, NETWORKS, strict=True):
        with column:
            _network_card(name)
    with st.container(horizontal=True):
        st.page_link(evidence, label="All figures, with intervals", icon=":material/fact_check:")
        st.page_link(curves, label="How they learnt", icon=":material/show_chart:")
    footer()


def _hero(dashboard: st.Page) -> None:
    with st.container(key="hero"):
        words, picture = st.columns([3, 2], gap="large", vertical_alignment="center")
        with words:
            st.title("Find the fracture, and see where two networks mark it")
            st.markdown(
                "Upload an X-ray of a limb, hip or shoulder. FractureLens says how suspicious it "
                "is, and shows where: on your own machine, with every figure "
                "behind it open to check."
            )
            if st.button(
                "Open the dashboard",
                key="open_dashboard",
                type="primary",
                icon=":material/radiology:",
            ):
                st.switch_page(dashboard)
            st.warning(DISCLAIMER, icon=":material/warning:")
        with picture:
            _sample_picture()


def _sample_picture() -> None:
    broken = [entry for entry in read_samples(SAMPLES) if entry["broken"]]
    if broken:
        entry = broken[0]
        st.image(
            _drawn(SAMPLES / entry["file"], SAMPLES / entry["mask"]),
            caption=f"{entry['description']}. Synthetic, drawn by code; the mark is its true mask.",
            width="stretch",
            alt=f"Synthetic radiograph: {entry['description']}, ringed",
        )


@st.cache_data(show_spinner=False)
def _drawn(picture: Path, mask: Path) -> bytes:
    """A sample with its exact mask tinted and ringed, JPEG."""
    image = decode_xray(picture.read_bytes())
    truth = decode_xray(mask.read_bytes())[..., 0] > 127
    lesions = find_lesions(truth, truth.astype(np.float32))
    marked = Segmentation("unet", truth.astype(np.float32), truth, lesions)
    region = whole(*truth.shape)
    ink = Ink(0.5, dotted=False)
    return encode_jpeg(view_overlay(view_original(image, region), marked, region, ink))


def _steps() -> None:
    items = "".join(
        f"<li><b>{number}</b><div><strong>{title}</strong><p>{text}</p></div></li>"
        for number, (title, text) in enumerate(STEPS, 1)
    )
    with st.container(key="steps"):
        st.html(f'<ol class="fl-steps">{items}</ol>')


def _network_card(name: str) -> None:
    with st.container(border=True, key=f"network_{name}", height="stretch"):
        st.subheader(TITLES[name])
        st.markdown(ROLES[name])
        try:
            card = read_card(name, SAVED_MODELS)
        except CardError:
            st.info(
                f"Not trained yet. Run `python command_line.py train {name}`.",
                icon=":material/build:",
            )
            return
        _figures(card)


def _figures(card: ModelCard) -> None:
    figures = headline_figures(card, SAVED_MODELS)
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
        st.caption(f"Not evaluated yet: `python command_line.py evaluate {card.name} --split val`.")
    st.caption(f"{card.parameters:,} parameters")
