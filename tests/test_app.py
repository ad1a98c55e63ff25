"""The app starts, and its theme and limits are those that we promise."""

import importlib
import tomllib

from streamlit.testing.v1 import AppTest

from important_variables import DISCLAIMER, ROOT, UploadLimits
from tests.helpers.app_helpers import html

CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())


def test_starts_on_the_homepage():
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not page.exception
    assert "Find the fracture" in page.title[0].value
    assert DISCLAIMER in html(page)


def test_own_theme_in_light_and_dark():
    assert CONFIG["theme"]["light"]["primaryColor"] != CONFIG["theme"]["dark"]["primaryColor"]
    assert CONFIG["client"]["toolbarMode"] == "minimal"
    assert CONFIG["browser"]["gatherUsageStats"] is False


def test_the_upload_limit_stands_in_one_place(monkeypatch):
    """The server imports the module, and so takes the limit of `UploadLimits`."""
    set_options = {}
    monkeypatch.setattr("streamlit.config.set_option", set_options.__setitem__)
    importlib.reload(importlib.import_module("app"))
    assert set_options["server.maxUploadSize"] * 1024 * 1024 == UploadLimits().max_bytes
    assert "maxUploadSize" not in CONFIG["server"]


def test_only_this_machine_reaches_the_app_unless_told_otherwise():
    assert CONFIG["server"]["address"] == "localhost"


def test_words_stand_out_from_their_ground():
    for theme in (CONFIG["theme"]["light"], CONFIG["theme"]["dark"]):
        for ground in ("backgroundColor", "secondaryBackgroundColor"):
            assert contrast(theme["textColor"], theme[ground]) >= 7
            assert contrast(theme["primaryColor"], theme[ground]) >= 4.5


def contrast(first, second):
    """Contrast ratio of two #rrggbb colors after WCAG 2.2."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color):
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
