"""What several pages draw: tables that are read, the footer, the share of fractures."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from important_variables import ATTRIBUTION, DISCLAIMER, RGB


def reading_table(rows: list[dict[str, str]], key: str) -> None:
    """A table at its full height; tests and style sheets find it by `st-key-read_<key>`.

    Streamlit's data frame shows ten rows and cuts off what is too wide. On a phone each row
    becomes a small list, with the columns' names before their values.
    """
    columns = list(dict.fromkeys(column for row in rows for column in row))
    wide = len(columns) > 2
    if wide:
        st.html(phone_style(f"st-key-read_{key}", columns))
    with st.container(key=f"wide_{key}" if wide else None), st.container(key=f"read_{key}"):
        st.table(
            {column: [_cell(row.get(column, "")) for row in rows] for column in columns},
            border="horizontal",
            hide_index=True,
        )


def phone_style(key: str, columns: list[str]) -> str:
    """Names of the columns for the phone, where the style sheet hides the table's head."""
    rules = "".join(
        f'.{key} td:nth-child({place})::before {{ content: "{_css_text(column)}"; }}'
        for place, column in enumerate(columns[1:], 2)
    )
    return f"<style>@media (max-width: 640px) {{ {rules} }}</style>"


def _css_text(words: str) -> str:
    """Words for a string of a style sheet: no sign in them has a meaning."""
    return "".join(sign if sign.isalnum() or sign == " " else f"\\{ord(sign):x} " for sign in words)


def _cell(text: object) -> object:
    """The text as it is to be read: a lone hyphen would become the bullet of a list."""
    return r"\-" if text == "-" else text


def footer() -> None:
    """The disclaimer and the attribution, at the end of each page."""
    st.html(
        f'<footer class="fl-footer"><strong>{DISCLAIMER}</strong>'
        f"<span>{ATTRIBUTION}</span></footer>"
    )


def keyed_table(rows: list[dict[str, object]], key: str) -> None:
    """A table that tests and style sheets find by `st-key-<key>`; a table has no key class."""
    with st.container(key=key):
        st.dataframe(rows, hide_index=True, placeholder="")


def plain(name: str) -> str:
    """A file name without meaning to Markdown."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()#+-!$:~<>|" else sign for sign in name)


def prevalence_slider(note: str | None = None) -> float:
    """The share of fractured X-rays where the user works, 0.01 to 0.99; one setting for all pages.

    Args:
        note: shown on the slider's question mark.
    """
    return st.slider(
        "How many of your X-rays are fractured?",
        0.01,
        0.99,
        0.15,
        0.01,
        "percent",
        key="prevalence",
        persist_state="session",
        help=note,
    )


def legend(entries: Iterable[tuple[RGB, str]]) -> str:
    """What colors mean, as HTML: a swatch and its words for each entry."""
    items = "".join(
        f'<li><i class="fl-swatch" style="background:rgb{color}"></i>{escape(words)}</li>'
        for color, words in entries
    )
    return f'<ul class="fl-legend">{items}</ul>'
