"""Tables for reading show every row, and a lone hyphen stays one."""

from streamlit.testing.v1 import AppTest


def draw(rows):
    def script(rows):
        from app_pages.widgets import reading_table

        reading_table(rows, "test")

    page = AppTest.from_function(script, args=(rows,), default_timeout=60).run()
    assert not page.exception
    return page.table[0].value


def test_all_rows_are_there_and_missing_cells_are_empty():
    rows = [{"Figure": str(number)} for number in range(30)] + [{"Other": "x"}]
    table = draw(rows)
    assert len(table) == 31
    assert table["Other"].tolist() == [""] * 30 + ["x"]


def test_a_lone_hyphen_is_no_bullet():
    assert draw([{"Value": "-"}, {"Value": "-0.1"}])["Value"].tolist() == [r"\-", "-0.1"]
