"""Files without a verdict, in one group: unreadable ones, and pictures that are no such X-ray.

Keys: `refused` (the group), `accept_all`, `accept_<number>` (analyze one), `drop_<number>`.
"""

from collections.abc import Iterable

import streamlit as st

from app_pages.dashboard.analysis import Examined, Outcome
from app_pages.dashboard.films import XrayFile, accept_films, remove_film
from app_pages.widgets import plain

THUMBNAIL = 56
"""Pixels."""


def show_refused(outcome: Outcome) -> None:
    """Draws the group; folded where other X-rays have a verdict, which is what to look at."""
    refused, unreadable = outcome.refused, outcome.unreadable
    if not refused and not unreadable:
        return
    number = len(refused) + len(unreadable)
    title = "1 file has no verdict" if number == 1 else f"{number} files have no verdict"
    with st.expander(
        title, expanded=not outcome.judged, key="refused", icon=":material/image_search:"
    ):
        for remedy in dict.fromkeys(one.examination.refusal.remedy for one in refused):
            st.caption(remedy)
        if len(refused) > 1:
            _accept_button("Analyze all anyway", "accept_all", [one.file for one in refused])
        for one in refused:
            _show_refused(one)
        for one in unreadable:
            _show_unreadable(one)


def _show_refused(one: Examined) -> None:
    file, seen = one.file, one.examination.refusal.seen
    with st.container(gap="xsmall", key=f"refused_{file.number}"):
        with st.container(horizontal=True, wrap=False, gap="small"):
            st.image(one.thumbnail, width=THUMBNAIL, alt=f"Thumbnail of {file.name}")
            st.markdown(f"**{plain(file.name)}** was not analyzed. {plain(seen)}")
        with st.container(horizontal=True, gap="small"):
            _accept_button(f"Analyze *{plain(file.name)}* anyway", f"accept_{file.number}", [file])
            _remove_button(file)


def _show_unreadable(one: Examined) -> None:
    with st.container(gap="xsmall", key=f"refused_{one.file.number}"):
        st.markdown(f"**{plain(one.file.name)}** could not be read: {plain(one.examination.error)}")
        _remove_button(one.file)


def _accept_button(label: str, key: str, files: Iterable[XrayFile]) -> None:
    """The name in italics is for screen readers, the style sheet hides it: buttons need names."""
    st.button(label, key=key, on_click=accept_films, args=(files,))


def _remove_button(file: XrayFile) -> None:
    st.button(
        f"Remove *{plain(file.name)}*",
        key=f"drop_{file.number}",
        on_click=remove_film,
        args=(file.number,),
        type="tertiary",
    )
