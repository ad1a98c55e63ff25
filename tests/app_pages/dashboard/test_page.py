"""The dashboard: X-rays in; verdict, pictures, findings, settings and reports out."""

import os
from dataclasses import replace

import numpy as np
import pytest

import app_pages.session
from app_pages.dashboard.verdict import CUSTOM
from fracturelens.export.png import notice_png
from fracturelens.measured.layout import write_evaluation
from fracturelens.networks.card import read_card, write_card
from fracturelens.networks.inference import Calibration
from fracturelens.screening.network import ScreeningError
from important_variables import GATE, NETWORKS
from tests.helpers.app_helpers import (
    html,
    write_cards,
    xray_png,
)
from tests.helpers.dashboard import (
    BRIGHT,
    DARK,
    MIDDLE,
    captions,
    labels,
    listed,
    marked,
    open_downloads,
    open_film,
    upload,
    verdict,
    viewer,
)
from tests.helpers.evaluations import GATE_EVALUATION, cascade_evaluation

RED = notice_png(np.full((96, 96, 3), (200, 40, 40), np.uint8))


def write_int8(folder, *names):
    """INT8 files, which the stand-ins need not read."""
    for name in names:
        (folder / name / "model_int8.tflite").write_bytes(b"x")


def test_empty_page_asks_for_xrays_and_carries_the_notice(page):
    assert page.title[0].value == "Dashboard"
    assert "Not for diagnosis" in html(page)
    assert not page.slider


def test_fracture_shows_four_pictures_findings_and_downloads(page):
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert not page.exception
    assert verdict(page) == "fracture"
    assert "90.2%" in html(page)
    assert marked(page) == ["1 Both networks", "1 Both networks", "2 U-Net only"]
    assert captions(page) == [
        "Original",
        "Encoder-decoder, vermilion: 1 finding",
        "U-Net, sky blue: 2 findings",
        "Agreement: where the networks agree and differ",
    ]
    legend = [entry["words"] for entry in viewer(page)["panes"][-1]["legend"]]
    assert legend == ["both networks", "Encoder-decoder only", "U-Net only"]
    assert labels(page) == [], "the files are not made before somebody asks for them"
    assert labels(open_downloads(page)) == [
        "Report (PDF)",
        "Side by side (PNG)",
        "Overlay Encoder-decoder (PNG)",
        "Mask Encoder-decoder (PNG)",
        "Overlay U-Net (PNG)",
        "Mask U-Net (PNG)",
        "Results (JSON)",
        "Results (CSV)",
    ]


def test_doubtful_between_the_thresholds(page):
    upload(page, ("wrist.png", xray_png(MIDDLE)))
    assert verdict(page) == "doubtful"
    assert len(marked(page)) == 3
    assert "dotted rings are hints, and nothing is painted." in page.info[0].value
    assert not any("Mask" in label for label in labels(open_downloads(page)))
    page.toggle(key="always_segment").set_value(True).run()
    assert not page.info
    assert len(labels(page)) == 8


def test_hints_are_shown_with_how_often_they_are_right(page, cards):
    write_evaluation(cascade_evaluation(), cards)
    upload(page, ("wrist.png", xray_png(MIDDLE)))
    assert "(3 of 60 such findings on the validation X-rays hold a fracture)" in page.info[0].value
    page.slider(key="mask_unet").set_value(0.45).run()
    assert "such findings" not in page.info[0].value, "measured at other thresholds"


def test_findings_stand_with_what_was_measured_of_their_kind(page, cards):
    write_evaluation(cascade_evaluation(), cards)
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert html(page).count("75% (72 to 78) of 20 on validation") == 3


def test_thresholds_stand_with_what_was_measured_at_them(page, cards):
    write_evaluation(GATE_EVALUATION, cards)
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert "517 validation X-rays, 104 of them fractured" in html(page)
    assert "<td>80.0% <small>77.0 to 83.0</small></td>" in html(page)
    before = [text.value for text in page.markdown]
    page.slider(key="prevalence").set_value(0.5).run()
    assert [text.value for text in page.markdown] != before


def test_no_fracture_leaves_the_segmenters_alone_until_asked(page):
    upload(page, ("wrist.png", xray_png(DARK)))
    assert verdict(page) == "none"
    assert "segmenters were not run" in page.info[0].value
    assert not marked(page)
    page.toggle(key="always_segment").set_value(True).run()
    assert not page.info
    assert len(marked(page)) == 3


def test_gate_slider_changes_the_verdict_without_inference(page, monkeypatch):
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert page.slider(key="gate_doubtful_float32").value == 0.2
    assert page.slider(key="gate_fracture_float32").value == 0.6

    def never(*_, **__):
        pytest.fail("a slider ran the networks")

    monkeypatch.setattr("app_pages.dashboard.analysis.examine_xray", never)
    page.slider(key="gate_fracture_float32").set_value(0.95).run()
    assert verdict(page) == "doubtful"
    page.slider(key="gate_doubtful_float32").set_value(0.92).run()
    assert verdict(page) == "none"
    assert "segmenters were not run" in page.info[0].value


