"""What harmless changes of a file do to the gate's verdict, and what other thresholds would give.

Keys: `steadiness`, `choices` (expanders).
"""

import streamlit as st

from app_pages.widgets import reading_table
from fracturelens.measured.layout import Evaluation
from fracturelens.measured.tables import steadiness_rows
from fracturelens.measured.tiers import tier_choices


def show_choices(evaluation: Evaluation) -> None:
    """Draws the three verdicts at other thresholds; nothing for a segmenter."""
    if not (evaluation.operating_points and evaluation.part.pictures):
        return
    with st.expander("The verdicts at other thresholds", key="choices"):
        reading_table(tier_choices(evaluation), "choices")
        st.caption("The threshold of the highest verdict stays; that of the middle one moves.")


def show_steadiness(evaluation: Evaluation) -> None:
    """Draws how often the verdict changes where only the file does; nothing if not measured."""
    if not evaluation.steadiness:
        return
    with st.expander("How steady is the verdict?", key="steadiness"):
        st.markdown(
            "The same X-ray saved, cropped or turned a little differently should get the same "
            "verdict. How often it did not:"
        )
        reading_table(steadiness_rows(evaluation.steadiness), "steadiness")
