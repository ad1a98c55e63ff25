"""Files without a verdict: unreadable ones, and pictures that do not look like an X-ray.

Keys: `accept_<n>` (button of the n-th doubted picture, from 0: judge it all the same).
"""

import streamlit as st

from app_pages.dashboard.analysis import Outcome
from app_pages.dashboard.uploads import SELECTED, XrayFile
from app_pages.widgets import plain
from fracturelens.screening.check import Refusal

ACCEPTED = "accepted_digests"


def show_refused(outcome: Outcome) -> None:
    """One sentence for each unreadable file; for each doubted picture, why and a way on."""
    for name, reason in outcome.unreadable:
        st.error(f"**{plain(name)}** was not read: {reason}", icon=":material/broken_image:")
    for place, (file, refusal) in enumerate(outcome.doubted):
        _show_doubted(place, file, refusal)


def _show_doubted(place: int, file: XrayFile, refusal: Refusal) -> None:
    st.warning(
        f"**{plain(file.name)}** was not judged. {refusal.seen} {refusal.remedy}",
        icon=":material/image_search:",
    )
    st.button(
        "Judge it all the same",
        key=f"accept_{place}",
        on_click=_accept,
        args=(file.digest,),
        type="tertiary",
    )


def _accept(digest: str) -> None:
    """Has the picture judged, and opens it: that is what the user wants to see now."""
    st.session_state[ACCEPTED] = {*st.session_state.get(ACCEPTED, ()), digest}
    st.session_state[SELECTED] = digest
