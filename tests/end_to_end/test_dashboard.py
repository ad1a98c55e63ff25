"""The dashboard in the browser: first screen, worklist, films that stay, thresholds, history."""

import re
import shutil

import cv2
import pytest
from playwright.sync_api import expect

from important_variables import SAMPLES, UploadLimits
from tests.helpers.serving import bring, keyed, settled

BROKEN, WHOLE = SAMPLES / "forearm_broken.png", SAMPLES / "forearm_whole.png"
NAMES = ["a.png", "b.png", "c.png", "whole.png"]
"""By suspicion: the first three are the same X-ray."""


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desktop", "phone"])
def films(request, page, tmp_path):
    """The dashboard with four films of which the most suspicious is open."""
    page.set_viewport_size(dict(zip(("width", "height"), request.param, strict=True)))
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    for name in NAMES:
        shutil.copy(WHOLE if name == "whole.png" else BROKEN, tmp_path / name)
    page.goto("/dashboard")
    bring(page, [tmp_path / name for name in NAMES])
    expect(name_shown(page)).to_have_text("a.png")
    settled(page)
    return page


def name_shown(page):
    return page.locator(".fl-verdict-file b")


def cards(page):
    return page.locator(".fl-film-card")


def focused(page):
    return page.evaluate("document.activeElement.className || document.activeElement.tagName")


def shown(page, slider):
    """What a slider says, as text."""
    return re.search(r"[\d.]+%", keyed(page, slider).inner_text()).group()


def test_first_screen(films):
    """Verdict and pictures are in view, every name is listed, nobody else is asked."""
    screen = films.viewport_size["height"]
    expect(films.get_by_role("heading", name="Possible fracture")).to_be_in_viewport()
    picture = keyed(films, "pictures", "img, canvas").first.bounding_box()
    assert picture["y"] < 0.75 * screen, "more than a sliver of the picture is in view"
    width = films.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= films.viewport_size["width"]
    assert films.locator(".fl-film-name").all_inner_texts() == NAMES, "same bytes, other names"
    hosts = {url.split("/")[2] for url in films.asked if url.startswith("http")}
    assert hosts == {films.url.split("/")[2]}
    names = [
        button.get_attribute("aria-label") or button.inner_text()
        for button in films.locator(".stMain button:visible").all()
    ]
    assert len(names) == len(set(names)) and "" not in names, "buttons have names of their own"


def test_films_are_opened_by_click_keys_and_buttons_and_the_focus_follows(films):
    region = films.get_by_role("status").filter(has=films.get_by_role("heading"))
    region.evaluate("node => { node.seen = true; }")
    cards(films).nth(1).locator("img").click()
    expect(name_shown(films)).to_have_text("b.png")
    expect(films.locator(".fl-verdict")).to_be_in_viewport()
    assert focused(films) == "H2"
    films.keyboard.press("ArrowLeft")
    expect(name_shown(films)).to_have_text("a.png")
    expect(region).to_have_attribute("aria-live", "polite")
    assert region.evaluate("node => node.seen"), "a new node would not be announced"
    cards(films).first.focus()
    for _ in range(3):
        films.keyboard.press("ArrowDown")
    expect(name_shown(films)).to_have_text("whole.png")
    assert focused(films) == "fl-film-card", "the focus stays in the list"
    after = films.get_by_role("button", name="Next X-ray")
    expect(after).to_have_attribute("aria-disabled", "true")
    films.get_by_role("button", name="Previous X-ray").click()
    expect(name_shown(films)).to_have_text("c.png")
    expect(after).to_have_attribute("aria-disabled", "false")


def test_back_and_forward_go_from_film_to_film(films):
    for place in (1, 3):
        cards(films).nth(place).click()
        expect(name_shown(films)).to_have_text(NAMES[place])
        settled(films)
    assert re.search(r"/dashboard\?film=\d+$", films.url), "a number, no name and no content"
    films.go_back()
    expect(name_shown(films)).to_have_text("b.png")
    settled(films)
    films.go_back()
    expect(name_shown(films)).to_have_text("a.png")
    settled(films)
    films.go_forward()
    expect(name_shown(films)).to_have_text("b.png")


def test_films_stay_until_they_are_removed(films, tmp_path):
    """They stay when another page is visited, and when more are added."""
    cards(films).nth(3).click()
    expect(name_shown(films)).to_have_text("whole.png")
    settled(films)
    visit(films, "Training curves")
    visit(films, "Dashboard")
    expect(name_shown(films)).to_have_text("whole.png")
    bring(films, shutil.copy(BROKEN, tmp_path / "d.png"))
    expect(cards(films)).to_have_count(len(NAMES) + 1)
    expect(name_shown(films)).to_have_text("whole.png")
    films.get_by_role("button", name="Remove whole.png", exact=True).click()
    expect(cards(films)).to_have_count(len(NAMES))
    expect(name_shown(films)).to_have_text("a.png")


