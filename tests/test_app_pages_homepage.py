import pytest
from streamlit.testing.v1 import AppTest

import app_pages.homepage
from important_variables import DISCLAIMER
from tests.app_helpers import GATE_EVALUATION, html, write_cards, write_evaluation


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(app_pages.homepage, "SAVED_MODELS", tmp_path)
    return tmp_path


def draw():
    def script():
        import streamlit as st

        from app_pages import homepage

        def other():
            st.title("The dashboard")

        others = [st.Page(other, url_path=name) for name in ("dashboard", "curves", "evidence")]
        home = st.Page(lambda: homepage.show(*others), url_path="", default=True)
        st.navigation([home, *others]).run()

    page = AppTest.from_function(script, default_timeout=60).run()
    assert not page.exception
    return page


def test_before_training_each_network_names_its_command(folder):
    page = draw()
    texts = [info.value for info in page.info]
    assert len(texts) == 3
    assert "command_line.py train unet" in texts[2]
    assert page.warning[0].value == DISCLAIMER
    assert DISCLAIMER in html(page)


def test_cards_show_measured_figures(folder):
    write_cards(folder)
    write_evaluation(folder, "gate", "val", GATE_EVALUATION)
    page = draw()
    assert [(metric.label, metric.value, metric.delta) for metric in page.metric] == [
        ("AUROC", "0.930", "0.900 to 0.960 (95 %)"),
        ("Average precision", "0.850", "0.820 to 0.880 (95 %)"),
    ]
    assert any("command_line.py evaluate unet" in caption.value for caption in page.caption)


def test_button_leads_to_the_dashboard(folder):
    page = draw()
    page.button(key="open_dashboard").click().run()
    assert page.title[0].value == "The dashboard"
