"""Draws tables that are read, not sorted: whole, with wrapped words, on a telephone too."""

import streamlit as st


def reading_table(rows: list[dict[str, str]], key: str) -> None:
    """A table at its full height; tests and style sheets find it by `st-key-read_<key>`.

    Streamlit's data frame shows ten rows and cuts off what is too wide.
    """
    columns = dict.fromkeys(column for row in rows for column in row)
    with st.container(key=f"read_{key}"):
        st.table(
            {column: [_cell(row.get(column, "")) for row in rows] for column in columns},
            border="horizontal",
            hide_index=True,
        )


def _cell(text: object) -> object:
    """The text as it is to be read: a lone hyphen would become the bullet of a list."""
    return r"\-" if text == "-" else text
