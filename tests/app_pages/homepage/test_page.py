import pytest
from streamlit.testing.v1 import AppTest

import app_pages.homepage.example
import app_pages.homepage.page
import app_pages.session
from important_variables import DISCLAIMER
from tests.helpers.app_helpers import (
    GATE_EVALUATION,
    fake_predictor,
    html,
    write_cards,
    write_evaluation,
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for module in (app_pages.homepage.page, app_pages.homepage.example, app_pages.session):
        monkeypatch.setattr(module, "SAVED_MODELS", tmp_path)
    app_pages.session.network.clear()
    return tmp_path


def draw():
    def script():
        import streamlit as st

        from app_pages.homepage import page as homepage

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


def test_the_example_is_the_networks_own_output(folder, monkeypatch):
    write_cards(folder)
    monkeypatch.setattr(
        app_pages.session, "load_model", lambda name, precision, _: fake_predictor(name, precision)
    )
    page = draw()
    assert [caption for caption in page.caption if "the networks' own" in caption.value]
    assert '<p class="fl-caption">U-Net</p>' in html(page)


def test_without_int8_networks_the_sample_stands_unmarked(folder):
    page = draw()
    assert [caption for caption in page.caption if "Synthetic, drawn by code." in caption.value]
    assert "fl-caption" not in html(page)


def test_the_gate_is_described_with_all_three_verdicts(folder):
    words = " ".join(text.value for text in draw().markdown)
    assert all(part in words for part in ("fracture point", "doubtful point", "nothing is marked"))
