"""Our .streamlit/config.toml is in force wherever the app is started."""

from playwright.sync_api import expect

from important_variables import UploadLimits
from tests.helpers.serving import keyed


def test_the_uploader_states_our_limit(page):
    """The app runs in a folder without settings of its own; Streamlit's limit is 200 MB."""
    page.goto("/dashboard")
    expect(keyed(page, "upload")).to_contain_text(f"{UploadLimits().max_bytes // 2**20}MB per file")
