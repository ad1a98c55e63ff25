"""The twin view: one X-ray in float32 and INT8, where the masks differ, and the time of each.

Keys: `twins` (container), `twin_<network>` (pictures), `twin_table`.
"""

import statistics
import time

import numpy as np
import streamlit as st

from app_pages.dashboard.analysis import Bench, examine, pixels_of
from app_pages.dashboard.settings import Settings
from app_pages.dashboard.uploads import XrayFile
from app_pages.dashboard.verdict import agreement_legend
from app_pages.session import PRECISIONS, load_networks, show_problems
from app_pages.widgets import keyed_table
from fracturelens.findings.views import (
    BOTH_COLOUR,
    NETWORK_COLOURS,
    encode_jpeg,
    view_agreement,
    view_original,
    whole,
)
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import network_inputs, run_network
from fracturelens.results import FracturePrediction
from important_variables import GATE, NETWORKS, SAVED_MODELS, TITLES
from prediction import judge_scores, load_thresholds

REPEATS = 5


def show_twins(file: XrayFile, settings: Settings) -> None:
    """Draws the comparison, each precision calibrated as its card says.

    Args:
        file: the X-ray.
        settings: thresholds and opacity to draw by.
    """
    st.subheader("float32 and INT8, the same X-ray")
    found, timings = {}, {}
    for precision in PRECISIONS:
        networks, problems = load_networks(precision)
        show_problems(problems)
        if problems:
            return
        bench = Bench(networks, precision, load_thresholds(SAVED_MODELS, precision))
        scores = examine(file, bench, segment=True).scores
        found[precision] = judge_scores(scores, settings.points)
        timings[precision] = _milliseconds(file.digest, precision, file, networks)
    with st.container(key="twins"):
        keyed_table(comparison(found, timings), "twin_table")
        st.caption(
            f"Times are the median of {REPEATS} runs of one X-ray on this machine, reading and "
            "drawing left out. The same mask thresholds cut both."
        )
        _show_pictures(file, found, settings)


def comparison(
    found: dict[str, FracturePrediction], timings: dict[str, dict[str, float]]
) -> list[dict[str, object]]:
    """One row for each network: times, and how far the two precisions differ.

    Args:
        found: prediction for "float32" and "int8".
        timings: milliseconds by precision and network.
    """
    rows = []
    for name in NETWORKS:
        row: dict[str, object] = {"Network": TITLES[name]}
        for precision, title in PRECISIONS.items():
            row[f"{title} (ms)"] = round(timings[precision][name], 1)
        row["Times faster"] = round(timings["float32"][name] / timings["int8"][name], 1)
        first, second = found["float32"], found["int8"]
        if name == GATE:
            gap = abs(first.gate_probability - second.gate_probability)
            row["Largest probability difference"] = round(gap, 4)
        else:
            maps = (first.segmentations[name], second.segmentations[name])
            gap = np.abs(maps[0].probability - maps[1].probability).max()
            row["Largest probability difference"] = round(float(gap), 4)
            row["Pixels that differ"] = int(np.count_nonzero(maps[0].mask ^ maps[1].mask))
            row["Dice of the masks"] = dice(maps[0].mask, maps[1].mask)
        rows.append(row)
    return rows


def dice(first: np.ndarray, second: np.ndarray) -> float | None:
    """Dice of two bool (H, W) masks, 0 to 1; None where both are empty."""
    total = np.count_nonzero(first) + np.count_nonzero(second)
    return round(2 * np.count_nonzero(first & second) / total, 4) if total else None


def _show_pictures(
    file: XrayFile, found: dict[str, FracturePrediction], settings: Settings
) -> None:
    image = pixels_of(file.digest, file.data)
    region = whole(*image.shape[:2])
    original = view_original(image, region)
    colours = (*NETWORK_COLOURS.values(), BOTH_COLOUR)
    columns = st.columns(2 if settings.large else 4, gap="small")
    for column, name in zip(columns, NETWORK_COLOURS, strict=False):
        masks = [found[precision].segmentations[name].mask for precision in PRECISIONS]
        view = view_agreement(original, *masks, region, settings.opacity, colours)
        with column, st.container(key=f"twin_{name}", gap="xsmall"):
            st.image(encode_jpeg(view), width="stretch", alt=f"{TITLES[name]} in both precisions")
            st.html(f'<p class="fl-caption">{TITLES[name]}: where the precisions differ</p>')
            st.html(agreement_legend("both precisions", "float32 only", "INT8 only"))


@st.cache_data(scope="session", max_entries=100, show_spinner="Timing the networks…")
def _milliseconds(
    digest: str, precision: str, _file: XrayFile, _networks: dict[str, Predictor]
) -> dict[str, float]:
    image = pixels_of(digest, _file.data)
    return {name: _time(network, image) for name, network in _networks.items()}


def _time(network: Predictor, image: np.ndarray) -> float:
    """Median milliseconds of all that the network is asked about the X-ray, once it is prepared."""
    inputs, seconds = network_inputs(image), []
    run_network(network, inputs)  # prepares them
    for _ in range(REPEATS):
        start = time.perf_counter()
        run_network(network, inputs)
        seconds.append(time.perf_counter() - start)
    return 1000 * statistics.median(seconds)
