"""Our .streamlit/config.toml is in force wherever the app is started."""

import socket
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from important_variables import UploadLimits
from tests.helpers.serving import keyed


def test_the_uploader_states_our_limit(page):
    """The app runs in a folder without settings of its own; Streamlit's limit is 200 MB."""
    page.goto("/dashboard")
    expect(keyed(page, "upload")).to_contain_text(f"{UploadLimits().max_bytes // 2**20}MB per file")


def test_the_app_listens_on_this_machine_alone(app_url):
    """Each address of the machine that others could use refuses to be asked."""
    port = urlsplit(app_url).port
    found = {entry[4][0] for entry in socket.getaddrinfo(socket.gethostname(), port)}
    for address in found - {"127.0.0.1", "127.0.1.1", "::1"}:
        with pytest.raises(OSError):
            socket.create_connection((address, port), timeout=5).close()
    socket.create_connection(("127.0.0.1", port), timeout=5).close()
