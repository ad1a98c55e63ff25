"""Draws the README's screenshots of a synthetic sample: `make screenshots`."""

import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from important_variables import ROOT
from tests.helpers.serving import (
    CHROMIUM_ARGUMENTS,
    PATIENCE,
    SETTLED,
    find_chromium,
    keyed,
    serve_app,
)

FOLDER = ROOT / "assets" / "screenshots"
SAMPLE = "lower_leg_broken"
SIZES = {1440: 1320, 390: 844}
SCHEMES = ("light", "dark")


def main() -> int:
    """Writes assets/screenshots/<page>-<scheme>-<width>.png."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    log = Path(tempfile.mkdtemp()) / "streamlit.txt"
    with serve_app(log) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS
        )
        for scheme, (width, height) in product(SCHEMES, SIZES.items()):
            draw(browser, url, scheme, width, height)
        browser.close()
    return 0


def draw(browser: Browser, url: str, scheme: str, width: int, height: int) -> None:
    """The homepage and the dashboard with one sample, in one color scheme and size."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, base_url=url
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/")
    keyed(page, "open_dashboard", "button").wait_for()
    page.wait_for_selector(SETTLED)
    page.screenshot(path=FOLDER / f"homepage-{scheme}-{width}.png")
    page.goto("/dashboard")
    keyed(page, f"sample_{SAMPLE}", "button").click()
    expect(keyed(page, "film_viewer", "canvas[data-sharp=true]").first).to_be_visible()
    page.wait_for_selector(SETTLED)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)  # widgets that still load
    page.screenshot(path=FOLDER / f"dashboard-{scheme}-{width}.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main())
