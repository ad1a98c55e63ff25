"""The tab on films from outside FracAtlas: what screening makes of them.

Keys: `read_elsewhere`.
"""

from pathlib import Path

import streamlit as st

from app_pages.widgets import reading_table
from fracturelens.measured.plain import external_groups
from fracturelens.measured.tables import screening_rows


def show_elsewhere(folder: Path) -> None:
    """Draws how many films of other hospitals are refused, or judged with a caution.

    Args:
        folder: where the networks lie.
    """
    st.header("Are films of other hospitals let in?")
    rows = screening_rows(external_groups(folder))
    if not rows:
        st.info(
            "Not measured yet. Run `fracturelens fit-screening`.", icon=":material/query_stats:"
        )
        return
    st.markdown(
        "Before a film is judged, a network of its own decides whether it is an X-ray of a limb, "
        "hip or shoulder. None of these pictures was used to train it."
    )
    reading_table(rows, "elsewhere")
    st.caption("Figures in brackets are 95 % intervals.")
