"""The badge of a calibrated site, what it replaces, and a file that does not fit."""

from dataclasses import replace

import pytest

from fracturelens.measured.layout import write_evaluation
from fracturelens.measured.site import write_site
from tests.helpers.app_helpers import html, write_cards, xray_png
from tests.helpers.dashboard import MIDDLE, open_dashboard, upload
from tests.helpers.evaluations import GATE_EVALUATION
from tests.helpers.small_site import site_engine, small_site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return small_site(tmp_path_factory.mktemp("films"), name="Ward *7* <b>")


@pytest.fixture
def open_at(tmp_path, monkeypatch):
    """Opens the dashboard with one X-ray, started with a site's file."""
    write_cards(tmp_path / "models")
    write_evaluation(replace(GATE_EVALUATION, precision="int8"), tmp_path / "models")
    monkeypatch.setenv("FRACTURELENS_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr("app_pages.dashboard.page.load_engine", lambda _: (site_engine(), {}))
    path = tmp_path / "site.json"
    monkeypatch.setenv("FRACTURELENS_SITE", str(path))

    def start(site):
        if site is not None:
            write_site(site, path)
        return upload(open_dashboard(), ("film.png", xray_png(MIDDLE)))

    return start


def test_the_badge_names_the_site_and_what_was_measured_there(open_at, site):
    page = open_at(site)
    assert not page.exception
    text = " ".join(one.value for one in (*page.markdown, *page.caption))
    assert r"Calibrated for Ward \*7\* \<b\>" in text
    assert "chosen on 23 X-rays of this site and measured on 23 others" in text
    assert f"{site.fracture:.1%}" in html(page)
    assert "validation X-rays" not in html(page)  # FracAtlas says nothing of this gate


@pytest.mark.parametrize(
    ("changes", "told"), [({"gate": "0" * 64}, "another gate file"), (None, "cannot be opened")]
)
def test_a_file_that_does_not_fit_is_told_and_not_used(open_at, site, changes, told):
    page = open_at(replace(site, **changes) if changes else None)
    assert not page.exception
    [warning] = page.warning
    assert "Not calibrated for your site" in warning.value and told in warning.value
    assert "Calibrated for" not in " ".join(one.value for one in page.markdown)
    assert "60.0%" in html(page)


def test_without_a_file_nothing_is_said(open_at, site, monkeypatch):
    monkeypatch.delenv("FRACTURELENS_SITE")
    page = open_at(site)
    assert not page.warning
    assert "validation X-rays" in html(page)
    assert "Calibrated for" not in " ".join(one.value for one in page.markdown)
