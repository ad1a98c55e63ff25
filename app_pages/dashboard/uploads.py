"""How X-rays come in: the uploader and the synthetic samples.

Keys: `upload` (around the uploader), `sample_<id>` (one button for each sample), `bar` (the line
that is left of it once there is an X-ray), `more` (popover with samples, `clear` and `together`),
`large_files` (component).
"""

from pathlib import Path

import streamlit as st

from app_pages.components import component
from app_pages.dashboard.archive import ask_archive
from app_pages.dashboard.films import (
    XrayFile,
    keep_films,
    kept_films,
    open_film,
    remove_films,
    xray_files,
)
from app_pages.dashboard.studies import ask_whether_together
from app_pages.session import samples
from app_pages.widgets import plain
from fracturelens.findings.views import thumbnail
from fracturelens.xray.read import decode_xray
from important_variables import SAMPLES, UploadLimits

SCRIPT = Path(__file__).with_name("uploads.js")
BATCHES_KEY = "times_uploaded"
LEFT_OUT_KEY = "files_left_out"
SAMPLE_WIDTH = 160
"""Pixels; the samples show pictures until there is an X-ray to look at."""
KINDS = (
    "BMP, WebP, AVIF, HEIC and JPEG 2000 too, at any bit depth. Files stay on the machine that "
    "runs this app."
)


def ask_for_xrays() -> list[XrayFile]:
    """Draws the uploader, a line once there are X-rays; returns these, in the order of arrival."""
    files = kept_films()
    if files:
        _draw_bar(files)
        _tell_of_large_files()
        return files
    upload, offer = st.columns([3, 2], gap="large")
    with upload:
        _uploader("X-rays: PNG, JPEG, TIFF, DICOM and others, or a ZIP of them")
        ask_archive()
        _tell_of_large_files()
    with offer:
        _offer_samples()
    return []


def add_sample(path: Path) -> None:
    """Adds a synthetic sample, a file of `SAMPLES`, and opens it."""
    name = f"{path.stem} (synthetic){path.suffix}"
    [sample] = keep_films(xray_files(name, path.read_bytes(), synthetic=True))
    open_film(sample.number)


def _draw_bar(files: list[XrayFile]) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="bar"):
        _uploader("Add X-rays")
        with st.popover("More", key="more", type="tertiary", icon=":material/more_horiz:"):
            st.button(
                f"Remove all {len(files)} X-rays" if len(files) > 1 else "Remove this X-ray",
                key="clear",
                on_click=remove_films,
                icon=":material/delete:",
                width="stretch",
            )
            if len(files) > 1:
                ask_whether_together()
            if entries := samples():
                st.caption("Synthetic samples, drawn by code:")
                for entry in entries:
                    _sample_button(entry)
        ask_archive()


def _uploader(label: str) -> None:
    with st.container(key="upload"):
        st.file_uploader(
            label,
            accept_multiple_files=True,
            key=_uploader_key(),
            on_change=_keep_uploads,
            help=KINDS,
        )


def _tell_of_large_files() -> None:
    """Says which files were left out; they never reach the server."""
    names = st.session_state.get(LEFT_OUT_KEY, [])
    limit = UploadLimits().max_bytes
    component(SCRIPT)(
        key="large_files",
        data={"limit": limit, "told": bool(names)},
        on_left_out_change=_note_large_files,
    )
    if names:
        st.warning(
            f"Larger than {limit // 2**20} MB and left out: "
            f"{', '.join(f'**{plain(name)}**' for name in names)}. Export them smaller.",
            icon=":material/warning:",
        )


def _note_large_files() -> None:
    st.session_state[LEFT_OUT_KEY] = [
        str(name) for name in st.session_state["large_files"].left_out
    ]


def _keep_uploads() -> None:
    """Takes over the uploader's files, and hands the browser an empty uploader.

    The session keeps them, not the widget, whose files are lost with a visit to another page.
    """
    uploads = st.session_state[_uploader_key()]
    keep_films(one for file in uploads for one in xray_files(file.name, file.getvalue()))
    st.session_state[BATCHES_KEY] = st.session_state.get(BATCHES_KEY, 0) + 1


def _uploader_key() -> str:
    """A new key after each batch: only so does the browser let go of its list of files."""
    return f"upload_{st.session_state.get(BATCHES_KEY, 0)}"


def _offer_samples() -> None:
    entries = samples()
    if not entries:
        return
    st.markdown("No X-ray at hand? Try a sample. **All samples are synthetic**, drawn by code.")
    with st.container(horizontal=True, key="samples", gap="small"):
        for entry in entries:
            with st.container(width=SAMPLE_WIDTH, gap="xsmall"):
                st.image(
                    _sample_thumbnail(SAMPLES / entry["file"]),
                    width="stretch",
                    alt=f"Synthetic: {entry['description']}",
                )
                _sample_button(entry)


@st.cache_data(show_spinner=False)
def _sample_thumbnail(path: Path) -> bytes:
    return thumbnail(decode_xray(path.read_bytes()).pixels)


def _sample_button(entry: dict) -> None:
    path = SAMPLES / entry["file"]
    st.button(
        _sample_title(path),
        key=f"sample_{path.stem}",
        on_click=add_sample,
        args=(path,),
        width="stretch",
    )


def _sample_title(path: Path) -> str:
    """Gives "Lower leg, broken" for lower_leg_broken.png."""
    part, _, state = path.stem.rpartition("_")
    return f"{part.replace('_', ' ').capitalize()}, {state}"
