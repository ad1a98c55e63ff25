"""Files without a verdict: unreadable ones, and pictures that do not look like an X-ray.

Keys: `accept_<n>` (button of the n-th refused picture, from 0: analyze it anyway).
"""

import streamlit as st

from app_pages.dashboard.analysis import Examined, Outcome
from app_pages.dashboard.uploads import SELECTED
from app_pages.widgets import plain

ACCEPTED = "accepted_digests"


def show_refused(outcome: Outcome) -> None:
    """One sentence for each unreadable file; for each refused picture, why and a way on."""
    for one in outcome.unreadable:
        st.error(
            f"**{plain(one.file.name)}** could not be read: {plain(one.examination.error)}",
            icon=":material/broken_image:",
        )
    for place, one in enumerate(outcome.refused):
        _show_refused(place, one)


def _show_refused(place: int, one: Examined) -> None:
    refusal = one.examination.refusal
    st.warning(
        f"**{plain(one.file.name)}** was not analyzed. {plain(refusal.seen)} {refusal.remedy}",
        icon=":material/image_search:",
    )
    st.button(
        "Analyze anyway",
        key=f"accept_{place}",
        on_click=_accept,
        args=(one.file.digest,),
        type="tertiary",
    )


def _accept(digest: str) -> None:
    """Has the picture analyzed, and opens it: that is what the user wants to see now."""
    st.session_state[ACCEPTED] = {*st.session_state.get(ACCEPTED, ()), digest}
    st.session_state[SELECTED] = digest
