"""The part of the Evidence page that a network's card tells: its use, limits and making.

Keys: `purpose`; `card_<section>` (expanders).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import streamlit as st

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


def show_details(card: ModelCard) -> None:
    """How a network is asked and how it was made, section by section."""
    st.header("How it was made")
    content = msgspec.to_builtins(card)
    for section, title in SECTIONS.items():
        leaves = dict(flattened(content[section]))
        if leaves:
            with st.expander(title, key=f"card_{section}"):
                st.table(
                    {"": list(leaves), "Value": [_text(value) for value in leaves.values()]},
                    border="horizontal",
                    hide_index=True,
                )
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
