"""Views of one study on the dashboard: they stand together, and make one verdict."""

import json
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.helpers.app_helpers import component_data, html, xray_png
from tests.helpers.bad_inputs import zip_file
from tests.helpers.dashboard import (
    BRIGHT,
    DARK,
    MIDDLE,
    listed,
    open_downloads,
    open_film,
    upload,
)
from tests.helpers.films import deep, dicom_file, film


def headings(page):
    return next((data["studies"] for data in component_data(page) if "studies" in data), [])


def names(page):
    return [entry["name"] for entry in listed(page)]


def names_of(page, heading):
    known = {entry["number"]: entry["name"] for entry in listed(page)}
    return [known[number] for number in heading["films"]]


@pytest.fixture
def study(page):
    """Two pictures that were brought together, and another in a ZIP of its own."""
    archive = zip_file(c_png=xray_png(MIDDLE))
    upload(page, ("dark.png", xray_png(DARK)), ("bright.png", xray_png(BRIGHT)), ("z.zip", archive))
    return page


def switch(page):
    return page.toggle(key="together")


def test_dicom_files_say_which_study_they_belong_to(page):
    files = [("a.dcm", "1.2", 1), ("b.dcm", "1.3", 0.3), ("c.dcm", "1.2", 0.2)]
    made = [
        (name, dicom_file(deep((film() * dim).astype("uint8")), StudyInstanceUID=uid))
        for name, uid, dim in files
    ]
    upload(page, *made)
    assert not page.exception
    [heading] = headings(page)
    assert sorted(names_of(page, heading)) == ["a.dcm", "c.dcm"]
    together = [name for name in names(page) if name != "b.dcm"]
    assert names(page) in ([*together, "b.dcm"], ["b.dcm", *together])
    assert heading["title"] == "Study of 2"


def test_other_files_are_one_study_on_request(study):
    assert names(study) == ["bright.png", "z.zip: c.png", "dark.png"] and headings(study) == []
    assert "Study of" not in html(study)
    switch(study).set_value(True).run()
    assert names(study) == ["bright.png", "dark.png", "z.zip: c.png"]
    [heading] = headings(study)
    assert names_of(study, heading) == ["bright.png", "dark.png"]
    assert (heading["sign"], heading["verdict"]) == ("fracture", "Possible fracture")


def test_what_a_view_adds_stands_below_its_verdict(study):
    switch(study).set_value(True).run()
    assert "Study of 2 X-rays: Possible fracture (90" in html(study)
    assert "This view alone gives the study its verdict." in html(study)
    open_film(study, "dark.png")
    assert "Another view gives the study a higher verdict." in html(study)
    open_film(study, "z.zip: c.png")
    assert "Study of" not in html(study)


def test_the_thresholds_of_the_person_decide(study):
    switch(study).set_value(True).run()
    study.slider(key="gate_fracture_float32").set_value(0.95).run()
    assert [one["sign"] for one in headings(study)] == ["doubtful"]


def test_what_has_no_verdict_is_a_view_too(page):
    upload(page, ("a.png", xray_png(BRIGHT)), ("b.png", b"just text"))
    switch(page).set_value(True).run()
    assert "Study of 2 X-rays: Possible fracture" in html(page) and "1 has no verdict." in html(
        page
    )


def test_samples_belong_to_no_study(page):
    upload(page, ("a.png", xray_png(BRIGHT)))
    page.session_state["together"] = True
    page.button[0].run()
    assert headings(page) == []


def test_reports_and_results_hold_the_study(study, monkeypatch):
    written = {}

    def button(_, data, *__, key, **___):
        written[key] = data

    monkeypatch.setattr("streamlit.download_button", button)
    open_downloads(study)
    assert json.loads(written["download_json"])["studies"] == []
    alone = written["download_report"]
    switch(study).set_value(True).run()
    [told] = json.loads(written["download_json"])["studies"]
    assert told["verdict"] == "fracture" and told["highest"] == "bright.png"
    assert [view["decides"] for view in told["views"]] == [True, False]
    assert written["download_report"] != alone
    for key in ("download_report", "download_summary"):
        words = " ".join(PdfReader(BytesIO(written[key])).pages[0].extract_text().split())
        assert "Study of 2 X-rays: Possible fracture" in words
