"""The part of the Evidence page on films of other hospitals.

Keys: `read_beyond_screening`, `read_beyond_legs`, `read_beyond_calibrated`.
"""

from pathlib import Path

import streamlit as st

from app_pages.widgets import reading_table
from fracturelens.measured.beyond import BEFORE, NOW, read_beyond
from fracturelens.measured.beyond_tables import (
    ABOUT,
    CALIBRATED,
    LEGS,
    SCREENING,
    TITLE,
    both_words,
    calibrated_rows,
    legs_rows,
    screening_rows,
    sources_words,
)
from fracturelens.measured.words import PRECISIONS


def show_beyond(folder: Path) -> None:
    """Draws what was measured in INT8, which the app uses first, else in float32.

    Args:
        folder: of the networks.
    """
    st.header(TITLE)
    measured = (
        (precision, found)
        for precision in reversed(PRECISIONS)
        if (found := read_beyond(NOW, precision, folder))
    )
    precision, now = next(measured, ("", None))
    if now is None:
        st.info("Not measured yet. Run `fracturelens evaluate-external DIR`.")
        return
    before = read_beyond(BEFORE, precision, folder)
    st.caption(f"Measured in {PRECISIONS[precision]}. {ABOUT}")
    st.subheader("Screening: is it a film of a limb, hip or shoulder?")
    st.caption(SCREENING)
    reading_table(screening_rows(now, before), "beyond_screening")
    st.subheader("The gate on the legs of one hospital")
    st.caption(LEGS)
    reading_table(legs_rows(now, before), "beyond_legs")
    st.subheader("The same gate, calibrated on half of these legs")
    st.caption(CALIBRATED.format(count=now.legs.halves.count))
    reading_table(calibrated_rows(now, before), "beyond_calibrated")
    st.caption(both_words(now))
    st.caption(sources_words(now, before, folder))
