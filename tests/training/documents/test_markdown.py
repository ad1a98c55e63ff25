"""A Markdown table has a head, a rule as wide, and its rows."""

from training.documents.markdown import row, table


def test_cells_of_any_kind_become_a_row():
    assert row(["a", 2, 0.5]) == "| a | 2 | 0.5 |"


def test_rule_is_as_wide_as_the_head():
    assert table(["x", "y"], [(1, 2)]) == ["| x | y |", "| --- | --- |", "| 1 | 2 |"]
