"""Which X-rays stand together as the views of one study, and the verdict that they make.

Keys: `together` (switch).
"""

from collections.abc import Iterable

import streamlit as st

from app_pages.dashboard.analysis import Examined, Outcome
from fracturelens.results import Thresholds
from fracturelens.studies import Study, StudyKey, View, study_key
from prediction import judge_gate

TOGETHER = "together"
Studies = dict[int, Study]
"""By the number of an X-ray: its study, where that has several."""


def ask_whether_together() -> None:
    """Draws the switch for X-rays whose header names no study."""
    st.toggle(
        "X-rays of one folder or ZIP are one study",
        key=TOGETHER,
        help="Views of one examination make one verdict. DICOM files say which study they belong "
        "to. Turn this on where other files that came together show one patient.",
        persist_state="session",
    )


def in_studies(judged: Iterable[Examined]) -> list[Examined]:
    """The most suspicious X-ray first, with the other views of its study after it."""
    ranked = sorted(judged, key=lambda one: -one.examination.scores.gate)
    first: dict[StudyKey, int] = {}
    for place, one in enumerate(ranked):
        first.setdefault(_key(one), place)
    return sorted(ranked, key=lambda one: first[_key(one)])


def studies_of(judged: Iterable[Examined], outcome: Outcome, thresholds: Thresholds) -> Studies:
    """The studies of several X-rays, at the user's thresholds.

    Args:
        judged: X-rays with scores.
        outcome: of all files; those without a verdict are views too.
        thresholds: to judge by.
    """
    members: dict[StudyKey, list[Examined]] = {}
    judged = list(judged)
    for one in (*judged, *outcome.refused, *outcome.unreadable):
        members.setdefault(_key(one), []).append(one)
    numbers = {one.file.number for one in judged}
    return {
        one.file.number: _study(key, films, numbers, thresholds)
        for key, films in members.items()
        if len(films) > 1
        for one in films
    }


def view_of(examined: Examined, thresholds: Thresholds) -> View:
    """What one X-ray says within its study."""
    probability = examined.examination.scores.gate
    return View(examined.file.name, judge_gate(probability, thresholds), probability)


def _study(
    key: StudyKey, films: Iterable[Examined], judged: set[int], thresholds: Thresholds
) -> Study:
    views = [one for one in films if one.file.number in judged]
    others = [one.file.name for one in films if one.file.number not in judged]
    return Study(key, tuple(view_of(one, thresholds) for one in views), tuple(others))


def _key(examined: Examined) -> StudyKey:
    """The study of an X-ray; one of its own where nothing names any, as for a drawn sample."""
    file = examined.file
    together = bool(st.session_state.get(TOGETHER)) and not file.synthetic
    return study_key(examined.source, file.name, together) or ("film", str(file.number))
