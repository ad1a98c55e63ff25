"""A person's visit: upload an X-ray, see two overlays, move a slider, save, read the curves."""

import csv
import json

import cv2
import pytest
from playwright.sync_api import expect

from important_variables import DISCLAIMER, NETWORKS, SAMPLES, segmenters
from tests.helpers.films import deep, dicom_file, film
from tests.helpers.serving import bring, keyed, settled

XRAY = SAMPLES / "forearm_broken.png"
PAGES = ("/", "/dashboard", "/training-curves", "/evidence")


@pytest.fixture
def examined(page):
    """The dashboard with one uploaded X-ray, both segmenters run whatever the gate said."""
    page.goto("/dashboard")
    bring(page, XRAY)
    expect(keyed(page, "verdict")).to_contain_text(XRAY.name)
    settled(page)
    keyed(page, "settings_open", "label").first.click()
    keyed(page, "always_segment", "label").first.click()
    options = keyed(page, "film_viewer", "[data-side=a] select[data-pick=a] option")
    expect(options).to_have_count(2 + len(segmenters()))
    settled(page)
    return page


def test_mask_threshold_changes_its_picture_and_the_results(examined, tmp_path):
    picture = keyed(examined, "film_viewer", "[data-side=b] canvas")
    keyed(examined, "film_viewer", "[data-side=b] select").select_option("unet")
    before = picture.get_attribute("aria-label")
    slider = keyed(examined, "mask_unet", "input[type=range]")
    slider.press("Home")
    expect(picture).not_to_have_attribute("aria-label", before)
    settled(examined)

    results = download(examined, "download_json", tmp_path)
    content = json.loads(results.read_text())
    assert results.name == f"{XRAY.stem}_results.json"
    assert content["notice"] == DISCLAIMER
    [result] = content["results"]
    assert result["file"] == XRAY.name
    assert 0 <= result["gate_probability"] <= 1
    assert result["segmenters_run"] == list(segmenters())
    assert result["thresholds"]["mask"]["unet"] == float(slider.get_attribute("min"))


def test_findings_can_be_read_and_saved(examined, tmp_path):
    table = keyed(examined, "findings", "table")
    expect(table).to_contain_text("U-Net")
    rows = list(
        csv.DictReader(download(examined, "download_csv", tmp_path).read_text().splitlines())
    )
    marks = [row["finding"] for row in rows]
    assert len(marks) == table.locator("tbody tr").count() > 0
    assert sorted(marks) == table.locator('td[data-head="Finding"]').all_inner_texts()
    height, width = cv2.imread(str(XRAY)).shape[:2]
    for kind in ("overlay", "mask"):
        picture = download(examined, f"download_{kind}_unet", tmp_path)
        assert cv2.imread(str(picture)).shape[:2] == (height, width)


def test_a_hostile_header_calls_nobody_and_takes_no_other_file_with_it(page, tmp_path):
    """Text of a header is hostile until cleaned: as Markdown it would make the browser call out."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    hostile = tmp_path / "hostile.dcm"
    words = "CHEST ![](//127.0.0.1:9/x) [l](//127.0.0.1:9/y)"
    hostile.write_bytes(dicom_file(deep(film()), BodyPartExamined=words))
    broken = tmp_path / "broken ![](x).png"
    broken.write_bytes(XRAY.read_bytes()[:2000])
    page.goto("/dashboard")
    bring(page, [hostile, broken, XRAY])
    expect(keyed(page, "verdict")).to_contain_text(XRAY.name)
    settled(page)
    keyed(page, "refused", "summary").click()
    expect(page.get_by_text("was not analyzed")).to_have_count(1)
    expect(page.get_by_text("could not be read")).to_have_count(1)
    assert [url for url in asked if "127.0.0.1:9/" in url] == []


def test_pictures_are_drawn_in_the_networks_colors(examined):
    keyed(examined, "film_viewer", "[data-side=b] select").select_option("agreement")
    swatches = keyed(examined, "film_viewer", "[data-side=b] figcaption i")
    colors = [
        one.evaluate("node => getComputedStyle(node).backgroundColor") for one in swatches.all()
    ]
    assert colors[1:] == [f"rgb{NETWORKS[name].mark}" for name in segmenters()]


def test_curves_of_both_networks_are_drawn(page):
    page.goto("/")
    page.get_by_role("link", name="Training curves").first.click()
    expect(page.get_by_role("heading", name="Training curves")).to_be_visible()
    expect(keyed(page, "curve_loss", "canvas, svg.marks").first).to_be_visible()
    expect(page.get_by_text("has no training history")).to_have_count(0)


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_a_phone(page, path):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)
    expect(page.get_by_text(DISCLAIMER).last).to_be_visible()
    settled(page)
    width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= 390
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)


def download(page, key, folder):
    """Clicks a download button; returns the saved file."""
    settled(page)  # a click on a page that is being drawn anew would be lost
    if not keyed(page, key, "button").is_visible():
        keyed(page, "downloads", "button").first.click()
        settled(page)
    with page.expect_download() as waiting:
        keyed(page, key, "button").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path
