"""The app that was started for a site says so, in words and at its thresholds."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from fracturelens.measured.site import asked_digest, write_site
from fracturelens.networks.card import FILES, read_card
from important_variables import GATE, SAMPLES
from tests.helpers.serving import PATIENCE, keyed, serve_app
from tests.helpers.small_site import small_site

XRAY = SAMPLES / "forearm_whole.png"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """What a drawn site chose, as if it had asked the published INT8 gate."""
    card = read_card(GATE)
    chosen = small_site(tmp_path_factory.mktemp("films"), name="Ward 7 ![](//127.0.0.1:9/x)")
    return replace(chosen, gate=card.files[FILES["int8"]], asked=asked_digest(card.inference))


@pytest.fixture(scope="module")
def site_url(site, tmp_path_factory):
    """Address of an app that was started with --site."""
    folder = tmp_path_factory.mktemp("app")
    write_site(site, folder / "site.json")
    with serve_app(folder / "log.txt", "--site", "site.json") as url:
        yield url


@pytest.fixture
def dashboard(browser, site_url):
    """The app of the site with one X-ray on a telephone; nobody is called by what the name says."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=site_url)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/dashboard")
    keyed(page, "upload", "input[type=file]").set_input_files(XRAY)
    expect(keyed(page, "verdict")).to_contain_text(XRAY.name)
    yield page
    context.close()
    assert [url for url in asked if "127.0.0.1:9/" in url] == []


def test_the_badge_shows_and_the_verdict_follows(dashboard, site):
    badge = keyed(dashboard, "site")
    expect(badge).to_contain_text(f"Calibrated for {site.name}")
    expect(badge).to_contain_text(f"measured on {site.held_out.images} others")
    expect(keyed(dashboard, "verdict")).to_contain_text(f"{site.doubtful:.1%}")
    expect(keyed(dashboard, "verdict")).not_to_contain_text("validation X-rays")
    assert keyed(dashboard, "site").bounding_box()["width"] <= 390


def test_the_other_precision_is_told_to_be_uncalibrated(dashboard):
    keyed(dashboard, "settings_open", "label").first.click()
    dashboard.get_by_text("float32 · Keras").first.click()
    expect(dashboard.get_by_text("Not calibrated for your site.")).to_be_visible()
    expect(keyed(dashboard, "verdict")).to_contain_text("validation X-rays")