def test_mask_slider_drops_findings(page):
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    page.slider(key="mask_unet").set_value(0.7).run()
    assert len(marked(page)) == 2
    page.slider(key="mask_encoder_decoder").set_value(0.9).run()
    assert len(marked(page)) == 1
    page.button(key="reset_settings").click().run()
    assert len(marked(page)) == 3
    assert page.slider(key="mask_unet").value == 0.5


def test_thresholds_that_are_not_the_measured_ones_are_told_and_taken_back(page):
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    keys = [button.key for button in page.button]
    assert CUSTOM not in html(page) and "reset_settings" not in keys
    page.slider(key="gate_fracture_float32").set_value(0.95).run()
    assert CUSTOM in html(page)
    assert verdict(page) == "doubtful"
    page.button(key="reset_settings").click().run()
    assert CUSTOM not in html(page)
    assert verdict(page) == "fracture"
    assert page.slider(key="gate_fracture_float32").value == 0.6


def test_a_new_measured_threshold_takes_the_place_of_the_old_one(page, cards):
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    page.slider(key="gate_fracture_float32").set_value(0.95).run()
    write_cards(cards, doubtful=0.2, fracture=0.7)
    os.utime(cards / GATE / "card.json", (2e9, 2e9))
    page.run()
    assert page.slider(key="gate_fracture_float32").value == 0.7
    assert CUSTOM not in html(page)


def test_a_threshold_moves_no_other(page, cards):
    write_cards(cards, doubtful=0.0492, fracture=0.313)
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    page.slider(key="gate_fracture_float32").set_value(0.5).run()
    assert page.slider(key="gate_doubtful_float32").value == 0.0492


def test_nothing_is_unclear_where_the_thresholds_cross(page):
    upload(page, ("wrist.png", xray_png(MIDDLE)))
    page.slider(key="gate_doubtful_float32").set_value(0.9).run()
    assert not page.exception
    assert verdict(page) == "none", "below the threshold of a fracture, 0.6"


def test_the_drawer_shows_what_applies(page):
    upload(page, ("wrist.png", xray_png(DARK)))
    keys = [slider.key for slider in page.slider]
    assert keys == ["gate_fracture_float32", "gate_doubtful_float32"], "nothing is marked"
    page.toggle(key="always_segment").set_value(True).run()
    keys = [slider.key for slider in page.slider]
    assert {"mask_unet", "mask_encoder_decoder", "opacity"} <= set(keys)


def test_a_hidden_slider_keeps_its_value(page):
    upload(page, ("bright.png", xray_png(BRIGHT)), ("dark.png", xray_png(DARK)))
    page.slider(key="mask_unet").set_value(0.7).run()
    open_film(page, "dark.png")
    assert "mask_unet" not in [slider.key for slider in page.slider]
    assert CUSTOM in html(page)
    open_film(page, "bright.png")
    assert page.slider(key="mask_unet").value == 0.7


def test_one_handle_where_the_cards_know_one_threshold(page, cards):
    write_cards(cards, doubtful=0.6, fracture=0.6)
    upload(page, ("wrist.png", xray_png(MIDDLE)))
    assert page.slider(key="gate_fracture_float32").value == 0.6
    assert "gate_doubtful_float32" not in [slider.key for slider in page.slider]
    assert verdict(page) == "none"


def test_worklist_is_sorted_by_suspicion_and_opens_others(page):
    files = [("dark.png", DARK), ("bright.png", BRIGHT), ("middle.png", MIDDLE)]
    upload(page, *((name, xray_png(value)) for name, value in files))
    assert [entry["name"] for entry in listed(page)] == ["bright.png", "middle.png", "dark.png"]
    assert [entry["sign"] for entry in listed(page)] == ["fracture", "doubtful", "none"]
    assert verdict(page) == "fracture"
    open_film(page, "dark.png")
    assert verdict(page) == "none"


def test_bad_file_is_named_and_the_others_work(page):
    upload(page, ("no_[xray].png", b"just text"), ("wrist.png", xray_png(BRIGHT)))
    [told] = [text.value for text in page.markdown if "could not be read" in text.value]
    assert r"no\_\[xray\].png" in told
    assert verdict(page) == "fracture"


def test_file_names_cannot_carry_html(page):
    upload(page, ("<img src=x onerror=alert(1)>.png", xray_png(BRIGHT)))
    assert "<img src=x" not in html(page)


def test_missing_network_names_the_command_and_the_other_works(page, cards):
    (cards / "unet" / "card.json").unlink()
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert "U-Net is not available." in page.warning[0].value
    assert "`fracturelens train unet`" in page.warning[0].value
    assert marked(page) == ["1 Encoder-decoder, no other ran"]


def test_screening_that_cannot_be_loaded_is_told_beside_the_verdict(page, monkeypatch):
    def load(*_):
        raise ScreeningError("It is damaged. Run `git checkout`.")

    monkeypatch.setattr(app_pages.session, "load_screening", load)
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert not page.exception
    [told] = [warning.value for warning in page.warning]
    assert told == "**Screening is not available.** It is damaged. Run `git checkout`."
    assert verdict(page) == "fracture"


