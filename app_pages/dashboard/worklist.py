"""The worklist: all X-rays of an upload with their verdicts, the most suspicious first.

Keys: `worklist` (all cards), `open_<n>` (button of the n-th card, from 0), `worklist_page`.
"""

from html import escape

import streamlit as st

from app_pages.dashboard.analysis import Examined
from app_pages.dashboard.uploads import SELECTED
from app_pages.dashboard.verdict import verdict_badge
from fracturelens.results import Verdict

PER_PAGE = 12
CARD_WIDTH = 168
"""Pixels; two cards stand side by side on a phone."""


def choose_xray(found: list[tuple[Examined, Verdict]]) -> int:
    """Draws the worklist where there are several X-rays; returns the place of the chosen one.

    Args:
        found: X-rays with their verdicts, sorted by suspicion.
    """
    digests = [examined.file.digest for examined, _ in found]
    selected = st.session_state.get(SELECTED)
    chosen = digests.index(selected) if selected in digests else 0
    if len(found) > 1:
        st.subheader(f"{len(found)} X-rays, the most suspicious first")
        _draw_cards(found, chosen)
    return chosen


def _draw_cards(found: list[tuple[Examined, Verdict]], chosen: int) -> None:
    first = 0
    if len(found) > PER_PAGE:
        pages = -(-len(found) // PER_PAGE)
        first = (st.pagination(pages, key="worklist_page") - 1) * PER_PAGE
    with st.container(key="worklist", horizontal=True, gap="small"):
        for place in range(first, min(first + PER_PAGE, len(found))):
            _draw_card(place, *found[place], place == chosen)


def _draw_card(place: int, examined: Examined, verdict: Verdict, is_open: bool) -> None:
    name = examined.file.name
    key = f"card_{place}" + ("_open" if is_open else "")
    with st.container(border=True, key=key, width=CARD_WIDTH, gap="small"):
        st.image(examined.thumbnail, width="stretch", alt=f"X-ray {name}")
        st.html(
            f'<p class="fl-card-name" title="{escape(name)}">{escape(name)}</p>'
            f"{verdict_badge(verdict)} "
            f'<span class="fl-card-number">{examined.examination.scores.gate:.1%}</span>'
        )
        st.button(
            "Shown below" if is_open else "Open",
            key=f"open_{place}",
            on_click=_select,
            args=(examined.file.digest,),
            disabled=is_open,
            width="stretch",
        )


def _select(digest: str) -> None:
    st.session_state[SELECTED] = digest
