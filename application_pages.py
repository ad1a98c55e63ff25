"""The list of pages; each lives in a module of app_pages."""

import streamlit as st

from app_pages import training_curves
from app_pages.dashboard import page as dashboard
from app_pages.evidence import page as evidence
from app_pages.homepage import page as homepage


def application_pages() -> list[st.Page]:
    """Homepage, Dashboard, Training curves and Evidence, in the order of the menu."""
    pages = [
        st.Page(dashboard.show, title="Dashboard", url_path="dashboard"),
        st.Page(training_curves.show, title="Training curves", url_path="training-curves"),
        st.Page(evidence.show, title="Evidence", url_path="evidence"),
    ]
    home = st.Page(lambda: homepage.show(*pages), title="Homepage", url_path="", default=True)
    return [home, *pages]
