"""The dashboard with one network more than ours, with one segmenter only, and without a gate."""

import csv
import json
from dataclasses import replace

import pytest

import app_pages.dashboard.viewer
import app_pages.session
from fracturelens.measured.layout import write_evaluation
from important_variables import DISCLAIMER, GATE, NETWORKS, segmenters
from tests.helpers.app_helpers import THIRD, fake_load_model, html, pixels, write_cards, xray_png
from tests.helpers.dashboard import (
    BRIGHT,
    MIDDLE,
    captions,
    labels,
    marked,
    open_dashboard,
    open_downloads,
    upload,
    verdict,
)
from tests.helpers.evaluations import cascade_evaluation

ALL = ["encoder_decoder", "unet", "third"]


@pytest.fixture
def three(folder, monkeypatch, networks):
    """The folder of an app that has one segmenter more."""
    networks["third"] = THIRD
    write_cards(folder)
    monkeypatch.setattr(app_pages.session, "load_model", fake_load_model)
    return folder


@pytest.fixture
def one(folder, monkeypatch, networks):
    """The folder of an app that has the U-Net alone."""
    del networks["encoder_decoder"]
    write_cards(folder)
    monkeypatch.setattr(app_pages.session, "load_model", fake_load_model)
    return folder


@pytest.fixture
def files(monkeypatch):
    """What the download buttons hold, by key."""
    written = {}

    def button(_, data, *__, key, **___):
        written[key] = data

    monkeypatch.setattr("streamlit.download_button", button)
    return written


def test_a_third_network_has_picture_slider_and_findings(three):
    page = upload(open_dashboard(), ("wrist.png", xray_png(BRIGHT)))
    assert not page.exception
    assert captions(page)[1:] == [
        "Encoder-decoder, vermilion",
        "U-Net, sky blue",
        "Third, purple",
        "Where the networks agree and differ",
    ]
    assert page.slider(key="mask_third").label == "Third marks from"
    assert marked(page) == ["1 All networks"] * 3 + ["2 U-Net only"]


def test_the_legend_of_an_agreement_names_a_third_network(three):
    page = upload(open_dashboard(), ("wrist.png", xray_png(BRIGHT)))
    assert f'rgb{THIRD.mark}"></i>Third only</li>' in html(page)
    assert "several networks</li>" in html(page) and "both" not in html(page).lower()


def test_a_third_networks_slider_moves_its_findings_alone(three):
    page = upload(open_dashboard(), ("wrist.png", xray_png(BRIGHT)))
    page.slider(key="mask_third").set_value(0.9).run()
    assert not page.exception
    assert marked(page) == ["1 Encoder-decoder and U-Net"] * 2 + ["2 U-Net only"]
    assert any("Third: nothing marked" in caption.value for caption in page.caption)
    page.button(key="reset_settings").click().run()
    assert len(marked(page)) == 4


def test_a_third_networks_results_can_be_taken_away(three, files):
    open_downloads(upload(open_dashboard(), ("wrist.png", xray_png(BRIGHT))))
    pictures = {f"download_{kind}_{name}" for kind in ("overlay", "mask") for name in ALL}
    assert set(files) == pictures | {
        "download_report",
        "download_side_by_side",
        "download_json",
        "download_csv",
    }
    assert pixels(files["download_overlay_third"]).shape == (96, 96, 3)
    assert pixels(files["download_mask_third"]).any()
    [result] = json.loads(files["download_json"])["results"]
    assert result["segmenters_run"] == ALL
    assert result["thresholds"]["mask"] == dict.fromkeys(ALL, 0.5)
    marks = [one["marked_by"] for one in result["findings"] if one["network"] == "third"]
    assert marks == [sorted(ALL)]
    rows = list(csv.DictReader(files["download_csv"].decode().splitlines()))
    assert [row["network"] for row in rows] == ["encoder_decoder", "unet", "unet", "third"]
    assert {row["notice"] for row in rows} == {DISCLAIMER}


def test_shares_that_were_measured_with_three_networks_stand_beside_their_findings(three):
    write_evaluation(cascade_evaluation(), three)
    page = upload(open_dashboard(), ("wrist.png", xray_png(BRIGHT)))
    assert html(page).count("75% (72 to 78) of 20 on validation") == 4


def test_shares_that_were_measured_without_the_third_network_are_not_its(three):
    of_two = cascade_evaluation()
    counts = [count for count in of_two.agreement["fracture"] if "third" not in count.networks]
    used = replace(of_two.thresholds, mask=dict.fromkeys(ALL, 0.5))
    write_evaluation(replace(of_two, thresholds=used, agreement={"fracture": counts}), three)
    page = upload(open_dashboard(), ("wrist.png", xray_png(BRIGHT)))
    assert "on validation" not in html(page)
    assert html(page).count("not measured") == 4


def test_precisions_of_a_third_network_are_compared(three):
    (three / "third" / "model_int8.tflite").write_bytes(b"x")
    page = upload(open_dashboard(), ("wrist.png", xray_png(BRIGHT)))
    page.toggle(key="compare").set_value(True).run()
    assert not page.exception
    assert page.dataframe[0].value["Network"].tolist() == [
        NETWORKS[name].title for name in (GATE, *ALL)
    ]


def test_one_segmenter_alone_has_no_agreement(one, files):
    page = upload(open_dashboard(), ("wrist.png", xray_png(BRIGHT)))
    assert not page.exception and not page.warning
    assert captions(page) == ["Original", "U-Net, sky blue"]
    assert marked(page) == ["1 U-Net, no other ran", "2 U-Net, no other ran"]
    assert "fl-legend" not in html(page)
    open_downloads(page)
    assert [slider.key for slider in page.slider if slider.key.startswith("mask_")] == ["mask_unet"]
    assert "download_mask_unet" in files and "download_mask_encoder_decoder" not in files


def test_one_segmenter_alone_gives_hints(one):
    page = upload(open_dashboard(), ("wrist.png", xray_png(MIDDLE)))
    assert "dotted rings are hints" in page.info[0].value
    page.toggle(key="always_segment").set_value(True).run()
    assert not page.exception and not page.info


def test_a_gate_without_segmenters_gives_a_verdict(folder, monkeypatch, networks):
    for name in segmenters():
        del networks[name]
    write_cards(folder)
    monkeypatch.setattr(app_pages.session, "load_model", fake_load_model)
    page = upload(open_dashboard(), ("wrist.png", xray_png(BRIGHT)))
    assert not page.exception
    assert verdict(page) == "fracture"
    assert len(labels(open_downloads(page))) == 4, "report, picture and the results"


def test_without_a_gate_card_there_is_no_verdict(three):
    (three / GATE / "card.json").unlink()
    page = upload(open_dashboard(), ("wrist.png", xray_png(BRIGHT)))
    assert not page.exception
    assert "`fracturelens train gate`" in page.warning[0].value
    assert "Without the gate" in page.info[0].value
    assert verdict(page) == ""
