"""The Evidence page tells what was measured beyond FracAtlas."""

import pytest
from streamlit.testing.v1 import AppTest

from fracturelens.measured.beyond import BEFORE, NOW, write_beyond
from tests.helpers.beyond import drawn_beyond


@pytest.fixture
def draw(folder):
    def run():
        def script():
            from app_pages.evidence.beyond import show_beyond
            from important_variables import models_folder

            show_beyond(models_folder())

        return AppTest.from_function(script, default_timeout=60).run()

    return run


def test_tables_of_both_versions(draw, folder):
    write_beyond(drawn_beyond(), NOW, folder)
    write_beyond(drawn_beyond(source="Long ago."), BEFORE, folder)
    page = draw()
    assert not page.exception and page.header[0].value == "Beyond FracAtlas"
    assert [set(table.value.columns) for table in page.table[:2]] == [
        {"Films", "Number", "Refused before", "Refused", "Judged with a caution"},
        {"Figure", "Before", "Now"},
    ]
    assert "Before: Long ago." in page.caption[-1].value


def test_nothing_measured_yet_names_the_command(draw):
    page = draw()
    assert not page.exception and "fracturelens evaluate-external" in page.info[0].value


def test_float32_stands_in_where_it_alone_was_measured(draw, folder):
    write_beyond(drawn_beyond(precision="float32"), NOW, folder)
    assert "Measured in float32" in draw().caption[0].value
