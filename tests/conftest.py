"""Fixtures that several test files share."""

import os

import pytest

# Before any test imports TensorFlow or matplotlib: no start-up chatter, no screen.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("MPLBACKEND", "Agg")
# The same runtime on every machine, whether OpenVINO is installed or not.
os.environ.setdefault("FRACTURELENS_RUNTIME", "litert")

from important_variables import NETWORKS, fracatlas_folder
from tests.helpers.missing import skip_unless_ci
from tests.helpers.serving import CHROMIUM_ARGUMENTS, PATIENCE, find_chromium


@pytest.fixture(scope="session")
def fracatlas():
    """Folder of FracAtlas; where it is absent the test is skipped, in CI it fails."""
    folder = fracatlas_folder()
    if not (folder / "dataset.csv").is_file():
        skip_unless_ci(f"FracAtlas is not in {folder}: set FRACATLAS or `fracturelens download`")
    return folder


@pytest.fixture
def networks():
    """`NETWORKS`, to be changed by a test; afterwards it is what it was, in the same order."""
    kept = dict(NETWORKS)
    yield NETWORKS
    NETWORKS.clear()
    NETWORKS.update(kept)


@pytest.fixture(scope="session")
def chromium():
    """Path of Chromium; without it the tests are skipped, in CI they fail."""
    path = find_chromium()
    if path is None:
        skip_unless_ci("Chromium is missing: `apt-get install chromium`, or name it with CHROMIUM")
    return path


@pytest.fixture(scope="session")
def browser(chromium):
    """One Chromium for all tests of a process: Playwright starts but once in a thread."""
    from playwright.sync_api import expect, sync_playwright  # only where there is Chromium

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
