"""The dashboard and a real archive: a study is opened by its number, results go back to it."""

import cv2
import pytest
from playwright.sync_api import expect

from important_variables import SAMPLES
from tests.helpers.dicom_films import study_film
from tests.helpers.missing import need
from tests.helpers.orthanc import Orthanc
from tests.helpers.serving import fresh_page, serve_app

need("dicomweb_client", "requirements-pacs.txt")
pytestmark = pytest.mark.slow
STUDY = "1.2.826.77.7"


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory):
    with Orthanc(tmp_path_factory.mktemp("orthanc")) as archive:
        for number, name in enumerate(("forearm_broken", "forearm_whole"), 1):
            pixels = cv2.imread(str(SAMPLES / f"{name}.png"), cv2.IMREAD_GRAYSCALE)
            archive.upload(study_film(
                pixels=pixels, StudyInstanceUID=STUDY, SeriesInstanceUID=f"{STUDY}.1",
                SOPInstanceUID=f"{STUDY}.1.{number}", InstanceNumber=str(number),
                AccessionNumber="A-77", PatientID="P-77", BodyPartExamined="FOREARM",
            ))  # fmt: skip
        yield archive


@pytest.fixture
def page(browser, orthanc, tmp_path, monkeypatch):
    monkeypatch.setenv("FRACTURELENS_PACS_URL", orthanc.url)
    log = tmp_path / "log.txt"
    with serve_app(log) as url, fresh_page(browser, url, 1440, 1000) as page:
        page.goto("/dashboard")
        yield page


def ask(page, number):
    page.get_by_role("button", name="Open from archive").click()
    page.get_by_label("Number", exact=True).fill(number)
    page.get_by_role("button", name="Open", exact=True).click()


def test_a_study_is_opened_and_answered(page, orthanc):
    ask(page, "A-78")
    expect(page.get_by_text("knows no study with this accession number")).to_be_visible()
    page.keyboard.press("Escape")
    ask(page, "A-77")
    expect(page.locator(".fl-film-card")).to_have_count(2)
    expect(page.get_by_label("Number", exact=True)).to_be_hidden()  # the panel closed
    expect(page.locator(".fl-study")).to_contain_text("Study of 2")
    expect(page.locator(".fl-verdict-study")).to_contain_text("Study of 2 X-rays")
    page.get_by_role("button", name="Send results of these").click()
    expect(page.get_by_text("The archive has the results of 2 of 2 X-rays")).to_be_visible()
    reports = orthanc.instances("SR")
    assert sorted(one["SeriesNumber"] for one in reports) == ["9902", "9902", "9906"]
    assert {one["StudyInstanceUID"] for one in reports} == {STUDY}
    orthanc.stop()
    page.get_by_role("button", name="Send results of these").click()
    expect(page.get_by_text("does not answer")).to_be_visible()
