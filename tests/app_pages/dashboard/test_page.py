import re
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import app_pages.dashboard.analysis
import app_pages.dashboard.page
import app_pages.dashboard.precisions
import app_pages.dashboard.viewer
import app_pages.session
from create_segmentation_model import MissingModelError
from fracturelens.export.png import notice_png
from fracturelens.networks.card import read_card, write_card
from tests.helpers.app_helpers import (
    GATE_EVALUATION,
    agreement_section,
    fake_predictor,
    html,
    write_cards,
    write_evaluation,
    xray_png,
)

BRIGHT, MIDDLE, DARK = 230, 130, 20
"""The stand-in gate answers 0.902, 0.510 and 0.078."""
RED = notice_png(np.full((96, 96, 3), (200, 40, 40), np.uint8))
CASCADE = {
    "thresholds": {"doubtful": 0.2, "fracture": 0.6, "mask": {"encoder_decoder": 0.5, "unet": 0.5}},
    "agreement": agreement_section(15, 20),
    "agreement_doubtful": agreement_section(1, 20),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    write_cards(tmp_path, doubtful=0.2, fracture=0.6)
    pages = app_pages.dashboard
    for module in (app_pages.session, pages.page, pages.analysis, pages.viewer, pages.precisions):
        monkeypatch.setattr(module, "SAVED_MODELS", tmp_path)
    monkeypatch.setattr(app_pages.session, "load_model", lambda name, kind, _: fake_predictor(name))
    app_pages.session.network.clear()
    return tmp_path


@pytest.fixture
def page(folder):
    def script():
        from app_pages.dashboard import page as dashboard

        dashboard.show()

    return AppTest.from_function(script, default_timeout=60).run()


def upload(page, *files):
    page.file_uploader[0].set_value([(name, data, "image/png") for name, data in files])
    return page.run()


def marked(page):
    """Number and markers of each row of the lesion table."""
    pattern = r'data-head="Lesion">(\d+)</td><td data-head="Marked by">([^<]+)<'
    return [" ".join(found) for found in re.findall(pattern, html(page))]


def labels(page):
    return [button.proto.label for button in page.get("download_button")]


def test_empty_page_asks_for_xrays_and_carries_the_notice(page):
    assert page.title[0].value == "Dashboard"
    assert "Not for diagnosis" in html(page)
    assert not page.slider


def test_fracture_shows_four_pictures_lesions_and_downloads(page):
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert not page.exception
    assert "fl-verdict fl-fracture" in html(page)
    assert "90.2%" in html(page)
    assert marked(page) == ["1 Both networks", "1 Both networks", "2 U-Net only"]
    assert len(labels(page)) == 6


def test_doubtful_between_the_points(page):
    upload(page, ("wrist.png", xray_png(MIDDLE)))
    assert "fl-verdict fl-doubtful" in html(page)
    assert len(marked(page)) == 3
    assert "dotted rings are hints, and nothing is painted." in page.info[0].value
    assert len(labels(page)) == 4, "overlays and results, no masks"
    page.toggle(key="always_segment").set_value(True).run()
    assert not page.info
    assert len(labels(page)) == 6


def test_hints_are_shown_with_how_often_they_are_right(page, folder):
    write_evaluation(folder, "cascade", "val", CASCADE)
    upload(page, ("wrist.png", xray_png(MIDDLE)))
    assert "(3 of 60 such regions on the validation X-rays hold a fracture)" in page.info[0].value
    page.slider(key="mask_unet").set_value(0.45).run()
    assert "such regions" not in page.info[0].value, "measured at other points"


def test_lesions_stand_with_what_was_measured_of_their_kind(page, folder):
    write_evaluation(folder, "cascade", "val", CASCADE)
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert html(page).count("75% (72 to 78) of 20 on validation") == 3


def test_operating_points_stand_with_what_was_measured_at_them(page, folder):
    write_evaluation(folder, "gate", "val", GATE_EVALUATION)
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert "<td>80.0% <small>77.0 to 83.0</small></td>" in html(page)
    before = [text.value for text in page.markdown]
    page.slider(key="prevalence").set_value(0.5).run()
    assert [text.value for text in page.markdown] != before


def test_no_fracture_seen_leaves_the_segmenters_alone_until_asked(page):
    upload(page, ("wrist.png", xray_png(DARK)))
    assert "fl-verdict fl-none" in html(page)
    assert "segmenters were not run" in page.info[0].value
    assert not marked(page)
    page.toggle(key="always_segment").set_value(True).run()
    assert not page.info
    assert len(marked(page)) == 3


def test_gate_slider_changes_the_verdict_without_inference(page, monkeypatch):
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert page.slider(key="gate_points_float32").value == (0.2, 0.6)

    def never(*_, **__):
        pytest.fail("a slider ran the networks")

    monkeypatch.setattr("app_pages.dashboard.analysis.score_xray", never)
    page.slider(key="gate_points_float32").set_value((0.2, 0.95)).run()
    assert "fl-verdict fl-doubtful" in html(page)
    page.slider(key="gate_points_float32").set_value((0.92, 0.95)).run()
    assert "fl-verdict fl-none" in html(page)
    assert "segmenters were not run" in page.info[0].value


def test_mask_slider_drops_lesions(page):
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    page.slider(key="mask_unet").set_value(0.7).run()
    assert len(marked(page)) == 2
    page.slider(key="mask_encoder_decoder").set_value(0.9).run()
    assert len(marked(page)) == 1
    page.button(key="reset_settings").click().run()
    assert len(marked(page)) == 3


def test_one_handle_where_the_cards_know_one_point(page, folder):
    write_cards(folder, doubtful=0.6, fracture=0.6)
    upload(page, ("wrist.png", xray_png(MIDDLE)))
    assert page.slider(key="gate_point_float32").value == 0.6
    assert "fl-verdict fl-none" in html(page)


def test_gallery_is_sorted_by_suspicion_and_opens_others(page):
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


def test_missing_network_names_the_command_and_the_other_works(page, monkeypatch):
    def load(name, *_):
        if name == "unet":
            raise MissingModelError("Make it with `python command_line.py train unet`.")
        return fake_predictor(name)

    monkeypatch.setattr(app_pages.session, "load_model", load)
    app_pages.session.network.clear()
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert "command_line.py train unet" in page.warning[0].value
    assert marked(page) == ["1 Encoder-decoder, no other ran"]


def test_missing_gate_gives_no_verdict(page, monkeypatch):
    def load(name, *_):
        raise MissingModelError(f"Make it with `python command_line.py train {name}`.")

    monkeypatch.setattr(app_pages.session, "load_model", load)
    app_pages.session.network.clear()
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert len(page.warning) == 3
    assert "Without the gate" in page.info[0].value
    assert "Not for diagnosis" in html(page)


def test_precision_switch_and_twins_appear_with_an_int8_file(page, folder):
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert "precision" not in page.session_state
    (folder / "unet" / "model_int8.tflite").write_bytes(b"x")
    page.run()
    page.toggle(key="twin").set_value(True).run()
    assert not page.exception
    table = page.dataframe[0].value
    assert table["Network"].tolist() == ["Gate", "Encoder-decoder", "U-Net"]
    assert table["Pixels that differ"].tolist()[1:] == [0, 0]


def test_twins_are_each_calibrated_as_their_card_says(page, folder):
    card = read_card("gate", folder)
    own = card.thresholds | {"calibration": {"slope": 3.0, "intercept": 0.0}}
    write_card(replace(card, thresholds=card.thresholds | {"int8": own}), folder)
    (folder / "unet" / "model_int8.tflite").write_bytes(b"x")
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    page.toggle(key="twin").set_value(True).run()
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
    assert "colour picture" in page.warning[0].value
    assert "fl-verdict" not in html(page)
    page.button(key="accept_0").click().run()
    assert not page.warning
    assert "fl-verdict fl-doubtful" in html(page)
    assert "Judged despite a refusal." in html(page)


def test_a_picture_that_is_judged_all_the_same_is_opened_and_owns_no_figures(page, folder):
    write_evaluation(folder, "cascade", "val", CASCADE)
    upload(page, ("wrist.png", xray_png(BRIGHT)), ("photo.png", RED))
    assert "Judged despite a refusal." not in html(page)
    assert "on validation" in html(page)
    page.button(key="accept_0").click().run()
    assert page.session_state["selected"] == sha256(RED).hexdigest()
    assert "Judged despite a refusal." in html(page)
    assert "on validation" not in html(page)


def test_reports_tell_of_every_file(page, monkeypatch):
    made = []
    monkeypatch.setattr(
        "app_pages.dashboard.page.show_downloads", lambda *given: made.append(given[3])
    )
    upload(page, ("wrist.png", xray_png(BRIGHT)), ("photo.png", RED), ("no.png", b"just text"))
    reports = made[-1]()
    assert [report.name for report in reports] == ["wrist.png", "photo.png", "no.png"]
    assert reports[1].prediction is None and "colour" in reports[1].refusal.seen
    assert reports[2].error
    page.button(key="accept_0").click().run()
    judged = {report.name: report for report in made[-1]()}
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


def test_int8_is_the_default_where_it_can_do_all_the_work(page, folder):
    for name in ("gate", "encoder_decoder", "unet"):
        (folder / name / "model_int8.tflite").write_bytes(b"x")
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert page.session_state["precision"] == "int8"


def test_float32_is_the_default_where_an_int8_network_is_missing(page, folder):
    (folder / "unet" / "model_int8.tflite").write_bytes(b"x")
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    assert page.session_state["precision"] == "float32"
