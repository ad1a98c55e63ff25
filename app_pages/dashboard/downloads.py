"""The dashboard's downloads: pictures of the X-ray shown, results of all files.

Keys: `downloads` (container), `download_overlay_<network>`, `download_mask_<network>`,
`download_json`, `download_csv`.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.dashboard.analysis import Examined, Outcome, as_examined, judged
from app_pages.dashboard.settings import Settings
from fracturelens.export.csv import results_csv
from fracturelens.export.png import notice_png
from fracturelens.export.records import Report, download_name, results_json
from fracturelens.findings.views import full_overlay
from fracturelens.results import FracturePrediction
from important_variables import title_of
from prediction import Engine, shares_for


def show_downloads(
    chosen: Examined,
    prediction: FracturePrediction,
    opacity: float,
    collect: Callable[[], list[Report]],
    name: str,
) -> None:
    """Draws the buttons.

    Args:
        chosen: the X-ray shown.
        prediction: of it.
        opacity: of the masks, 0 to 1.
        collect: makes the reports of all files.
        name: what the results are named after.
    """
    file = chosen.file
    with _row():
        for network, segmentation in prediction.segmentations.items():
            overlay = partial(_overlay, chosen, prediction, network, opacity)
            _offer_png(f"Overlay {title_of(network)}", f"overlay_{network}", file.name, overlay)
            if prediction.painted:
                mask = partial(np.asarray, segmentation.mask)
                _offer_png(f"Mask {title_of(network)}", f"mask_{network}", file.name, mask)
        _offer_all_results(name, collect)


def show_results_download(collect: Callable[[], list[Report]], name: str) -> None:
    """Draws the buttons where no X-ray got a verdict; arguments as of `show_downloads`."""
    with _row():
        _offer_all_results(name, collect)


def reports_of(
    examined: list[Examined], outcome: Outcome, settings: Settings, engine: Engine
) -> list[Report]:
    """What became of all files: the judged first, then the refused and the unreadable.

    Args:
        examined: X-rays with the maps that the settings ask for.
        outcome: of all files.
        settings: to judge by.
        engine: that ran.
    """
    found = [(one, judged(one, settings)) for one in examined]
    found += [(one, one.examination) for one in (*outcome.refused, *outcome.unreadable)]
    return [Report(one.file.name, what, shares_for(what, engine)) for one, what in found]


def _row() -> DeltaGenerator:
    st.subheader("Downloads")
    return st.container(horizontal=True, key="downloads")


def _overlay(
    chosen: Examined, prediction: FracturePrediction, network: str, opacity: float
) -> np.ndarray:
    """Decodes anew: files are written in a thread of their own, without the session's caches."""
    pixels = as_examined(chosen.file.decode(), chosen).pixels
    return full_overlay(pixels, prediction, network, opacity)


def _offer_png(label: str, kind: str, name: str, draw: Callable[[], np.ndarray]) -> None:
    """A PNG that is drawn only when it is asked for."""
    st.download_button(
        f"{label} (PNG)",
        lambda: notice_png(draw()),
        download_name(name, f"_{kind}.png"),
        "image/png",
        key=f"download_{kind}",
        on_click="ignore",
        icon=":material/download:",
    )


def _offer_all_results(name: str, collect: Callable[[], list[Report]]) -> None:
    for kind in ("json", "csv"):
        _offer_results(kind, name, collect)


def _offer_results(kind: str, name: str, collect: Callable[[], list[Report]]) -> None:
    """JSON or CSV of all files, written only when it is asked for."""
    write, mime = {
        "json": (results_json, "application/json"),
        "csv": (results_csv, "text/csv"),
    }[kind]
    st.download_button(
        f"Results ({kind.upper()})",
        lambda: write(collect()),
        download_name(name, f"_results.{kind}"),
        mime,
        key=f"download_{kind}",
        on_click="ignore",
        icon=":material/download:",
    )
