"""docs/results.md tells what was measured beyond FracAtlas, where it was."""

from fracturelens.measured.beyond import BEFORE, NOW, write_beyond
from tests.helpers.beyond import drawn_beyond
from training.documents.beyond_section import beyond_section


def test_the_section_holds_both_versions(tmp_path):
    write_beyond(drawn_beyond(), NOW, tmp_path)
    write_beyond(drawn_beyond(shift=1.0, source="Long ago."), BEFORE, tmp_path)
    text = beyond_section(tmp_path)
    assert text.startswith("## Beyond FracAtlas\n")
    assert "### Screening, INT8" in text and "float32" not in text
    assert "| Figure | Before | Now |" in text and "Before: Long ago." in text


def test_nothing_is_said_where_nothing_was_measured(tmp_path):
    assert beyond_section(tmp_path) == ""
    write_beyond(drawn_beyond(), BEFORE, tmp_path)
    assert beyond_section(tmp_path) == ""
