"""The homepage's example: what the INT8 networks make of a synthetic sample, side by side.

Keys: `example_<network>` (pictures).
"""

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.dashboard.settings import OPACITY
from app_pages.session import load_engine, samples, versions_of
from fracturelens.findings.views import (
    draw_network,
    draw_original,
    encode_jpeg,
    ink_of,
    whole,
)
from fracturelens.measured.words import VERDICTS
from fracturelens.results import Thresholds, Verdict
from important_variables import SAMPLES, segmenters, title_of
from prediction import Engine, examine_xray


def show_example(place: DeltaGenerator) -> None:
    """Draws the first broken sample with every segmenter's real output into `place`."""
    broken = [entry for entry in samples() if entry["broken"]]
    if not broken:
        return
    path, description = SAMPLES / broken[0]["file"], broken[0]["description"]
    with place:
        engine, problems = load_engine("int8")
        if problems:
            st.image(path, width="stretch", alt=f"Synthetic: {description}")
            st.caption(f"{description}. Synthetic, drawn by code.")
            return
        versions = versions_of(engine)
        pictures, verdict, probability = _example(path, versions, engine.thresholds, engine)
        _show(pictures, description)
        st.caption(
            f"{description}. Synthetic, drawn by code; the marks are the networks' own. The gate: "
            f"**{VERDICTS[verdict].lower()}**, {probability:.0%}."
        )


def _show(pictures: dict[str, bytes], description: str) -> None:
    columns = st.columns(len(pictures), gap="small")
    for column, (name, picture) in zip(columns, pictures.items(), strict=True):
        with column, st.container(key=f"example_{name}", gap="xsmall"):
            st.image(picture, width="stretch", alt=f"{description}, as {title_of(name)} sees it")
            st.html(f'<p class="fl-caption">{title_of(name)}</p>')


@st.cache_data(show_spinner=False)
def _example(
    path: Path,
    versions: tuple[tuple[str, str, str], ...],
    thresholds: Thresholds,
    _engine: Engine,
) -> tuple[dict[str, bytes], Verdict, float]:
    """JPEG of each segmenter's overlay, verdict and probability, for these networks."""
    found = examine_xray(path.read_bytes(), _engine, accept_any=True)
    prediction, pixels = found.prediction, found.radiograph.pixels
    view = whole(*pixels.shape)
    original, ink = draw_original(pixels, view), ink_of(prediction, OPACITY)
    pictures = {name: original for name in segmenters()}
    for name, segmentation in prediction.segmentations.items():
        pictures[name] = draw_network(original, segmentation, view, ink)
    jpegs = {name: encode_jpeg(picture) for name, picture in pictures.items()}
    return jpegs, prediction.verdict, prediction.gate_probability
