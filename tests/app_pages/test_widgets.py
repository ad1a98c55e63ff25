"""Tables that people read, on a phone too."""

from app_pages.widgets import phone_style


def test_the_columns_of_a_wide_table_are_named_on_a_phone():
    style = phone_style("st-key-read_x", ["Figure", "Value", "95 % interval"])
    assert style.startswith("<style>@media (max-width: 640px)")
    assert '.st-key-read_x td:nth-child(2)::before { content: "Value"; }' in style
    assert 'content: "95 \\25  interval"' in style
    assert "nth-child(1)" not in style, "the first cell is the title of its row"


def test_no_name_of_a_column_ends_the_style():
    style = phone_style("x", ["a", '</style><script>"}', "c"])
    assert style.count("<") == 2 and "script>" not in style and style.count('"') == 4
