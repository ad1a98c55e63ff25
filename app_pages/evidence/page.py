"""Evidence: what everybody should know in five sentences, then all that was measured, in tabs.

Keys: `facts`, `tab` (the open tab, in the address too), `evidence_subject` (a network or
"cascade"), `evidence_split`, `evidence_precision`; more in the other files of this folder.
"""

from collections.abc import Mapping
from html import escape
from pathlib import Path

import streamlit as st

from app_pages.evidence.beyond import show_beyond
from app_pages.evidence.card import read_or_tell, show_details, show_purpose
from app_pages.evidence.failures import show_failures
from app_pages.evidence.figures import show_figures, show_subgroups
from app_pages.evidence.precision import show_modes, show_parity
from app_pages.evidence.speed import show_speed
from app_pages.session import PRECISION_TITLES, precisions
from app_pages.widgets import footer
from fracturelens.measured.figures import splits_of
from fracturelens.measured.layout import Evaluation, read_evaluation
from fracturelens.measured.plain import measured_line, plain_facts
from fracturelens.measured.words import SPLITS
from important_variables import CASCADE, GATE, NETWORKS, models_folder, title_of


def show() -> None:
    """Draws the page; of the tabs only the open one."""
    folder = models_folder()
    st.title("Evidence")
    _facts(folder)
    tabs = {
        "Accuracy": _accuracy,
        "Beyond FracAtlas": show_beyond,
        "Worst cases": _worst_cases,
        "Subgroups": _subgroups,
        "Speed": _speed,
    }
    for tab, draw in zip(
        st.tabs(list(tabs), key="tab", bind="query-params"), tabs.values(), strict=True
    ):
        if tab.open:
            with tab:
                draw(folder)
    footer()


def _facts(folder: Path) -> None:
    """Five plain answers, all figures read from files."""
    items = "".join(
        f"<div><dt>{escape(fact.title)}</dt><dd>{escape(fact.text)}</dd></div>"
        for fact in plain_facts(folder)
    )
    with st.container(key="facts"):
        st.html(f'<dl class="fl-facts">{items}</dl>')
    st.caption(
        f"{measured_line(folder)} Every figure on this page is read from the files that the "
        "evaluation wrote."
    )


def _accuracy(folder: Path) -> None:
    subject, evaluation = _ask(folder)
    if evaluation is not None:
        show_figures(evaluation)
        show_modes(evaluation, folder)
    names = NETWORKS if subject == CASCADE else (subject,)
    cards = [card for name in names if (card := read_or_tell(name, folder)) is not None]
    if cards and subject != CASCADE:
        show_parity(cards[0])
    if cards:
        show_purpose(cards)
    if cards and subject != CASCADE:
        show_details(cards[0])


def _worst_cases(folder: Path) -> None:
    _, evaluation = _ask(folder)
    if evaluation is not None:
        show_failures(evaluation, folder)


def _subgroups(folder: Path) -> None:
    _, evaluation = _ask(folder)
    if evaluation is not None:
        show_subgroups(evaluation)


def _speed(folder: Path) -> None:
    show_speed(_ask_subject(CASCADE), folder)


def _ask(folder: Path) -> tuple[str, Evaluation | None]:
    """What the user wants to read of, and its evaluation; says so where there is none."""
    with st.container(horizontal=True, gap="large"):
        subject = _ask_subject(GATE)
        splits = splits_of(subject, folder)
        if not splits:
            st.info(
                f"Not evaluated yet. Run `fracturelens evaluate {subject} --split val`.",
                icon=":material/query_stats:",
            )
            return subject, None
        split = _one_of("X-rays", splits, SPLITS, "evidence_split", splits[0])
        kinds = [kind for kind in PRECISION_TITLES if read_evaluation(subject, split, folder, kind)]
        used = st.session_state.get("precision", precisions()[0])  # on the dashboard
        precision = _one_of("Number format", kinds, PRECISION_TITLES, "evidence_precision", used)
    return subject, read_evaluation(subject, split, folder, precision)


def _ask_subject(first: str) -> str:
    """A network or the cascade; `first` where nobody has chosen."""
    return st.segmented_control(
        "Network",
        [*NETWORKS, CASCADE],
        default=first,
        required=True,
        format_func=title_of,
        key="evidence_subject",
        persist_state="session",
    )


def _one_of(label: str, options: list[str], titles: Mapping[str, str], key: str, first: str) -> str:
    """A choice, drawn only where there are several options; `first` is preferred at first."""
    if len(options) == 1:
        return options[0]
    if st.session_state.get(key) not in options:
        st.session_state[key] = first if first in options else options[0]
    return st.segmented_control(label, options, required=True, format_func=titles.get, key=key)
