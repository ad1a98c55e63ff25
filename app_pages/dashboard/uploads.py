"""The X-rays that the user brings: uploaded files and synthetic samples, kept for the session.

Keys: `upload` (around the uploader), `sample_<id>` (one button for each sample),
`clear`, `more_samples` (popover with the samples once there is an X-ray).
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from app_pages.session import samples
from fracturelens.findings.views import thumbnail
from fracturelens.xray.pictures import Picture, read_pictures
from fracturelens.xray.radiograph import Radiograph
from fracturelens.xray.read import decode_xray
from important_variables import SAMPLES

FILES_KEY = "xray_files"
CLEARED_KEY = "times_cleared"
SELECTED = "selected"
"""Session key: digest of the X-ray that is open."""
SAMPLE_WIDTH = 160
"""Pixels; the samples show pictures until there is an X-ray to look at."""


@dataclass(frozen=True)
class XrayFile:
    """One X-ray of the user's, or a sample of ours.

    Attributes:
        name: as shown.
        picture: the X-ray in its file: a ZIP or a file of several frames gives several.
        digest: SHA-256 of the file's bytes, hexadecimal, with the frame where it is not the first.
        synthetic: drawn by our own code.
    """

    name: str
    picture: Picture
    digest: str
    synthetic: bool = False

    def decode(self) -> Radiograph:
        """What the file holds.

        Raises:
            UnreadableXrayError: it is no X-ray that can be read.
        """
        return self.picture.decode()


def ask_for_xrays() -> list[XrayFile]:
    """Draws the uploader and the samples; returns what was chosen, in the order of arrival."""
    if not st.session_state.get(FILES_KEY):
        upload, offer = st.columns([3, 2], gap="large")
        with upload:
            _uploader()
        with offer:
            _offer_samples()
        return []
    _uploader()
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Clear all", key="clear", on_click=_clear, icon=":material/close:", type="tertiary"
        )
        if entries := samples():
            with st.popover("Add a synthetic sample", key="more_samples", type="tertiary"):
                for entry in entries:
                    _sample_button(entry)
    return list(st.session_state[FILES_KEY])


def xray_files(name: str, data: bytes, synthetic: bool = False) -> list[XrayFile]:
    """The X-rays that a file holds, at least one; what cannot be read says so when decoded."""
    return [
        XrayFile(picture.name, picture, _digest(picture), synthetic)
        for picture in read_pictures(data, name)
    ]


def _digest(picture: Picture) -> str:
    """Of what would be decoded: one that cannot be read is known by its name and why."""
    known = picture.data or f"{picture.name} {picture.error}".encode()
    return hashlib.sha256(known).hexdigest() + (f"-{picture.frame}" if picture.frame else "")


def _keep_uploads() -> None:
    """Takes over the uploader's files; samples that were picked stay."""
    kept = [file for file in st.session_state.get(FILES_KEY, ()) if file.synthetic]
    uploads = st.session_state[_uploader_key()]
    new = [one for file in uploads for one in xray_files(file.name, file.getvalue())]
    st.session_state[FILES_KEY] = _distinct(new + kept)


def _uploader() -> None:
    with st.container(key="upload"):
        st.file_uploader(
            "X-rays: PNG, JPEG, TIFF, DICOM and others, or a ZIP of them",
            accept_multiple_files=True,
            key=_uploader_key(),
            on_change=_keep_uploads,
            help="BMP, WebP, AVIF, HEIC and JPEG 2000 too, at any bit depth. Files stay on the "
            "machine that runs this app.",
        )


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


def add_sample(path: Path) -> None:
    """Adds a synthetic sample, a file of `SAMPLES`, and opens it."""
    name = f"{path.stem} (synthetic){path.suffix}"
    [sample] = xray_files(name, path.read_bytes(), synthetic=True)
    st.session_state[FILES_KEY] = _distinct([*st.session_state.get(FILES_KEY, ()), sample])
    st.session_state[SELECTED] = sample.digest


def _clear() -> None:
    st.session_state.pop(FILES_KEY, None)
    st.session_state[CLEARED_KEY] = st.session_state.get(CLEARED_KEY, 0) + 1


def _uploader_key() -> str:
    """A new key after each clearing: only so does the browser let go of its list of files."""
    return f"upload_{st.session_state.get(CLEARED_KEY, 0)}"


def _distinct(files: list[XrayFile]) -> list[XrayFile]:
    """The files without repetitions of the same bytes."""
    return list({file.digest: file for file in reversed(files)}.values())[::-1]
