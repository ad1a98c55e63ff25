"""The list of pages."""

from streamlit.testing.v1 import AppTest

from important_variables import ROOT


def test_pages_in_the_order_of_the_menu():
    def script():
        import streamlit as st

        from application_pages import application_pages

        pages = application_pages()
        st.text(", ".join(page.title for page in pages))
        st.text(", ".join(page.url_path for page in pages))

    page = AppTest.from_function(script, default_timeout=60).run()
    assert [text.value for text in page.text] == [
        "Homepage, Dashboard, Training curves, Evidence",
        ", dashboard, training-curves, evidence",
    ]


def test_no_folder_that_streamlit_takes_for_pages():
    assert not (ROOT / "pages").exists()
