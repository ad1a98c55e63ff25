"""What can be taken away: files that lie ready as bytes, and lie still while nothing changes."""

import io
import json
from hashlib import sha256
from zipfile import ZipFile

import pytest

import app_pages.dashboard.downloads
from tests.helpers.app_helpers import xray_png
from tests.helpers.dashboard import BRIGHT, DARK, MIDDLE, labels, open_downloads, upload

WRIST = xray_png(BRIGHT)


@pytest.fixture
def files(monkeypatch):
    """What the download buttons hold, by key: name and bytes."""
    written = {}

    def button(_, data, name, *__, key, **___):
        written[key] = name, data

    monkeypatch.setattr("streamlit.download_button", button)
    return written


def test_every_file_is_bytes_and_stays_the_same_until_something_changes(page, files):
    open_downloads(upload(page, ("wrist.png", WRIST)))
    assert not page.exception
    first = dict(files)
    assert {type(data) for _, data in first.values()} == {bytes}
    page.run()
    assert files == first, "a file that changes at each run is lost to who is about to click"
    page.slider(key="mask_unet").set_value(0.7).run()
    changed = {key for key in first if files[key] != first[key]}
    assert changed >= {"download_report", "download_mask_unet", "download_json"}
    assert "download_overlay_encoder_decoder" not in changed


def test_files_are_made_once(page, files, monkeypatch):
    made = []
    module = app_pages.dashboard.downloads
    for name in ("report_pdf", "side_by_side_png", "full_overlay"):
        write = getattr(module, name)
        spy = lambda *given, name=name, write=write: made.append(name) or write(*given)  # noqa: E731
        monkeypatch.setattr(module, name, spy)
    upload(page, ("wrist.png", WRIST))
    assert made == [], "nothing is made while the panel is closed"
    open_downloads(page)
    page.run()
    assert sorted(made) == ["full_overlay", "full_overlay", "report_pdf", "side_by_side_png"]


def test_results_tell_what_made_them(page, files):
    open_downloads(upload(page, ("wrist.png", WRIST)))
    name, data = files["download_json"]
    content = json.loads(data)
    assert name == "wrist_results.json"
    assert content["made"]["precision"] == "float32"
    assert set(content["made"]["networks"]) >= {"gate", "encoder_decoder", "unet"}
    assert content["results"][0]["sha256"] == sha256(WRIST).hexdigest()
    assert content["results"][0]["custom_thresholds"] is False
    page.slider(key="mask_unet").set_value(0.7).run()
    assert json.loads(files["download_json"][1])["results"][0]["custom_thresholds"] is True


def test_everything_about_all_files_comes_in_one_zip(page, files):
    upload(page, ("Wrist.png", WRIST), ("wrist.png", xray_png(MIDDLE)), ("no.png", b"just text"))
    open_downloads(page)
    assert "download_zip" not in files, "it takes a while, and waits until somebody asks"
    page.button(key="prepare_zip").click().run()
    assert not page.exception
    name, data = files["download_zip"]
    assert name == "xrays_all.zip"
    names = ZipFile(io.BytesIO(data)).namelist()
    assert {"results.json", "results.csv", "summary.pdf"} <= set(names)
    assert {"Wrist_report.pdf", "wrist-2_report.pdf"} <= set(names)
    assert "Wrist_unet_mask.png" in names and "wrist-2_unet_mask.png" not in names
    files.clear()
    page.run()
    assert files["download_zip"][1] == data
    files.clear()
    page.slider(key="mask_unet").set_value(0.7).run()
    assert "download_zip" not in files, "it would tell of other thresholds"


def test_an_xray_without_marks_has_its_report(page, files):
    open_downloads(upload(page, ("wrist.png", xray_png(DARK))))
    assert not page.exception
    assert set(files) == {
        "download_report", "download_side_by_side", "download_json", "download_csv"
    }  # fmt: skip


def test_results_of_files_without_a_verdict_can_be_taken_away(page):
    upload(page, ("no.png", b"just text"), ("neither.png", b"more text"))
    assert labels(open_downloads(page)) == ["Results (JSON)", "Results (CSV)", "Summary (PDF)"]
