"""What every page carries: a menu that is named and closes itself, a warning before a reload."""

from pathlib import Path

import streamlit as st

from app_pages.components import component
from app_pages.dashboard.films import kept_films

SCRIPT = Path(__file__).with_name("shell.js")


def draw_shell() -> None:
    """Draws nothing to be seen; call it once in each run, after the page.

    The browser warns before a reload that would lose what the user brought. Samples of ours are
    a click away, and lose nothing.
    """
    own = sum(not film.synthetic for film in kept_films())
    with st.container(key="shell"):
        component(SCRIPT)(key="shell_script", data={"films": own})
