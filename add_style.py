"""Puts the style sheet into the page."""

import streamlit as st

from important_variables import ROOT

STYLE_SHEET = ROOT / "style" / "style.css"


def add_style() -> None:
    """Adds style/style.css to the page that is being drawn; call it once in each run."""
    st.html(STYLE_SHEET)
