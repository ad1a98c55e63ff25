"""The guards of the pages: nothing that they need is barred, and strangers' names get nothing."""

import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from important_variables import SAMPLES
from tests.end_to_end.test_visit import PAGES, settled
from tests.helpers.serving import keyed


def test_the_policy_bars_nothing_that_the_pages_need(page):
    barred = []
    page.on("console", lambda said: "Content Security Policy" in said.text and
            barred.append(said.text))  # fmt: skip
    for path in PAGES:
        page.goto(path)
        settled(page)
    page.goto("/dashboard")
    keyed(page, "upload", "input[type=file]").set_input_files(SAMPLES / "hand_broken.png")
    expect(keyed(page, "verdict")).to_contain_text("hand_broken.png")
    settled(page)
    assert barred == []


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/host-config"])
def test_a_name_that_was_led_here_gets_nothing(app_url, path):
    request = urllib.request.Request(app_url + path, headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError, match="421"):
        urllib.request.urlopen(request, timeout=60)


def test_every_page_carries_the_headers(app_url):
    with urllib.request.urlopen(app_url, timeout=60) as answer:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
