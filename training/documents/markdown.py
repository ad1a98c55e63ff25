"""Markdown tables, for README, model card and benchmarks alike."""

from collections.abc import Iterable


def row(cells: Iterable[object]) -> str:
    """One line of a table."""
    return "| " + " | ".join(map(str, cells)) + " |"


def table(head: list[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """The lines of a table: head, rule, rows."""
    return [row(cells) for cells in (head, ["---"] * len(head), *rows)]
