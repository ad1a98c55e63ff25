"""Puts the style sheets into the page."""

import streamlit as st

from important_variables import ROOT

STYLE_SHEETS = (ROOT / "style" / "style.css", ROOT / "style" / "dashboard.css")


def add_style() -> None:
    """Adds the style sheets to the page that is being drawn; call it once in each run."""
    for sheet in STYLE_SHEETS:
        st.html(sheet)
