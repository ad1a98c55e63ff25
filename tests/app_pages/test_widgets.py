"""Tables for reading show every row, a lone hyphen stays one, and legends tell of colors."""

from streamlit.testing.v1 import AppTest

from app_pages.widgets import legend, plain


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


def test_a_legend_has_a_swatch_for_each_entry_and_escapes_its_words():
    drawn = legend([((1, 2, 3), "U-Net only"), ((4, 5, 6), "<b>")])
    assert drawn.count("<li>") == 2
    assert "background:rgb(1, 2, 3)" in drawn and "U-Net only</li>" in drawn
    assert "&lt;b&gt;</li>" in drawn


def test_a_plain_name_means_nothing_to_markdown():
    assert plain("a_[b]*.png") == r"a\_\[b\]\*.png"
