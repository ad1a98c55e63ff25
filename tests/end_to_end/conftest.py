"""Fixtures of the browser's tests: the running app, a fresh page."""

import pytest

from important_variables import ROOT
from tests.helpers.serving import fresh_page, serve_app


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(ROOT / "tests" / "end_to_end"):
            item.add_marker(pytest.mark.end_to_end)


@pytest.fixture(scope="session")
def app_url(tmp_path_factory):
    """Address of the app, served from the repository with its own networks."""
    with serve_app(tmp_path_factory.mktemp("streamlit") / "log.txt") as url:
        yield url


@pytest.fixture
def page(browser, app_url):
    """A fresh page 1440 pixels wide; the test fails where a script of the page does."""
    with fresh_page(browser, app_url, 1440, 1000) as page:
        yield page