def test_reset_resets_what_is_seen_and_stays_reset(films):
    keyed(films, "settings_open", "label").first.click()
    measured, doubtful = shown(films, "gate_fracture_int8"), shown(films, "gate_doubtful_int8")
    keyed(films, "gate_fracture_int8", "input[type=range]").press("End")
    expect(films.get_by_role("heading", name="Unclear")).to_be_visible()
    expect(films.get_by_text("custom thresholds")).to_be_visible()
    settled(films)
    assert shown(films, "gate_fracture_int8") == "100%"
    assert shown(films, "gate_doubtful_int8") == doubtful, "a threshold moves no other"
    keyed(films, "reset_settings", "button").click()
    expect(films.get_by_role("heading", name="Possible fracture")).to_be_visible()
    settled(films)
    assert shown(films, "gate_fracture_int8") == measured
    keyed(films, "close_settings", "button").click()
    expect(keyed(films, "settings")).to_be_hidden()
    settled(films)
    cards(films).nth(1).click()  # the next click used to send the browser's old value
    expect(name_shown(films)).to_have_text("b.png")
    settled(films)
    expect(films.get_by_text("custom thresholds")).to_have_count(0)
    expect(keyed(films, "settings")).to_be_hidden()


def test_the_browser_warns_before_a_reload_on_every_page(page):
    kinds = []
    page.on("dialog", lambda dialog: (kinds.append(dialog.type), dialog.accept()))
    page.goto("/dashboard")
    bring(page, BROKEN)
    expect(name_shown(page)).to_have_text(BROKEN.name)
    settled(page)
    visit(page, "Training curves")
    page.reload()
    assert kinds == ["beforeunload"]
    page.reload()
    assert kinds == ["beforeunload"], "nothing is left to lose"


def test_what_is_being_done_is_in_view_however_many_films_there_are(page, tmp_path):
    pixels = cv2.imread(str(BROKEN), cv2.IMREAD_GRAYSCALE)
    paths = [tmp_path / f"film{number}.png" for number in range(14)]
    for number, path in enumerate(paths):
        cv2.imwrite(str(path), pixels[number:])
    page.goto("/dashboard")
    bring(page, paths)
    expect(keyed(page, "progress").get_by_role("progressbar")).to_be_in_viewport()
    expect(cards(page)).to_have_count(len(paths))
    settled(page)
    cards(page).last.focus()  # the list scrolls, the page does not
    expect(page.locator(".fl-verdict")).to_be_in_viewport()
    assert page.locator(".fl-films ol").bounding_box()["height"] < page.viewport_size["height"]


def test_refused_films_stand_in_one_group_with_one_button(page, tmp_path):
    names = ["red.png", "green.png"]
    for name, color in zip(names, ((40, 40, 200), (40, 200, 40)), strict=True):
        picture = cv2.imread(str(BROKEN)) // 2
        picture[:] = picture // 2 + [one // 2 for one in color]
        cv2.imwrite(str(tmp_path / name), picture)
    page.goto("/dashboard")
    bring(page, [tmp_path / name for name in names] + [BROKEN])
    expect(name_shown(page)).to_have_text(BROKEN.name)
    settled(page)
    group = keyed(page, "refused")
    group.locator("summary").click()
    expect(group.get_by_role("img", name="Thumbnail of red.png")).to_be_visible()
    expect(group.get_by_role("button", name="Analyze red.png anyway")).to_be_visible()
    group.get_by_role("button", name="Analyze all anyway").click()
    expect(cards(page)).to_have_count(3)
    expect(page.locator(".fl-verdict")).to_contain_text("Analyzed at your request.")
    expect(group).to_have_count(0)


def test_a_file_that_is_too_large_is_named_and_the_others_come(page, tmp_path):
    large = tmp_path / "large.png"
    large.write_bytes(b"0" * (UploadLimits().max_bytes + 1))
    page.goto("/dashboard")
    bring(page, [large, BROKEN])
    expect(name_shown(page)).to_have_text(BROKEN.name)
    expect(page.get_by_text("Larger than 50 MB and left out: large.png")).to_be_visible()
    settled(page)  # the verdict stands before the page has been drawn for the last time
    bring(page, WHOLE)
    expect(cards(page)).to_have_count(2)
    expect(page.get_by_text("left out")).to_have_count(0)


def test_targets_on_a_phone_have_room_for_a_finger(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/dashboard")
    bring(page, [BROKEN, WHOLE])
    expect(name_shown(page)).to_have_text(BROKEN.name)
    settled(page)
    expect(page.get_by_role("button", name="Menu", exact=True)).to_be_visible()
    small = {}
    for button in page.locator("button:visible, summary:visible").all():
        box = button.bounding_box()
        if box["x"] >= 0 and min(box["width"], box["height"]) < 43.5:
            small[button.get_attribute("aria-label") or button.inner_text()] = box
    assert small == {}
    visit(page, "Evidence")
    assert page.get_by_test_id("stSidebar").bounding_box()["x"] < 0, "the menu closed itself"


def visit(page, title):
    """Goes to a page by the menu, as one does on this size of screen."""
    if page.viewport_size["width"] < 700:
        page.get_by_role("button", name="Menu", exact=True).click()
        page.get_by_test_id("stSidebarNavLink").filter(has_text=title).click()
    else:
        page.get_by_role("link", name=title).first.click()
    settled(page)


def test_views_of_one_study_stand_below_its_verdict(films):
    keyed(films, "more", "button").click()
    films.get_by_text("X-rays of one folder or ZIP are one study").click()
    heading = films.locator(".fl-study")
    expect(heading).to_have_text("Study of 4 Possible fracture")
    expect(films.locator(".fl-verdict-study")).to_contain_text("3 of 4 views say so.")
    films.keyboard.press("Escape")
    cards(films).last.click()
    expect(name_shown(films)).to_have_text("whole.png")
    expect(films.locator(".fl-verdict-study")).to_contain_text("Another view gives the study")
    expect(films.locator(".fl-film-open .fl-film-name")).to_have_text("whole.png")
    width = films.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= films.viewport_size["width"]
