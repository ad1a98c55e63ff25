"""The homepage's example: what the INT8 networks make of a synthetic sample, side by side.

Keys: `example_<network>` (pictures).
"""

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.dashboard.settings import OPACITY
from app_pages.dashboard.verdict import HEADLINES
from app_pages.session import load_networks
from fracturelens.findings.views import encode_jpeg, ink_of, view_original, view_overlay, whole
from fracturelens.networks.card import FILES
from fracturelens.networks.predictor import Predictor
from fracturelens.results import Verdict
from fracturelens.xray.read import decode_xray
from fracturelens.xray.samples import read_samples
from important_variables import (
    GATE,
    NETWORKS,
    SAMPLES,
    SAVED_MODELS,
    SEGMENTERS,
    TITLES,
    Thresholds,
)
from prediction import load_thresholds, predict_fracture


def show_example(place: DeltaGenerator) -> None:
    """Draws the first broken sample with both networks' real output into `place`."""
    broken = [entry for entry in read_samples(SAMPLES) if entry["broken"]]
    if not broken:
        return
    path, description = SAMPLES / broken[0]["file"], broken[0]["description"]
    with place:
        networks, _ = load_networks("int8")
        if len(networks) < len(NETWORKS):
            st.image(path, width="stretch", alt=f"Synthetic: {description}")
            st.caption(f"{description}. Synthetic, drawn by code.")
            return
        versions = tuple(networks[name].card.files.get(FILES["int8"], "") for name in NETWORKS)
        points = load_thresholds(SAVED_MODELS, "int8")
        pictures, verdict, probability = _example(path, versions, points, networks)
        _show(pictures, description)
        st.caption(
            f"{description}. Synthetic, drawn by code; the marks are the networks' own. The gate: "
            f"**{HEADLINES[verdict].lower()}**, {probability:.0%}."
        )


def _show(pictures: dict[str, bytes], description: str) -> None:
    for column, (name, picture) in zip(st.columns(2, gap="small"), pictures.items(), strict=True):
        with column, st.container(key=f"example_{name}", gap="xsmall"):
            st.image(picture, width="stretch", alt=f"{description}, as the {TITLES[name]} sees it")
            st.html(f'<p class="fl-caption">{TITLES[name]}</p>')


@st.cache_data(show_spinner=False)
def _example(
    path: Path, versions: tuple[str, ...], points: Thresholds, _networks: dict[str, Predictor]
) -> tuple[dict[str, bytes], Verdict, float]:
    """JPEG of each segmenter's overlay, verdict and probability, for these network files."""
    image = decode_xray(path.read_bytes())
    found = predict_fracture(
        image,
        gate=_networks[GATE],
        segmenters={name: _networks[name] for name in SEGMENTERS},
        thresholds=points,
    )
    region = whole(*image.shape[:2])
    view, ink = view_original(image, region), ink_of(found, OPACITY)
    pictures = {
        name: view_overlay(view, found.segmentations[name], region, ink)
        if name in found.segmentations
        else view
        for name in SEGMENTERS
    }
    jpegs = {name: encode_jpeg(picture) for name, picture in pictures.items()}
    return jpegs, found.verdict, found.gate_probability
