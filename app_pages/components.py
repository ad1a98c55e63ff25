"""Our own components: a script of ours beside the module that draws it, no outside code."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import streamlit as st


@cache
def component(script: Path) -> Callable:
    """What mounts the component of a JavaScript file, read once for each process.

    The script runs in the page itself and shares its style sheets. Names of files and the like
    are data: it puts them into the page as text, never as HTML.

    Args:
        script: exports a function by default; the file's name is the component's.
    """
    return st.components.v2.component(
        f"fracturelens_{script.stem}", js=script.read_text(encoding="utf-8"), isolate_styles=False
    )
