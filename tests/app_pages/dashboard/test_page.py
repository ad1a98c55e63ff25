"""The dashboard: X-rays in; verdict, pictures, findings, settings and reports out."""

from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

import app_pages.session
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
from tests.helpers.dashboard import BRIGHT, DARK, MIDDLE, captions, labels, marked, upload
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
    assert "fl-verdict fl-fracture" in html(page)
    assert "90.2%" in html(page)
    assert marked(page) == ["1 Both networks", "1 Both networks", "2 U-Net only"]
    assert captions(page) == [
        "Original",
        "Encoder-decoder, vermilion",
        "U-Net, sky blue",
        "Where the networks agree and differ",
    ]
    assert html(page).count("fl-legend") == 1
    assert "both networks</li>" in html(page) and "U-Net only</li>" in html(page)
    assert len(labels(page)) == 6


def test_doubtful_between_the_thresholds(page):
    upload(page, ("wrist.png", xray_png(MIDDLE)))
    assert "fl-verdict fl-doubtful" in html(page)
    assert len(marked(page)) == 3
    assert "dotted rings are hints, and nothing is painted." in page.info[0].value
    assert len(labels(page)) == 4, "overlays and results, no masks"
    page.toggle(key="always_segment").set_value(True).run()
    assert not page.info
    assert len(labels(page)) == 6


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
    assert "<td>80.0% <small>77.0 to 83.0</small></td>" in html(page)
    before = [text.value for text in page.markdown]
    page.slider(key="prevalence").set_value(0.5).run()
    assert [text.value for text in page.markdown] != before


def test_no_fracture_leaves_the_segmenters_alone_until_asked(page):
    upload(page, ("wrist.png", xray_png(DARK)))
    assert "fl-verdict fl-none" in html(page)
    assert "segmenters were not run" in page.info[0].value
    assert not marked(page)
    page.toggle(key="always_segment").set_value(True).run()
    assert not page.info
    assert len(marked(page)) == 3


def test_gate_slider_changes_the_verdict_without_inference(page, monkeypatch):
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert page.slider(key="gate_thresholds_float32").value == (0.2, 0.6)

    def never(*_, **__):
        pytest.fail("a slider ran the networks")

    monkeypatch.setattr("app_pages.dashboard.analysis.examine_xray", never)
    page.slider(key="gate_thresholds_float32").set_value((0.2, 0.95)).run()
    assert "fl-verdict fl-doubtful" in html(page)
    page.slider(key="gate_thresholds_float32").set_value((0.92, 0.95)).run()
    assert "fl-verdict fl-none" in html(page)
    assert "segmenters were not run" in page.info[0].value


def test_mask_slider_drops_findings(page):
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    page.slider(key="mask_unet").set_value(0.7).run()
    assert len(marked(page)) == 2
    page.slider(key="mask_encoder_decoder").set_value(0.9).run()
    assert len(marked(page)) == 1
    page.button(key="reset_settings").click().run()
    assert len(marked(page)) == 3


def test_one_handle_where_the_cards_know_one_threshold(page, cards):
    write_cards(cards, doubtful=0.6, fracture=0.6)
    upload(page, ("wrist.png", xray_png(MIDDLE)))
    assert page.slider(key="gate_threshold_float32").value == 0.6
    assert "fl-verdict fl-none" in html(page)


def test_worklist_is_sorted_by_suspicion_and_opens_others(page):
    files = [("dark.png", DARK), ("bright.png", BRIGHT), ("middle.png", MIDDLE)]
    upload(page, *((name, xray_png(value)) for name, value in files))
    cards = html(page)
    assert cards.index("bright.png") < cards.index("middle.png") < cards.index("dark.png")
    assert "fl-verdict fl-fracture" in cards
    page.button(key="open_2").click().run()
    assert "fl-verdict fl-none" in html(page)


def test_bad_file_is_named_and_the_others_work(page):
    upload(page, ("no_[xray].png", b"just text"), ("wrist.png", xray_png(BRIGHT)))
    assert len(page.error) == 1
    assert r"no\_\[xray\].png" in page.error[0].value
    assert "fl-verdict fl-fracture" in html(page)


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
    def load(_):
        raise ScreeningError("It is damaged. Run `git checkout`.")

    monkeypatch.setattr(app_pages.session, "load_screening", load)
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert not page.exception
    [told] = [warning.value for warning in page.warning]
    assert told == "**Screening is not available.** It is damaged. Run `git checkout`."
    assert "fl-verdict fl-fracture" in html(page)


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
    assert any("synthetic sample" in caption.value for caption in page.caption)
    page.button(key="clear").click().run()
    assert "fl-verdict" not in html(page)


def test_what_is_no_xray_is_not_judged_unless_asked(page):
    upload(page, ("photo.png", RED))
    assert "photo.png" in page.warning[0].value
    assert "color picture" in page.warning[0].value
    assert "fl-verdict" not in html(page)
    page.button(key="accept_0").click().run()
    assert not page.warning
    assert "fl-verdict fl-doubtful" in html(page)
    assert "Analyzed although it was refused." in html(page)


def test_a_picture_that_is_analyzed_anyway_is_opened_and_owns_no_figures(page, cards):
    write_evaluation(cascade_evaluation(), cards)
    upload(page, ("wrist.png", xray_png(BRIGHT)), ("photo.png", RED))
    assert "Analyzed although it was refused." not in html(page)
    assert "on validation" in html(page)
    page.button(key="accept_0").click().run()
    assert page.session_state["selected"] == sha256(RED).hexdigest()
    assert "Analyzed although it was refused." in html(page)
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
    page.button(key="accept_0").click().run()
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
