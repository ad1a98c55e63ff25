"""Entry of the app: `streamlit run app.py`."""

import streamlit as st

from add_style import add_style
from app_pages.session import note_page
from app_pages.shell import draw_shell
from application_pages import application_pages
from important_variables import ROOT

ASSETS = ROOT / "assets"


def main() -> None:
    """Draws the page that the address asks for."""
    st.set_page_config(
        page_title="FractureLens",
        page_icon=str(ASSETS / "favicon.svg"),
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    add_style()
    st.logo(str(ASSETS / "logo.svg"), size="large")
    page = st.navigation(application_pages(), position="top")
    note_page(page.url_path)
    page.run()
    draw_shell()


if __name__ == "__main__":
    main()
