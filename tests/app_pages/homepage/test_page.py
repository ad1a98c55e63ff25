"""The homepage: a card for each network, the way in, and the networks' own example."""

from streamlit.testing.v1 import AppTest

import app_pages.homepage.example
import app_pages.session
from fracturelens.measured.layout import write_evaluation
from important_variables import DISCLAIMER, GATE, NETWORKS, SAMPLES
from tests.helpers.app_helpers import (
    THIRD,
    fake_load_model,
    html,
    write_cards,
)
from tests.helpers.evaluations import GATE_EVALUATION, estimate, evaluation


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
    assert [text.split("`")[1] for text in texts] == [
        f"fracturelens train {name}" for name in NETWORKS
    ]
    assert page.warning[0].value == DISCLAIMER
    assert DISCLAIMER in html(page)


def test_cards_show_measured_figures(folder):
    write_cards(folder)
    write_evaluation(GATE_EVALUATION, folder)
    page = draw()
    assert [(metric.label, metric.value, metric.delta) for metric in page.metric] == [
        ("AUROC", "0.930", "0.900 to 0.960 (95 %)"),
        ("Average precision", "0.850", "0.820 to 0.880 (95 %)"),
    ]
    assert any(
        "`fracturelens evaluate unet --split val`" in caption.value for caption in page.caption
    )


def test_button_leads_to_the_dashboard(folder):
    page = draw()
    page.button(key="open_dashboard").click().run()
    assert page.title[0].value == "The dashboard"


def test_examples_are_the_networks_own_output_and_open_with_a_click(folder, monkeypatch):
    write_cards(folder)
    monkeypatch.setattr(app_pages.session, "load_model", fake_load_model)
    opened = []
    monkeypatch.setattr(app_pages.homepage.example, "add_sample", opened.append)
    page = draw()
    assert [caption for caption in page.caption if "the networks' own" in caption.value]
    [button, *_] = [one for one in page.button if str(one.key).startswith("open_example_")]
    button.click().run()
    assert page.title[0].value == "The dashboard"
    assert [path.parent for path in opened] == [SAMPLES]


def test_without_int8_networks_the_sample_stands_unmarked(folder):
    page = draw()
    assert [caption for caption in page.caption if "Synthetic, drawn by code." in caption.value]
    assert "fl-badge" not in html(page)


def test_each_network_is_described_as_its_spec_says(folder):
    words = [text.value for text in draw().markdown]
    assert all(spec.caption in words for spec in NETWORKS.values())
    assert all(
        part in NETWORKS[GATE].caption for part in ("painted", "ringed as hints", "not marked")
    )


def test_a_third_network_has_its_card_and_figures(folder, monkeypatch, networks):
    networks["third"] = THIRD
    write_cards(folder)
    figures = evaluation("third")
    figures.part.metrics["dice_mean"] = estimate(0.41)
    write_evaluation(figures, folder)
    monkeypatch.setattr(app_pages.session, "load_model", fake_load_model)
    page = draw()
    assert "Third" in [title.value for title in page.subheader]
    assert [(one.label, one.value) for one in page.metric] == [("Dice, fractured X-rays", "0.410")]


def test_an_app_with_one_segmenter_shows_two_cards(folder, monkeypatch, networks):
    del networks["encoder_decoder"]
    write_cards(folder)
    monkeypatch.setattr(app_pages.session, "load_model", fake_load_model)
    page = draw()
    titles = [title.value for title in page.subheader]
    assert titles == ["Gate", "U-Net"]
    assert "fl-badge" in html(page)


def test_without_a_gate_card_the_sample_stands_unmarked(folder, monkeypatch):
    write_cards(folder)
    (folder / GATE / "card.json").unlink()
    monkeypatch.setattr(app_pages.session, "load_model", fake_load_model)
    page = draw()
    assert [text.value.split("`")[1] for text in page.info] == [f"fracturelens train {GATE}"]
    assert "fl-badge" not in html(page)
