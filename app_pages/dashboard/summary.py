"""What stands above the pictures of one X-ray: verdict, how reliable it is, the way to settings.

Keys: `verdict` (container), `reliability` (popover), `settings_open` (switch).
"""

from pathlib import Path

import streamlit as st

from app_pages.dashboard.analysis import Examined
from app_pages.dashboard.settings import Settings, ask_whether_open
from app_pages.dashboard.studies import view_of
from app_pages.dashboard.thresholds import show_reliability
from app_pages.dashboard.verdict import CUSTOM, Heading, draw_verdict
from app_pages.session import folder_stamp
from fracturelens.export.study_words import added_words, study_sentence
from fracturelens.measured.layout import Evaluation
from fracturelens.measured.shares import gate_evaluation, tier_words
from fracturelens.results import Examination
from fracturelens.studies import Study
from fracturelens.xray.header_words import header_words
from important_variables import models_folder
from prediction import Engine


def show_summary(
    examined: Examined,
    examination: Examination,
    engine: Engine,
    settings: Settings,
    study: Study | None = None,
) -> None:
    """Draws the verdict of one X-ray with what belongs to it.

    Args:
        examined: the X-ray.
        examination: of it, at the user's settings.
        engine: the networks that ran.
        settings: to judge by.
        study: that the X-ray is a view of; None where it stands alone.
    """
    refused = examination.refusal is not None  # then nothing measured on X-rays holds
    folder, elsewhere = models_folder(), refused or engine.site is not None
    evaluation = None if elsewhere else _evaluation(engine.precision, folder, folder_stamp(folder))
    verdict, thresholds = examination.prediction.verdict, settings.thresholds
    heading = Heading(
        examined.file.name,
        examined.file.number,
        _badges(examined, settings),
        tier_words(verdict, thresholds, evaluation),
        _study_words(examined, study, settings) if study else "",
        header_words(examined.source),
    )
    with st.container(key="verdict", gap="xsmall"):
        draw_verdict(heading, examination)
        with st.container(horizontal=True, key="below_verdict", vertical_alignment="center"):
            show_reliability(evaluation, engine.precision, thresholds, engine.thresholds)
            ask_whether_open()


def _study_words(examined: Examined, study: Study, settings: Settings) -> str:
    view = view_of(examined, settings.thresholds)
    return f"{study_sentence(study)} {added_words(study, view)}"


def _badges(examined: Examined, settings: Settings) -> tuple[str, ...]:
    """Short words that a person must not miss beside the verdict."""
    synthetic = ("synthetic sample",) if examined.file.synthetic else ()
    return synthetic + ((CUSTOM,) if settings.custom else ())


@st.cache_resource(show_spinner=False)
def _evaluation(precision: str, folder: Path, stamp: float) -> Evaluation | None:
    return gate_evaluation(precision, folder)
