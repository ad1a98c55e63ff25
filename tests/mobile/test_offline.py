"""The app stays on the phone: it opens without a network, and no request leaves the site."""

import base64
import json
import shutil
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from fracturelens.measured.words import VERDICTS
from fracturelens.results import Verdict
from important_variables import SAMPLES
from tests.helpers.phone import serve_phone
from tests.helpers.serving import PATIENCE

FIRST_VISIT = 10_000_000
"""Bytes, as they lie on the server."""


@pytest.fixture
def visit(phone_browser):
    """Opens addresses in a profile of their own, and keeps every address that was asked for."""
    context = phone_browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(PATIENCE)
    page, asked = context.new_page(), []
    context.on("request", lambda request: asked.append(request.url))

    def go(url):
        page.goto(url)
        page.get_by_text("Ready.", exact=True).wait_for()
        return page, asked

    yield go
    context.close()


def judged(page):
    page.set_input_files("#files", str(SAMPLES / "lower_leg_broken.png"))
    expect(page.locator("#film .headline")).to_have_text(VERDICTS[Verdict.FRACTURE])


def test_it_works_when_the_network_is_cut(site, visit):
    with serve_phone(site) as url:
        page, _ = visit(url)
        expect(page.locator("#offline")).to_have_text("Works without a network.")
    page.reload()  # the server is gone
    page.get_by_text("Ready.", exact=True).wait_for()
    judged(page)


def test_no_request_leaves_and_the_first_visit_is_small(site, phone_url, visit):
    page, asked = visit(phone_url)
    expect(page.locator("#offline")).to_have_text("Works without a network.")
    judged(page)
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("blob:", "data:"))}
    assert hosts == {urlsplit(phone_url).netloc}
    paths = {urlsplit(url).path.lstrip("/") or "index.html" for url in asked}
    kept = set(json.loads((site / "files.json").read_text())["files"])
    sizes = [(site / path).stat().st_size for path in paths | kept if (site / path).is_file()]
    assert sum(sizes) < FIRST_VISIT


def test_it_can_be_installed(phone_url, visit):
    page, _ = visit(phone_url)
    expect(page.locator("#offline")).to_have_text("Works without a network.")
    devtools = page.context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["display"] == "standalone"
    found = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in found if error["errorId"] != "in-incognito"] == []


def test_it_may_use_threads_also_where_the_host_sends_no_headers(site, visit, monkeypatch):
    monkeypatch.setattr("fracturelens.phone.serve.HEADERS", {})
    with serve_phone(site) as url:
        page, _ = visit(url)
        assert page.evaluate("crossOriginIsolated") is False
        expect(page.locator("#offline")).to_have_text("Works without a network.")
        page.reload()
        page.get_by_text("Ready.", exact=True).wait_for()
        assert page.evaluate("crossOriginIsolated") is True


def test_a_new_version_is_offered_and_taken(site, visit, tmp_path):
    folder = tmp_path / "site"
    shutil.copytree(site, folder)
    with serve_phone(folder) as url:
        page, _ = visit(url)
        expect(page.locator("#offline")).to_have_text("Works without a network.")
        script = folder / "service_worker.js"
        script.write_text('self.VERSION="newer";' + script.read_text().partition(";")[2])
        style = folder / "style.css"
        style.write_text(style.read_text() + "body { --version: newer; }")
        page.reload()
        page.get_by_role("button", name="Update").click()
        expect(page.locator("body")).to_have_css("--version", "newer")


SHARE = """
async (text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const form = new FormData();
  form.append("films", new File([bytes], "from another app.png", { type: "image/png" }));
  await fetch("share", { method: "POST", body: form });
}
"""


def test_films_that_another_app_shares_are_examined(phone_url, visit):
    page, _ = visit(phone_url)
    expect(page.locator("#offline")).to_have_text("Works without a network.")
    data = (SAMPLES / "lower_leg_broken.png").read_bytes()
    page.evaluate(SHARE, base64.b64encode(data).decode())
    page.goto(f"{phone_url}/?shared")
    expect(page.locator("#film .file")).to_contain_text("from another app.png")
    expect(page.locator("#film .headline")).to_have_text(VERDICTS[Verdict.FRACTURE])


def test_a_changed_network_is_not_run(site, phone_browser, tmp_path):
    folder = tmp_path / "site"
    shutil.copytree(site, folder)
    facts = json.loads((folder / "engine.json").read_text())
    facts["networks"][0]["sha256"] = "0" * 64
    (folder / "engine.json").write_text(json.dumps(facts))
    with serve_phone(folder) as url:
        context = phone_browser.new_context()
        page = context.new_page()
        page.goto(url)
        expect(page.locator("#engine-status")).to_contain_text("is not the file that its card")
        context.close()
