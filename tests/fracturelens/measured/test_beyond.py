"""What was measured beyond FracAtlas is read as it was written, or not at all."""

import pytest

from fracturelens.measured.beyond import BEFORE, NOW, beyond_path, read_beyond, write_beyond
from important_variables import SAVED_MODELS
from tests.helpers.beyond import drawn_beyond


def test_what_is_written_is_read_again(tmp_path):
    found = drawn_beyond()
    assert write_beyond(found, NOW, tmp_path) == tmp_path / "beyond" / "now_int8.json"
    again = read_beyond(NOW, "int8", tmp_path)
    assert again.kinds.keys() == found.kinds.keys() and again.source == "Drawn."
    assert again.legs.halves.count == found.legs.halves.count
    assert again.legs.whole["fracture"].value == pytest.approx(found.legs.whole["fracture"].value)
    write_beyond(again, BEFORE, tmp_path)
    assert read_beyond(BEFORE, "int8", tmp_path) == again


@pytest.mark.parametrize("content", [b"", b"{}", b"nonsense"])
def test_what_cannot_be_read_is_none(tmp_path, content):
    assert read_beyond(NOW, "int8", tmp_path) is None
    path = beyond_path(NOW, "int8", tmp_path)
    path.parent.mkdir()
    path.write_bytes(content)
    assert read_beyond(NOW, "int8", tmp_path) is None


def test_another_layout_is_none(tmp_path):
    write_beyond(drawn_beyond(layout=99), NOW, tmp_path)
    assert read_beyond(NOW, "int8", tmp_path) is None


@pytest.mark.parametrize("version", [NOW, BEFORE])
def test_the_published_files_can_be_read_and_name_no_film(version):
    assert read_beyond(version, "int8", SAVED_MODELS) is not None
    text = beyond_path(version, "int8", SAVED_MODELS).read_text()
    assert not any(ending in text for ending in (".jpg", ".png", ".dcm"))
