"""What can be taken away, while eight people use the app at once."""

import json

import pytest
from playwright.sync_api import expect

from important_variables import SAMPLES
from tests.helpers.serving import PATIENCE, keyed, settled

XRAY = SAMPLES / "forearm_broken.png"
PEOPLE = 8
KINDS = ("report", "side_by_side", "overlay_unet", "mask_unet", "json", "csv")
ROUNDS = 4
RESTLESS = "setInterval(() => document.querySelector('.st-key-downloads button').click(), 200)"
"""Opens and closes the panel of downloads, again and again: a run of the page each time."""


@pytest.fixture
def people(browser, app_url):
    """Pages of eight browsers, each with its own session."""
    contexts = [browser.new_context(base_url=app_url) for _ in range(PEOPLE)]
    for context in contexts:
        context.set_default_timeout(PATIENCE)
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


@pytest.mark.slow
def test_downloads_succeed_while_others_use_the_app(people, tmp_path):
    """Half of them save files; the others' pages are drawn anew, which sweeps old files away."""
    savers, others = people[: PEOPLE // 2], people[PEOPLE // 2 :]
    saved, missing = [], []
    for number, page in enumerate(savers):
        film = tmp_path / f"film {number}.png"
        film.write_bytes(XRAY.read_bytes() + bytes([number]))  # a file of its own
        page.on("download", lambda download: saved.append(download))
        page.on("response", lambda answer: missing.append(answer.url) if lost(answer) else None)
        open_downloads(page, film)
    for page in others:
        open_downloads(page, XRAY)
    for page in others:
        page.evaluate(RESTLESS)
    for kind in ROUNDS * KINDS:
        for page in savers:
            keyed(page, f"download_{kind}", "button").click()
    clicks = ROUNDS * len(KINDS) * len(savers)
    wait_until(savers[0], lambda: missing or len(saved) == clicks)
    assert missing == []
    assert [download.failure() for download in saved] == [None] * clicks
    assert min(download.path().stat().st_size for download in saved) > 100
    names = {download.suggested_filename for download in saved}
    assert {f"film_{number}_report.pdf" for number in range(len(savers))} <= names


@pytest.mark.parametrize("width", [1440, 390])
def test_everything_can_be_saved_in_one_file(page, width, tmp_path):
    page.set_viewport_size({"width": width, "height": 844})
    open_downloads(page, XRAY, SAMPLES / "hand_whole.png")
    keyed(page, "prepare_zip", "button").click()
    button = keyed(page, "download_zip", "button")
    expect(button).to_be_visible()
    settled(page)
    box = button.bounding_box()
    assert 0 <= box["x"] and box["x"] + box["width"] <= width
    with page.expect_download() as waiting:
        button.click()
    assert waiting.value.suggested_filename == "xrays_all.zip"
    with page.expect_download() as waiting:
        keyed(page, "download_json", "button").click()
    content = json.loads(waiting.value.path().read_text())
    assert len(content["results"]) == 2
    assert content["made"]["precision"] == "int8" and all(content["made"]["networks"].values())


def wait_until(page, done):
    """Lets the pages go on until `done()` or a tenth of `PATIENCE` is over."""
    for _ in range(PATIENCE // 10 // 100):
        if done():
            return
        page.wait_for_timeout(100)


def lost(answer):
    return answer.status >= 400 and "/media/" in answer.url


def open_downloads(page, *films):
    """The dashboard with these X-rays and the panel of downloads open."""
    page.goto("/dashboard")
    keyed(page, "upload", "input[type=file]").set_input_files(films)
    expect(keyed(page, "verdict")).to_be_visible()
    settled(page)
    keyed(page, "downloads", "button").first.click()
    expect(keyed(page, "download_csv", "button")).to_be_visible()
    settled(page)
