"""Entry of the app: `streamlit run app.py`."""

import streamlit as st
from starlette.middleware import Middleware

from add_style import add_style
from fracturelens.networks.brought import add_brought_networks
from fracturelens.serving.guards import PAGES_POLICY, HostCheck, SecurityHeaders, own_names
from important_variables import ROOT, UploadLimits, models_folder

ASSETS = ROOT / "assets"


def main() -> None:
    """Draws the page that the address asks for."""
    # Their caches need the running server.
    from app_pages.session import note_page
    from app_pages.shell import draw_shell
    from application_pages import application_pages

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
else:  # `streamlit run` imports this module once for the server, and runs it for every page
    add_brought_networks(models_folder())
    st.config.set_option("server.maxUploadSize", UploadLimits().max_megabytes)
    app = st.App(
        __file__,
        middleware=[
            Middleware(SecurityHeaders, policy=PAGES_POLICY),
            Middleware(HostCheck, names=own_names()),
        ],
    )
