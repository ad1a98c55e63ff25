"""Evidence: what was measured, how, on which data, and what each network is for.

Keys: `evidence_subject` (a network or "cascade"), `evidence_split`, `evidence_precision`; more in
the other files of this folder.
"""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from app_pages.evidence.beyond import show_beyond
from app_pages.evidence.card import read_or_tell, show_details, show_purpose
from app_pages.evidence.failures import show_failures
from app_pages.evidence.figures import show_figures
from app_pages.evidence.precision import show_modes, show_parity
from app_pages.evidence.speed import show_speed
from app_pages.session import PRECISION_TITLES, precisions
from app_pages.widgets import footer
from fracturelens.measured.figures import splits_of
from fracturelens.measured.layout import read_evaluation
from fracturelens.measured.words import SPLITS
from important_variables import CASCADE, GATE, NETWORKS, models_folder, title_of


def show() -> None:
    """Draws the page."""
    folder = models_folder()
    st.title("Evidence")
    st.caption("Every figure is read from the files that the evaluation wrote, with its interval.")
    subject = st.segmented_control(
        "What",
        [*NETWORKS, CASCADE],
        default=GATE,
        required=True,
        format_func=title_of,
        key="evidence_subject",
        persist_state="session",
    )
    names = NETWORKS if subject == CASCADE else (subject,)
    cards = [card for name in names if (card := read_or_tell(name, folder)) is not None]
    if cards:
        show_purpose(cards)
    _evaluation(subject, folder)
    alone = subject != CASCADE
    if alone and cards:
        show_parity(cards[0])
    if subject == GATE:
        show_beyond(folder)
    show_speed(subject, folder)
    if alone and cards:
        show_details(cards[0])
    footer()


def _evaluation(subject: str, folder: Path) -> None:
    splits = splits_of(subject, folder)
    if not splits:
        st.info(
            f"Not evaluated yet. Run `fracturelens evaluate {subject} --split val`.",
            icon=":material/query_stats:",
        )
        return
    with st.container(horizontal=True, gap="large"):
        split = _one_of("Split", splits, SPLITS, "evidence_split", splits[0])
        kinds = [kind for kind in PRECISION_TITLES if read_evaluation(subject, split, folder, kind)]
        used = st.session_state.get("precision", precisions()[0])  # on the dashboard
        precision = _one_of("Number format", kinds, PRECISION_TITLES, "evidence_precision", used)
    evaluation = read_evaluation(subject, split, folder, precision)
    if evaluation is not None:
        show_figures(evaluation)
        show_modes(evaluation, folder)
        show_failures(evaluation, folder)


def _one_of(label: str, options: list[str], titles: Mapping[str, str], key: str, first: str) -> str:
    """A choice, drawn only where there are several options; `first` is preferred at first."""
    if len(options) == 1:
        return options[0]
    if st.session_state.get(key) not in options:
        st.session_state[key] = first if first in options else options[0]
    return st.segmented_control(label, options, required=True, format_func=titles.get, key=key)
