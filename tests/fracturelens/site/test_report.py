"""The report is one file that asks for nothing, and text of files stays text."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from fracturelens.site.cases import examine_cases
from fracturelens.site.evaluation import calibrate_site, evaluate_cases
from fracturelens.site.labels import LabelledFile, read_labels
from fracturelens.site.report import site_report
from fracturelens.site.worst import worst_pictures
from important_variables import DISCLAIMER
from tests.helpers.app_helpers import fake_screening, xray_png
from tests.helpers.small_site import DRAWS, site_engine, write_site_folder

HOSTILE = '"><script>alert(1)</script><img src=//evil.example/x>'


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    files = read_labels(write_site_folder(folder), folder / "out").files
    files.append(LabelledFile(folder / "none.png", HOSTILE, True))
    return examine_cases(files, site_engine(screening=fake_screening("chest")))


@pytest.fixture(scope="module")
def report(cases):
    evaluation = evaluate_cases(cases, site_engine(), HOSTILE, HOSTILE, DRAWS)
    evaluation = calibrate_site(evaluation, site_engine(), 5, DRAWS)
    return site_report(evaluation, worst_pictures(evaluation, cases.judged))


class Addresses(HTMLParser):
    """Tags, and all that a page could load or lead to."""

    def __init__(self):
        super().__init__()
        self.tags, self.found = set(), []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.found += [value for key, value in attributes if key in ("src", "href", "srcset")]


def test_nothing_is_asked_for_and_no_script_slips_in(report):
    page = Addresses()
    page.feed(report)
    assert "script" not in page.tags and "link" not in page.tags
    assert len(page.found) == 24 and all(one.startswith("data:image/jpeg") for one in page.found)
    assert "url(" not in report and "default-src 'none'" in report
    assert "&lt;script&gt;" in report


def test_the_disclaimer_the_hashes_and_the_versions_are_there(report):
    assert report.count(DISCLAIMER) == 2
    assert "a" * 64 in report and "numpy" in report


def test_acceptance_and_what_was_left_out_are_told(report):
    assert "The 46 that would be refused" in report
    assert "This looks like a chest X-ray." in report
    assert "there is no such file" in report


def test_both_halves_are_told(report):
    assert "Calibrated on one half, measured on the other" in report
    assert re.search(r"Fracture, as shipped.*Fracture, calibrated here", report)


def test_without_calibration_nothing_is_said_of_it(cases):
    evaluation = evaluate_cases(cases, site_engine(), "Here", "me", DRAWS)
    text = site_report(replace(evaluation, left_out={}), [])
    assert "Calibrated" not in text and "Left out" not in text and "<figure><" not in text


def test_the_worst_come_first_and_a_file_that_went_away_is_told(cases, tmp_path):
    evaluation = evaluate_cases(cases, site_engine(), "Here", "me", DRAWS)
    worst = worst_pictures(evaluation, cases.judged)
    missed = [one for one in worst if one.fractured]
    alarmed = [one for one in worst if not one.fractured]
    assert [one.name for one in missed[:2]] == ["fractured/00.png", "fractured/01.png"]
    assert [one.name for one in alarmed[:2]] == ["normal/00.png", "normal/01.png"]
    assert all(one.jpeg.startswith(b"\xff\xd8") for one in worst)
    gone = [replace(case, path=tmp_path / "gone.png") for case in cases.judged]
    pictures = worst_pictures(evaluation, gone)
    assert {one.jpeg for one in pictures} == {b""}
    assert "could not be read again" in site_report(evaluation, pictures)


def test_the_picture_within_a_study_is_found_again(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "study.zip", "w") as study:
        study.writestr("1.png", xray_png(100, 96))
        study.writestr("2.png", xray_png(140, 192))
    file = LabelledFile(tmp_path / "study.zip", "study.zip", True)
    cases = examine_cases([file], site_engine())
    evaluation = evaluate_cases(cases, site_engine(), "Here", "me", DRAWS)
    small, large = worst_pictures(evaluation, cases.judged)
    assert [small.name, large.name] == ["study.zip: 1.png", "study.zip: 2.png"]
    assert small.jpeg != large.jpeg
