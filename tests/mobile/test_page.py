"""The phone's app as a person uses it: films in, verdict and marks, sharing, keys, readers."""

import json
import re
from dataclasses import asdict, replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from fracturelens.export.provenance import provenance_of
from fracturelens.export.records import Report, report_record
from fracturelens.measured.words import VERDICTS
from fracturelens.networks.card import sha256_of
from fracturelens.results import Verdict
from fracturelens.xray.read import decode_xray
from important_variables import DISCLAIMER, ROOT, SAMPLES
from prediction import examine_xray, load_engine, shares_for
from tests.helpers.missing import skip_unless_ci

BROKEN = SAMPLES / "lower_leg_broken.png"
NO_FILM = ROOT / "assets" / "screenshots" / "homepage-light-390.png"
WIDTHS = (360, 390, 430, 820, 1440)
AXE = ROOT / "tests" / "end_to_end" / "node_modules" / "axe-core" / "axe.min.js"


def show(page, *paths):
    page.set_input_files("#files", [str(path) for path in paths])


def headline(page):
    return page.locator("#film .headline")


def verdict_of(page, path):
    """Shows a film and waits for what is made of it."""
    show(page, path)
    page.locator(".films li").first.locator(".badge", has_text="Waiting").wait_for(state="detached")
    expect(headline(page)).not_to_have_text("Examining")
    return headline(page).inner_text()


def test_a_sample_is_judged_and_marked(phone_page):
    phone_page.get_by_role("button", name="Try a sample").click()
    expect(headline(phone_page)).to_have_text(VERDICTS[Verdict.FRACTURE])
    expect(phone_page.locator("#film canvas")).to_have_attribute(
        "aria-label", re.compile("All marks: [1-9]")
    )
    expect(phone_page.get_by_text("Marked by Encoder-decoder and U-Net")).to_be_visible()
    expect(phone_page.get_by_text(DISCLAIMER, exact=True).first).to_be_visible()


def test_the_record_is_that_of_the_library(phone_page):
    verdict_of(phone_page, BROKEN)
    phone_page.locator("#film canvas").wait_for()
    with phone_page.expect_download() as waiting:
        phone_page.get_by_role("button", name="Share result (JSON)").click()
    found = json.loads(waiting.value.path().read_text())
    engine = load_engine()
    ours = examine_xray(BROKEN.read_bytes(), engine)
    digest = sha256_of(BROKEN)
    record = report_record(Report(BROKEN.name, ours, shares_for(ours, engine), digest=digest))
    assert found["notice"] == DISCLAIMER
    made = provenance_of(engine.networks, "int8", engine.screening)
    runtimes = dict.fromkeys(made.networks, "litert.js")
    assert found["made"] | {"at": ""} == asdict(replace(made, at="", runtimes=runtimes))
    assert found["results"] == [json.loads(json.dumps(record))]


def test_a_shared_picture_carries_the_disclaimer(phone_page):
    verdict_of(phone_page, BROKEN)
    with phone_page.expect_download() as waiting:
        phone_page.get_by_role("button", name="Share picture").click()
    picture = Image.open(BytesIO(waiting.value.path().read_bytes()))
    assert picture.text["Disclaimer"] == DISCLAIMER
    height, width = decode_xray(BROKEN.read_bytes()).pixels.shape
    assert picture.width == width and picture.height > height
    assert np.ptp(np.asarray(picture)[:height, :, :3].astype(int), axis=2).max() > 60


def test_what_is_no_film_is_refused_and_can_be_analyzed_anyway(phone_page):
    assert verdict_of(phone_page, NO_FILM) == "Refused"
    phone_page.get_by_role("button", name="Analyze anyway").click()
    expect(phone_page.get_by_text("Analyzed although it was refused.")).to_be_visible()


def test_a_bad_file_takes_no_other_with_it(phone_page):
    show(phone_page, ROOT / "README.md", SAMPLES / "forearm_whole.png")
    expect(phone_page.locator(".films li", has_text="README.md")).to_contain_text("Unreadable")
    expect(headline(phone_page)).to_have_text("Unreadable")
    expect(phone_page.locator("#film")).to_contain_text("save the X-ray as PNG, JPEG or DICOM")
    second = phone_page.locator(".films li", has_text="forearm_whole.png")
    expect(second.locator("small")).to_contain_text("%")


def test_keys_zoom_and_move(phone_page):
    verdict_of(phone_page, BROKEN)
    canvas = phone_page.locator("#film canvas")
    canvas.focus()
    before = canvas.screenshot()
    phone_page.keyboard.press("+")
    expect(canvas).to_have_class("zoomed")
    phone_page.keyboard.press("ArrowUp")
    phone_page.wait_for_timeout(300)
    assert canvas.screenshot() != before
    phone_page.keyboard.press("0")
    expect(canvas).not_to_have_class("zoomed")


def test_the_speed_of_the_phone_is_measured(phone_page):
    phone_page.get_by_role("button", name="Speed of this phone").click()
    phone_page.get_by_role("button", name="Measure").click()
    expect(phone_page.locator("#speed-words table tr")).to_have_count(4)
    expect(phone_page.locator("#speed-words code")).to_contain_text("threads")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(phone_page, scheme):
    if not AXE.is_file():
        skip_unless_ci("axe-core is missing: `make phone-test`, or `npm ci` in tests/end_to_end")
    phone_page.emulate_media(color_scheme=scheme)
    verdict_of(phone_page, BROKEN)
    phone_page.locator("#film canvas").wait_for()
    phone_page.evaluate(AXE.read_text() + "; undefined")
    found = phone_page.evaluate("axe.run()")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


def test_nothing_is_cut_off_at_any_width(phone_page):
    verdict_of(phone_page, BROKEN)
    for width in WIDTHS:
        phone_page.set_viewport_size({"width": width, "height": 844})
        wide = phone_page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width


def test_nothing_jumps_while_the_page_loads(phone_browser, phone_url):
    context = phone_browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const entry of "
        "list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value; })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto(phone_url)
    page.get_by_text("Ready.", exact=True).wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") < 0.02
    context.close()
