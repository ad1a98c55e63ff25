"""The part of the Evidence page on what changes a figure: INT8, and the mirror image.

Keys: `read_parity`, `read_flips`.
"""

from pathlib import Path

import streamlit as st

from app_pages.evaluation_tables import flip_cost_words, flip_rows
from app_pages.evaluations import read_evaluation
from app_pages.parity_table import parity_of, parity_rows, parity_words
from app_pages.tables import reading_table
from model_card import ModelCard


def show_parity(card: ModelCard) -> None:
    """Draws what the rounding to INT8 costs, where an INT8 file was made."""
    parity = parity_of(card)
    if parity:
        st.header("INT8 beside float32")
        reading_table(parity_rows(parity), "parity")
        st.caption(" ".join(parity_words(parity)))


def show_flips(name: str, split: str, precision: str, content: dict, models: Path) -> None:
    """Draws what averaging over the mirror image brings and costs, where it was evaluated.

    Args:
        name: a network or "cascade".
        split: "val" or "test".
        precision: "float32" or "int8".
        content: the evaluation without it.
        models: folder of the networks.
    """
    twice = read_evaluation(name, split, models, precision, flips=True)
    if twice is None:
        return
    st.header("Averaged over the mirror image")
    st.caption(
        "Each network may look twice, at the X-ray and at its mirror image, and take the mean. "
        f"The app does not. {flip_cost_words(twice.get('flips_cost'))}"
    )
    labels = content.get("labels", {})
    reading_table(flip_rows(content.get("metrics", {}), twice["metrics"], labels), "flips")
