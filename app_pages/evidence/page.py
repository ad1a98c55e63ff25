"""Evidence: what was measured, how, on which data, and what each network is for.

Keys: `evidence_subject` (gate, encoder_decoder, unet, cascade), `evidence_split`,
`evidence_precision`; `card_<section>` (expanders of the card). More in evidence_figures.py.
"""

import streamlit as st

from app_pages.evidence.failures import show_failures
from app_pages.evidence.figures import show_figures
from app_pages.evidence.precision import show_looks, show_parity
from app_pages.evidence.speed import show_speed
from app_pages.session import PRECISIONS, precisions
from app_pages.widgets import footer
from fracturelens.measured.evaluation import CASCADE, SPLITS, flattened, read_evaluation, splits_of
from fracturelens.networks.card import CardError, ModelCard, read_card
from fracturelens.networks.tiling import LOOKED_AT
from important_variables import NETWORKS, SAVED_MODELS, TITLES

SUBJECTS = {**TITLES, CASCADE: "Gate, then segmenter"}
SECTIONS = {
    "settings": "Settings",
    "training": "Training",
    "data": "Data",
    "thresholds": "Thresholds, chosen on the validation X-rays",
    "versions": "Versions",
    "files": "Files and their SHA-256",
}


def show() -> None:
    """Draws the page."""
    st.title("Evidence")
    st.caption("Every figure is read from the files that the evaluation wrote, with its interval.")
    subject = st.segmented_control(
        "What",
        list(SUBJECTS),
        default=NETWORKS[0],
        required=True,
        format_func=SUBJECTS.get,
        key="evidence_subject",
        persist_state="session",
    )
    names = NETWORKS if subject == CASCADE else (subject,)
    cards = [card for name in names if (card := _card(name)) is not None]
    if cards:
        _purpose(cards)
    _evaluation(subject)
    if len(names) == len(cards) == 1:
        show_parity(cards[0])
    show_speed(subject)
    if len(names) == len(cards) == 1:
        _details(cards[0])
    footer()


def _card(name: str) -> ModelCard | None:
    try:
        return read_card(name, SAVED_MODELS)
    except CardError as error:
        st.info(f"{error} Run `python command_line.py train {name}`.", icon=":material/build:")
        return None


def _purpose(cards: list[ModelCard]) -> None:
    """Use and limits of one network, or of all three together, each sentence once."""
    limits = dict.fromkeys(limit for card in cards for limit in card.limits)
    with st.container(border=True, key="purpose"):
        left, right = st.columns(2, gap="large")
        with left:
            st.subheader("What it is for")
            for use in dict.fromkeys(card.intended_use for card in cards):
                st.markdown(use)
            st.caption(" ".join(_size_words(card) for card in cards))
        with right:
            st.subheader("What it cannot do")
            st.markdown("\n".join(f"- {limit}" for limit in limits) or "None stated.")


def _size_words(card: ModelCard) -> str:
    side = card.settings.get("input_size")
    what = LOOKED_AT if card.looks_closer else "the whole X-ray"
    seen = f"; sees {what}, at {side} x {side} pixels" if side else ""
    return f"{card.title}: {card.parameters:,} parameters{seen}."


def _evaluation(subject: str) -> None:
    splits = splits_of(subject, SAVED_MODELS)
    if not splits:
        st.info(
            f"Not evaluated yet. Run `python command_line.py evaluate {subject} --split val`.",
            icon=":material/query_stats:",
        )
        return
    with st.container(horizontal=True, gap="large"):
        split = _one_of("Split", splits, SPLITS, "evidence_split", splits[0])
        kinds = [kind for kind in PRECISIONS if read_evaluation(subject, split, SAVED_MODELS, kind)]
        used = st.session_state.get("precision", precisions()[0])  # on the dashboard
        precision = _one_of("Number format", kinds, PRECISIONS, "evidence_precision", used)
    content = read_evaluation(subject, split, SAVED_MODELS, precision)
    show_figures(subject, split, content)
    show_looks(subject, split, precision, content, SAVED_MODELS)
    show_failures(subject, content, SAVED_MODELS)


def _one_of(label: str, options: list[str], titles: dict[str, str], key: str, first: str) -> str:
    """A choice, drawn only where there are several options; `first` is preferred at first."""
    if len(options) == 1:
        return options[0]
    if st.session_state.get(key) not in options:
        st.session_state[key] = first if first in options else options[0]
    return st.segmented_control(label, options, required=True, format_func=titles.get, key=key)


def _details(card: ModelCard) -> None:
    st.header("How it was made")
    for section, title in SECTIONS.items():
        content = dict(flattened(getattr(card, section)))
        if content:
            with st.expander(title, key=f"card_{section}"):
                st.table(
                    {"": list(content), "Value": [_text(value) for value in content.values()]},
                    border="horizontal",
                    hide_index=True,
                )
    st.caption(f"Licence: {card.licence}")


def _text(value: object) -> str:
    """A leaf of the card for people: short numbers, lists with commas."""
    if isinstance(value, float):
        return f"{value:.5g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
