"""Evidence: what was measured, how, on which data, and what each network is for.

Keys: `evidence_subject` (gate, encoder_decoder, unet, cascade), `evidence_split`,
`evidence_precision`; `card_<section>` (expanders of the card). More in evidence_figures.py.
"""

import streamlit as st

from app_pages.evaluations import CASCADE, SPLITS, flattened, read_evaluation, splits_of
from app_pages.evidence_failures import show_failures
from app_pages.evidence_figures import show_figures
from app_pages.evidence_speed import show_speed
from app_pages.shared import PRECISIONS, footer
from important_variables import NETWORKS, SAVED_MODELS, TITLES
from model_card import CardError, ModelCard, read_card

SUBJECTS = {**TITLES, CASCADE: "Gate, then segmenter"}
SECTIONS = {
    "settings": "Settings",
    "training": "Training",
    "data": "Data",
    "thresholds": "Thresholds, chosen on the validation X-rays",
    "metrics": "Figures of the card",
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
    card = None if subject == CASCADE else _card(subject)
    if card is not None:
        _purpose(card)
    _evaluation(subject)
    show_speed(subject)
    if card is not None:
        _details(card)
    footer()


def _card(name: str) -> ModelCard | None:
    try:
        return read_card(name, SAVED_MODELS)
    except CardError as error:
        st.info(f"{error} Run `python command_line.py train {name}`.", icon=":material/build:")
        return None


def _purpose(card: ModelCard) -> None:
    with st.container(border=True, key="purpose"):
        use, limits = st.columns(2, gap="large")
        with use:
            st.subheader("What it is for")
            st.markdown(card.intended_use)
            st.caption(f"{card.parameters:,} parameters. Input: {card.input_contract}.")
        with limits:
            st.subheader("What it cannot do")
            st.markdown("\n".join(f"- {limit}" for limit in card.limits) or "None stated.")


def _evaluation(subject: str) -> None:
    splits = splits_of(subject, SAVED_MODELS)
    if not splits:
        st.info(
            f"Not evaluated yet. Run `python command_line.py evaluate {subject} --split val`.",
            icon=":material/query_stats:",
        )
        return
    with st.container(horizontal=True, gap="large"):
        split = _one_of("Split", splits, SPLITS, "evidence_split")
        kinds = [kind for kind in PRECISIONS if read_evaluation(subject, split, SAVED_MODELS, kind)]
        precision = _one_of("Precision", kinds, PRECISIONS, "evidence_precision")
    content = read_evaluation(subject, split, SAVED_MODELS, precision)
    show_figures(subject, split, content)
    show_failures(content, SAVED_MODELS)


def _one_of(label: str, options: list[str], titles: dict[str, str], key: str) -> str:
    """A choice, drawn only where there are several options."""
    if len(options) == 1:
        return options[0]
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
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