def test_missing_networks_give_no_verdict(page, cards):
    for name in NETWORKS:
        (cards / name / "card.json").unlink()
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert len(page.warning) == 3
    assert "Without the gate" in page.info[0].value
    assert "Not for diagnosis" in html(page)


def test_precision_switch_and_comparison_appear_with_an_int8_file(page, cards):
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert "precision" not in page.session_state
    write_int8(cards, "unet")
    page.run()
    page.toggle(key="compare").set_value(True).run()
    assert not page.exception
    table = page.dataframe[0].value
    assert table["Network"].tolist() == ["Gate", "Encoder-decoder", "U-Net"]
    assert table["Pixels that differ"].tolist()[1:] == [0, 0]


def test_each_precision_is_calibrated_as_the_card_says(page, cards):
    card = read_card(GATE, cards)
    fitted = {"float32": Calibration(), "int8": Calibration(3.0, 0.0)}
    write_card(replace(card, inference=replace(card.inference, calibration=fitted)), cards)
    write_int8(cards, "unet")
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    page.toggle(key="compare").set_value(True).run()
    gap = page.dataframe[0].value["Largest probability difference"][0]
    assert gap > 0.05, "the networks are the same, their calibration is not"


def test_a_sample_is_labelled_synthetic(page):
    page.button(key="sample_hand_broken").click().run()
    assert "hand_broken (synthetic).png" in html(page)
    assert "synthetic sample" in html(page)
    page.button(key="clear").click().run()
    assert verdict(page) == ""


def test_what_is_no_xray_is_not_judged_unless_asked(page):
    upload(page, ("photo.png", RED))
    [told] = [text.value for text in page.markdown if "was not analyzed" in text.value]
    assert "photo.png" in told and "color picture" in told
    assert verdict(page) == ""
    page.button(key="accept_1").click().run()
    assert "refused_1" not in [button.key for button in page.button]
    assert verdict(page) == "doubtful"
    assert "Analyzed at your request." in html(page)


def test_all_refused_are_analyzed_with_one_button(page):
    upload(page, ("a.png", RED), ("b.png", notice_png(np.full((96, 96, 3), (9, 200, 9), np.uint8))))
    assert verdict(page) == "" and [one.label for one in page.expander] == [
        "2 files have no verdict"
    ]
    page.button(key="accept_all").click().run()
    assert [entry["caution"] for entry in listed(page)] == ["Caution", "Caution"]
    assert not page.expander


def test_a_refused_file_can_be_removed(page):
    upload(page, ("a.png", RED), ("wrist.png", xray_png(BRIGHT)))
    page.button(key="drop_1").click().run()
    assert not page.expander and verdict(page) == "fracture"


def test_a_picture_that_is_analyzed_anyway_is_opened_and_owns_no_figures(page, cards):
    write_evaluation(cascade_evaluation(), cards)
    upload(page, ("wrist.png", xray_png(BRIGHT)), ("photo.png", RED))
    assert "Analyzed at your request." not in html(page)
    assert "on validation" in html(page)
    page.button(key="accept_2").click().run()
    assert page.query_params["film"] == "2"
    assert "Analyzed at your request." in html(page)
    assert "on validation" not in html(page)


def test_reports_tell_of_every_file(page, monkeypatch):
    made = []
    monkeypatch.setattr(
        "app_pages.dashboard.page.show_downloads", lambda *given: made.append(given[3])
    )
    upload(page, ("wrist.png", xray_png(BRIGHT)), ("photo.png", RED), ("no.png", b"just text"))
    reports = made[-1]()
    assert [report.name for report in reports] == ["wrist.png", "photo.png", "no.png"]
    xray, photo, text = (report.examination for report in reports)
    assert xray.prediction and not xray.refusal
    assert photo.prediction is None and "color" in photo.refusal.seen
    assert text.error
    page.button(key="accept_2").click().run()
    judged = {report.name: report.examination for report in made[-1]()}
    assert judged["photo.png"].prediction and judged["photo.png"].refusal


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ([("photo.png", RED)], "photo.png"),
        ([("photo.png", RED), ("no.png", b"just text")], "xrays"),
    ],
)
def test_reports_are_offered_where_no_file_got_a_verdict(page, monkeypatch, files, name):
    made = []
    draw = lambda *given: made.append(given)  # noqa: E731
    monkeypatch.setattr("app_pages.dashboard.page.show_results_download", draw)
    upload(page, *files)
    collect, called = made[-1]
    assert called == name
    assert [report.name for report in collect()] == [file for file, _ in files]


def test_int8_is_the_default_where_it_can_do_all_the_work(page, cards):
    write_int8(cards, *NETWORKS)
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert page.session_state["precision"] == "int8"


def test_float32_is_the_default_where_an_int8_network_is_missing(page, cards):
    write_int8(cards, "unet")
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert page.session_state["precision"] == "float32"
