"""Shows a film in the viewer, and keeps what a person corrects.

Keys: `film_viewer` (the component), `download_corrections`.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer
from streamlit.runtime import get_instance

from app_pages.dashboard.analysis import Examined, radiograph_of
from app_pages.dashboard.film_viewer.corrections import corrections_of, keep_corrections, saved_json
from app_pages.dashboard.film_viewer.levels import TILE, Level, levels_of, windows_of
from app_pages.dashboard.film_viewer.panes import Reading, panes_of, places_in
from app_pages.dashboard.film_viewer.words import spacing_words, where
from fracturelens.measured.words import marked_by
from fracturelens.results import FracturePrediction
from fracturelens.xray.radiograph import Radiograph

KEY = "film_viewer"
FOLDER = Path(__file__).parent
SCRIPTS = ("film.js", "marks.js", "view.js", "viewer.js", "screen.js", "hands.js")
"""Together one module, in this order."""


@st.fragment
def show_film(examined: Examined, readings: Sequence[Reading], opacity: float) -> None:
    """Draws the viewer; what happens in it runs this function alone anew.

    Args:
        examined: the X-ray.
        readings: what was made of it, first of all in the precision that gave the verdict.
        opacity: of the masks at first, 0 to 1.
    """
    prediction = readings[0].prediction
    radiograph = radiograph_of(examined)
    levels, windows = _drawn(_picture_key(examined), examined)
    data = film_data(examined.file.name, radiograph, readings) | {
        "film": examined.file.digest,
        "tile": TILE,
        "levels": [_addresses(place, level) for place, level in enumerate(levels)],
        "windows": [dict(zip(("title", "low", "high"), one, strict=True)) for one in windows],
        "opacity": opacity,
        "corrections": corrections_of(examined.file.digest),
    }
    result = _component()(key=KEY, data=data, on_corrections_change=_nothing)
    keep_corrections(examined.file, result.corrections, radiograph, prediction)
    if saved := saved_json():
        st.download_button(
            "Save corrections (COCO JSON)",
            saved,
            "corrections.json",
            "application/json",
            key="download_corrections",
            on_click="ignore",
            icon=":material/download:",
            help="What you said of the marks, and what you drew, for all X-rays of this visit.",
        )


def film_data(name: str, radiograph: Radiograph, readings: Sequence[Reading]) -> dict:
    """What the browser needs besides the tiles, ready for JSON.

    Args:
        name: of the file.
        radiograph: that was read from it.
        readings: as of `show_film`.
    """
    height, width = radiograph.height, radiograph.width
    prediction = readings[0].prediction
    spacing = radiograph.source.spacing if radiograph.source else None
    return {
        "width": width,
        "height": height,
        "panes": panes_of(readings, name, height, width),
        "places": _places(prediction, height, width),
        "spacing": spacing and {"row": spacing.row_mm, "column": spacing.column_mm},
        "spacing_words": spacing_words(spacing),
    }


def _places(prediction: FracturePrediction, height: int, width: int) -> list[dict]:
    ran = tuple(prediction.segmentations)
    return [
        {
            "number": place.number,
            "box": place.box,
            "words": f"{where(place.box, height, width)} ({marked_by(place.networks, ran)})",
        }
        for place in places_in(prediction)
    ]


@cache
def _component() -> ComponentRenderer:
    html, css = (
        (FOLDER / f"viewer.{kind}").read_text(encoding="utf-8") for kind in ("html", "css")
    )
    script = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return st.components.v2.component(KEY, html=html, css=css, js=script)


def _picture_key(examined: Examined) -> tuple[str, bool]:
    """What the pixels depend on: the file, and whether it was taken for a negative."""
    cautions = {caution.key for caution in examined.examination.cautions}
    return examined.file.digest, "inverted" in cautions


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _drawn(
    key: tuple[str, bool], _examined: Examined
) -> tuple[list[Level], list[tuple[str, int, int]]]:
    pixels = radiograph_of(_examined).pixels
    return levels_of(pixels), windows_of(pixels)


def _addresses(place: int, level: Level) -> dict:
    """Size of a level and where the browser finds its tiles while the page shows them.

    Streamlit serves them as it serves the pictures of `st.image`; the browser asks for those that
    it needs. Identical tiles have one address, which another run does not change.
    """
    base = st.get_option("server.baseUrlPath").strip("/")
    files = get_instance().media_file_mgr
    urls = [
        files.add(tile, "image/png", f"{KEY}-{place}-{number}")
        for number, tile in enumerate(level.tiles)
    ]
    return {
        "width": level.width,
        "height": level.height,
        "urls": [f"/{base}{url}" if base else url for url in urls],
    }


def _nothing() -> None:
    """Streamlit keeps the values of those states alone that have a callback."""
