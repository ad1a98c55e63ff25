"""axe-core finds nothing serious on any page: light and dark, on a wide screen and a phone."""

import pytest
from playwright.sync_api import expect

from important_variables import ROOT, SAMPLES
from tests.helpers.missing import skip_unless_ci
from tests.helpers.serving import PATIENCE, keyed, settled

AXE = ROOT / "tests" / "end_to_end" / "node_modules" / "axe-core" / "axe.min.js"
TABS = ("Accuracy", "Beyond FracAtlas", "Worst cases", "Subgroups", "Speed")
PAGES = ("/", "/dashboard", "/training-curves", *(f"/evidence?tab={tab}" for tab in TABS))
XRAYS = ("forearm_broken.png", "hand_whole.png")
GRAVE = ("serious", "critical")
"""What axe-core calls an obstacle; contrast below 4.5 to 1 is among it."""
RUN = """
async () => {
  const found = await axe.run(document, { resultTypes: ['violations'] });
  return found.violations.flatMap(({ id, impact, nodes }) => nodes.map(node => ({
    id, impact, where: node.target.join(' '), why: node.failureSummary,
  })));
}
"""


@pytest.fixture(scope="module")
def axe():
    """The source of axe-core; without it the tests are skipped, in CI they fail."""
    if not AXE.is_file():
        skip_unless_ci("axe-core is missing: `make test-all` or `npm ci` in tests/end_to_end")
    return AXE.read_text()


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["1440", "390"])
def sized_page(request, browser, app_url, scheme):
    """A fresh page in one color scheme and size."""
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, base_url=app_url
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.mark.slow
def test_pages_have_no_obstacles(sized_page, axe):
    found = []
    for path in PAGES:
        sized_page.goto(path)
        expect(sized_page.locator(".fl-footer")).to_be_visible()
        settled(sized_page)
        found += [f"{path}: {one}" for one in obstacles(sized_page, axe)]
    assert found == [], "\n".join(found)


@pytest.mark.slow
def test_a_dashboard_with_results_has_no_obstacles(sized_page, axe):
    sized_page.goto("/dashboard")
    films = [SAMPLES / name for name in XRAYS]
    keyed(sized_page, "upload", "input[type=file]").set_input_files(films)
    expect(keyed(sized_page, "verdict").first).to_be_visible()
    settled(sized_page)
    found = obstacles(sized_page, axe)
    keyed(sized_page, "downloads", "button").first.click()
    expect(keyed(sized_page, "download_report", "button")).to_be_visible()
    settled(sized_page)
    found += [f"with downloads: {one}" for one in obstacles(sized_page, axe)]
    assert found == [], "\n".join(found)


def test_axe_sees_an_obstacle(browser, axe):
    """Otherwise its silence would mean nothing."""
    page = browser.new_page()
    page.set_content('<html lang="en"><body><p style="color: #aaa; background: #fff">pale</p>')
    assert any("color-contrast" in one for one in obstacles(page, axe))
    page.close()


def obstacles(page, axe):
    """What axe-core calls serious or critical on a page, a line each."""
    page.evaluate(axe)
    found = page.evaluate(RUN)
    return [
        f"{one['id']} ({one['impact']}) at {one['where']}: {' '.join(one['why'].split())}"
        for one in found
        if one["impact"] in GRAVE
    ]
