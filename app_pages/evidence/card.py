"""The part of the Evidence page that a network's card tells: its use, limits and making.

Keys: `purpose`, `making` (expanders), `read_card_<section>`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import streamlit as st

from app_pages.widgets import reading_table
from fracturelens.measured.words import QUANTIZATION
from fracturelens.networks.card import CardError, ModelCard, read_card

SECTIONS = {
    "inference": "How it is asked: input, tiles, calibration, thresholds",
    "settings": "Settings",
    "training": "Training",
    "data": "Data",
    "versions": "Versions",
    "files": "Files and their SHA-256",
}


def read_or_tell(name: str, folder: Path) -> ModelCard | None:
    """A network's card; where it cannot be read, the page says so."""
    try:
        return read_card(name, folder)
    except CardError as error:
        st.info(str(error), icon=":material/build:")
        return None


def show_purpose(cards: list[ModelCard]) -> None:
    """Use and limits of one network, or of all together, each sentence once."""
    limits = dict.fromkeys(limit for card in cards for limit in card.limits)
    with st.expander("What it is for, and what it cannot do", key="purpose"):
        for use in dict.fromkeys(card.intended_use for card in cards):
            st.markdown(use)
        st.markdown("\n".join(f"- {limit}" for limit in limits) or "No limits are stated.")
        st.caption(" ".join(_size_words(card) for card in cards))


def show_details(card: ModelCard) -> None:
    """How a network is asked and how it was made, section by section; folded."""
    content = msgspec.to_builtins(card)
    with st.expander("How it was made", key="making"):
        for section, title in SECTIONS.items():
            leaves = dict(flattened(content[section]))
            if leaves:
                st.subheader(title)
                rows = [{"": key, "Value": _text(value)} for key, value in leaves.items()]
                reading_table(rows, f"card_{section}")
        st.caption(f"License: {card.licence}")


def flattened(content: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Leaves of nested dictionaries with their dotted names."""
    for key, value in content.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            yield from flattened(value, f"{name}.")
        else:
            yield name, value


def _size_words(card: ModelCard) -> str:
    side = card.input_size
    return (
        f"{card.title}: {card.parameters:,} parameters; sees {card.inference.looked_at}, at "
        f"{side} x {side} pixels."
    )


def _text(value: object) -> str:
    """A leaf of the card for people: short numbers, lists with commas, words for keys."""
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:.5g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return QUANTIZATION.get(str(value), str(value))
