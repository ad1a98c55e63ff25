"""The worst cases of an evaluation: their kinds, and the pictures where FracAtlas is at hand.

The pictures are never shipped. Keys: `show_failures` (switch), `kinds_<network>` (tables).
"""

from pathlib import Path

import streamlit as st

from app_pages.failure_kinds import TITLES as KINDS
from app_pages.failure_kinds import failure_rows, read_failures
from app_pages.pictures import thumbnail
from app_pages.shared import keyed_table
from important_variables import TITLES, fracatlas_folder
from xray_image import UnreadableXrayError, decode_xray

SHOWN = 12
WIDTH = 168


def show_failures(content: dict, models: Path) -> None:
    """Draws the kinds of failures, and the worst cases where the pictures are at hand."""
    parts = content.get("networks") or {content.get("name", ""): content}
    worst = {name: part["worst"] for name, part in parts.items() if part.get("worst")}
    kinds = {name: found for name in worst if (found := read_failures(name, models))}
    folder = fracatlas_folder()
    at_hand = (folder / "images").is_dir()
    if not kinds and not (worst and at_hand):
        return
    st.header("The worst cases")
    if kinds:
        st.caption("What a person saw in the worst cases on validation; several kinds may meet.")
    for name, found in kinds.items():
        keyed_table(failure_rows(found), f"kinds_{name}")
    if at_hand:
        _show_pictures(worst, folder)


def _show_pictures(worst: dict[str, dict], folder: Path) -> None:
    st.caption("Read from FracAtlas on this machine; the pictures are not part of FractureLens.")
    if not st.toggle("Show the pictures", key="show_failures", persist_state="session"):
        return
    for name, cases_of in worst.items():
        for key, title in KINDS.items():
            cases = cases_of.get(key, [])[:SHOWN]
            if cases:
                st.subheader(f"{TITLES.get(name, name)}: {title.lower()}")
                with st.container(horizontal=True, gap="small"):
                    for case in cases:
                        _show_case(folder, case)


def _show_case(folder: Path, case: dict) -> None:
    details = ", ".join(
        f"{key.replace('_', ' ')} {value:.3g}" if isinstance(value, float) else f"{key} {value}"
        for key, value in case.items()
        if key != "image_id"
    )
    with st.container(border=True, width=WIDTH, gap="xsmall"):
        try:
            picture = case_picture(folder, case["image_id"])
        except (FileNotFoundError, UnreadableXrayError) as error:
            st.caption(f"{case['image_id']}: {error}")
            return
        st.image(picture, width="stretch", alt=f"X-ray {case['image_id']}")
        st.caption(f"{case['image_id']}: {details}")


@st.cache_data(max_entries=200, show_spinner=False)
def case_picture(folder: Path, image_id: str) -> bytes:
    """A small JPEG of one X-ray of FracAtlas.

    Raises:
        FileNotFoundError: it is not there.
        UnreadableXrayError: it is damaged.
    """
    name = Path(image_id).name  # an id is a file name, never a path
    for kind in ("Fractured", "Non_fractured"):
        path = folder / "images" / kind / name
        if path.is_file():
            return thumbnail(decode_xray(path.read_bytes()))
    raise FileNotFoundError("not in this copy of FracAtlas")
