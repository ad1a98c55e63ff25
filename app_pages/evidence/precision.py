"""The part of the Evidence page on what changes a figure: INT8, and another mode of asking.

Keys: `read_parity`, `read_whole`, `read_flips`; expanders: `parity`, `mode_<mode>`.
"""

from pathlib import Path

import streamlit as st

from app_pages.widgets import reading_table
from fracturelens.measured.layout import Evaluation, read_evaluation
from fracturelens.measured.parity import parity_of, parity_rows, parity_words
from fracturelens.measured.tables import mode_cost_words, mode_rows
from fracturelens.measured.words import MODES
from fracturelens.networks.card import ModelCard


def show_parity(card: ModelCard) -> None:
    """Draws what the rounding to INT8 costs, where an INT8 file was made."""
    parity = parity_of(card)
    if parity:
        with st.expander("INT8 beside float32", key="parity"):
            reading_table(parity_rows(parity), "parity")
            st.caption(" ".join(parity_words(parity)))


def show_modes(usual: Evaluation, folder: Path) -> None:
    """Draws what other modes than the usual one bring and cost, where they were evaluated.

    Args:
        usual: the evaluation in the usual mode.
        folder: of the networks.
    """
    for mode, (title, words) in MODES.items():
        other = read_evaluation(usual.name, usual.split, folder, usual.precision, mode)
        if other is not None:
            with st.expander(title, key=f"mode_{mode}"):
                st.caption(f"{words} {mode_cost_words(other.mode_cost)}")
                reading_table(mode_rows(usual.part.metrics, other.part.metrics, mode), str(mode))
