"""Homepage, evidence and training curves as a person uses them, on a wide screen and a phone."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.helpers.serving import fresh_page, keyed, settled

TABS = ("Accuracy", "Beyond FracAtlas", "Worst cases", "Subgroups", "Speed")
SCREENS = 3
"""Most screens of 900 pixels that a tab of the evidence may take at 1440 pixels."""
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
TABLET = {"width": 820, "height": 1180}
CUT = """
() => [...document.querySelectorAll('table')]
  .filter(table => table.offsetParent)
  .map(table => table.getBoundingClientRect())
  .filter(box => box.left < 0 || box.right > innerWidth).length
"""


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1440", "390"])
def test_a_click_on_an_example_gives_the_answer(page, size):
    page.set_viewport_size(size)
    page.goto("/")
    example = page.locator('[class*="st-key-open_example_"] button').first
    expect(example).to_be_visible()
    settled(page)
    example.click()
    expect(keyed(page, "verdict").first).to_contain_text("(synthetic)")
    assert page.url.endswith("/dashboard")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1440", "390"])
def test_each_tab_of_the_evidence_has_an_address_and_fits(page, size):
    page.set_viewport_size(size)
    for tab in TABS:
        page.goto(f"/evidence?tab={quote(tab)}")
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        expect(page.locator(".fl-footer")).to_be_visible()
        settled(page)
        assert page.evaluate(CUT) == 0, tab
        height, width = page.evaluate(
            "(main => [main.scrollHeight, main.scrollWidth])"
            "(document.querySelector('[data-testid=stMain]'))"
        )
        assert width <= size["width"], tab
        if size is WIDE:
            assert height <= SCREENS * size["height"], tab


def test_choosing_a_tab_changes_the_address(page):
    page.goto("/evidence")
    page.get_by_role("tab", name="Speed").click()
    expect(page).to_have_url(re.compile(r"/evidence\?tab=Speed$"))


def test_the_evidence_opens_with_five_answers_in_view(page):
    page.set_viewport_size(WIDE)
    page.goto("/evidence")
    answers = page.locator(".fl-facts dd")
    expect(answers).to_have_count(5)
    box = answers.last.bounding_box()
    assert box["y"] + box["height"] <= WIDE["height"]
    assert "Not measured" not in page.locator(".fl-facts").inner_text()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/training-curves", "Encoder-decoder, validation: 0."),
        ("/evidence", "Sensitivity: 0."),
        ("/evidence?tab=Speed", "ms, Dice 0."),
    ],
)
@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["820", "390"])
def test_a_tap_on_a_chart_tells_its_values(browser, app_url, address, told, size):
    with fresh_page(browser, app_url, **size, has_touch=True) as page:
        page.goto(address)
        chart = page.locator("svg.marks").first
        expect(chart).to_be_visible()
        settled(page)
        expect(chart.get_by_text(told)).to_have_count(0)
        chart.tap()
        words = chart.get_by_text(told)
        expect(words.first).to_be_visible()
        frame = chart.bounding_box()
        for box in (one.bounding_box() for one in words.all()):
            assert frame["x"] <= box["x"], "cut at the left"
            assert box["x"] + box["width"] <= frame["x"] + frame["width"], "cut at the right"
