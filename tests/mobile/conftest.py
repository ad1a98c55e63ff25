"""Fixtures of the phone's tests: the exported folder, served, and a page or worker on it."""

import pytest

from fracturelens.phone.export import BUILT, export_phone
from important_variables import ROOT, SAVED_MODELS
from tests.helpers.missing import skip_unless_ci
from tests.helpers.phone import serve_phone, start_worker
from tests.helpers.serving import PATIENCE, fresh_page


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(ROOT / "tests" / "mobile"):
            item.add_marker(pytest.mark.end_to_end)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder as `fracturelens export-phone` writes it; skipped where it is not built."""
    if not (BUILT / "worker.js").is_file():
        skip_unless_ci("The phone's app is not built: run `make phone-test`, or `make test-all`")
    folder = tmp_path_factory.mktemp("phone") / "site"
    export_phone(folder, SAVED_MODELS)
    return folder


@pytest.fixture(scope="session")
def phone_url(site):
    with serve_phone(site) as url:
        yield url


@pytest.fixture(scope="session")
def phone_browser(site, browser):
    """Chromium, where the phone's app is built."""
    return browser


@pytest.fixture
def phone_page(phone_browser, phone_url):
    """The app on a phone of 390 pixels, ready; the test fails where a script of it does."""
    with fresh_page(phone_browser, phone_url, 390, 844) as page:
        page.goto("/")
        page.get_by_text("Ready.", exact=True).wait_for()
        yield page


@pytest.fixture(scope="module")
def worker(phone_browser, phone_url):
    """The worker alone, on an empty page of the same site."""
    context = phone_browser.new_context(base_url=phone_url)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/manifest.webmanifest")
    yield start_worker(page)
    context.close()
