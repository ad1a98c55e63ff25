"""The part of the Evidence page on what changes a figure: INT8, and another look at the X-ray.

Keys: `read_parity`, `read_whole`, `read_flips`.
"""

from pathlib import Path

import streamlit as st

from app_pages.widgets import reading_table
from fracturelens.measured.evaluation import read_evaluation
from fracturelens.measured.parity import parity_of, parity_rows, parity_words
from fracturelens.measured.tables import LOOKS, look_cost_words, look_rows
from fracturelens.networks.card import ModelCard


def show_parity(card: ModelCard) -> None:
    """Draws what the rounding to INT8 costs, where an INT8 file was made."""
    parity = parity_of(card)
    if parity:
        st.header("INT8 beside float32")
        reading_table(parity_rows(parity), "parity")
        st.caption(" ".join(parity_words(parity)))


def show_looks(name: str, split: str, precision: str, content: dict, models: Path) -> None:
    """Draws what other looks than the usual one bring and cost, where they were evaluated.

    Args:
        name: a network or "cascade".
        split: "val" or "test".
        precision: "float32" or "int8".
        content: the evaluation of the usual look.
        models: folder of the networks.
    """
    labels = content.get("labels", {})
    for look, (title, words) in LOOKS.items():
        other = read_evaluation(name, split, models, precision, look)
        if other is not None:
            st.header(title)
            st.caption(f"{words} {look_cost_words(other.get('look_cost'))}")
            rows = look_rows(content.get("metrics", {}), other["metrics"], labels, look)
            reading_table(rows, str(look))
