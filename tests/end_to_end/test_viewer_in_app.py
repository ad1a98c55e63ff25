"""The film viewer within the app: what it asks of the server, what it saves, other films."""

import json
from hashlib import sha256

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from fracturelens.xray.read import decode_xray
from important_variables import SAMPLES
from tests.helpers.serving import keyed, settled
from tests.helpers.viewer import ViewerPage

XRAY = SAMPLES / "lower_leg_broken.png"
OTHER = SAMPLES / "forearm_broken.png"
NOT_OPEN = ".fl-films li:not(.fl-film-open) button[data-film]"


def open_films(page, *files):
    """The viewer with the first of the worklist."""
    page.goto("/dashboard")
    keyed(page, "upload", "input[type=file]").set_input_files(files)
    viewer = ViewerPage(page)
    viewer.wait()
    settled(page)
    viewer.stage().scroll_into_view_if_needed()
    return viewer


@pytest.fixture
def large(tmp_path):
    """A film of twelve megapixels, with a grain."""
    drawn = cv2.imread(str(XRAY), cv2.IMREAD_GRAYSCALE)
    drawn = cv2.resize(drawn, (3000, 4000), interpolation=cv2.INTER_CUBIC).astype(float)
    drawn += np.random.default_rng(0).normal(0, 3, drawn.shape)
    path = tmp_path / "large.png"
    cv2.imwrite(str(path), np.rint(drawn.clip(0, 255)).astype(np.uint8))
    return path


def test_looking_asks_nothing_of_the_server_and_another_film_starts_anew(page):
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    viewer = open_films(page, XRAY, OTHER)
    fitted = viewer.zoom()
    first = viewer.canvas().get_attribute("aria-label")
    sent.clear()
    viewer.press(*"+++im[]cc", "ArrowLeft")
    viewer.find("input[data-pick=opacity]").fill("0.8")
    viewer.drag((0, 0), (50, 60))
    page.wait_for_timeout(500)
    assert sent == []
    assert viewer.zoom() > fitted
    page.locator(NOT_OPEN).click()
    expect(viewer.canvas()).not_to_have_attribute("aria-label", first)
    viewer.wait()
    expect(viewer.button("invert")).to_have_attribute("aria-pressed", "false")
    height = viewer.stage().bounding_box()["height"]
    assert viewer.zoom() == pytest.approx(100 * height / cv2.imread(str(OTHER)).shape[0], abs=2)


def test_corrections_are_saved_to_the_pixel_and_come_back_with_their_film(page, tmp_path):
    viewer = open_films(page, XRAY, OTHER)
    first = viewer.canvas().get_attribute("aria-label")
    name = XRAY.name if XRAY.name in keyed(page, "verdict").inner_text() else OTHER.name
    viewer.button("panel", "correct").click()
    viewer.button("judge", "1 right").click()
    viewer.button("tool", "box").click()
    start, end = viewer.point_at(-80, 40), viewer.point_at(-20, 90)
    viewer.drag((-80, 40), (-20, 90))
    saved = keyed(page, "download_corrections", "button:visible")
    expect(saved).to_be_visible()
    settled(page)
    with page.expect_download() as waiting:
        saved.click()
    content = json.loads(waiting.value.path().read_text())
    [image] = content["images"]
    assert image["file_name"] == name
    assert image["sha256"] == sha256((SAMPLES / name).read_bytes()).hexdigest()
    right, missed = content["annotations"]
    assert (right["status"], missed["status"]) == ("right", "missed")
    size = [last - first + 1 for first, last in zip(start, end, strict=True)][:2]
    assert missed["bbox"] == [*start[:2], *size]

    page.locator(NOT_OPEN).click()
    expect(viewer.canvas()).not_to_have_attribute("aria-label", first)
    settled(page)
    page.locator(NOT_OPEN).click()
    expect(viewer.canvas()).to_have_attribute("aria-label", first)
    expect(viewer.button("judge", "1 right")).to_have_attribute("aria-pressed", "true")
    viewer.button("judge", "1 right").click()
    viewer.button("remove").click()
    expect(saved).to_have_count(0)


def test_a_film_of_twelve_megapixels_opens_and_has_its_own_grays(page, large):
    page.goto("/dashboard")
    upload = keyed(page, "upload", "input[type=file]")
    upload.wait_for(state="attached")
    upload.set_input_files(large)
    viewer = ViewerPage(page)
    viewer.wait()
    settled(page)
    viewer.press("1")
    page.wait_for_timeout(20)
    viewer.wait()
    decoded = decode_xray(large.read_bytes()).pixels
    for place in ((0, 0), (150, -100), (-170, 120)):
        column, row, gray = viewer.point_at(*place)
        assert gray == decoded[row, column]
