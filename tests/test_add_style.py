"""The style sheet reaches the page, and styles what the pages use."""

import re

from streamlit.testing.v1 import AppTest

from add_style import STYLE_SHEETS
from important_variables import ROOT
from tests.helpers.app_helpers import html


def test_style_sheet_reaches_the_page():
    def script():
        from add_style import add_style

        add_style()

    page = AppTest.from_function(script, default_timeout=60).run()
    sheets = html(page)
    assert "<style>" in sheets
    assert ".fl-verdict" in sheets


def test_every_class_that_the_pages_use_is_styled():
    kinds = ("*.py", "*.js")
    files = [path for kind in kinds for path in (ROOT / "app_pages").rglob(kind)]
    sources = "".join(path.read_text() for path in files)
    used = set(re.findall(r"\bfl-[a-z]+(?:-[a-z]+)*\b", sources))
    sheets = "".join(sheet.read_text() for sheet in STYLE_SHEETS)
    styled = set(re.findall(r"\.(fl-[a-z]+(?:-[a-z]+)*)", sheets))
    assert len(used) > 10
    assert used - styled <= {"fl-verdict-words", "fl-verdict-scale"}
