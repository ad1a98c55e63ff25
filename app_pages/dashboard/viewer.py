"""One X-ray on the dashboard: the film viewer, findings.

Keys: `findings` (table); those of the viewer stand in film_viewer/show.py.
"""

from dataclasses import replace

import streamlit as st

from app_pages.dashboard.analysis import Examined, examine, judged_once, segmented
from app_pages.dashboard.film_viewer.panes import Reading
from app_pages.dashboard.film_viewer.show import show_film
from app_pages.dashboard.finding_table import finding_table
from app_pages.dashboard.settings import Settings
from app_pages.session import load_engine
from fracturelens.measured.shares import Shares
from fracturelens.measured.words import PRECISIONS as PRECISION_WORDS
from fracturelens.measured.words import SPLITS
from fracturelens.results import Examination, FracturePrediction
from important_variables import OVERLAP_LIMIT, PRECISIONS, title_of
from prediction import Engine


def show_result(
    examined: Examined,
    examination: Examination,
    engine: Engine,
    settings: Settings,
    shares: Shares,
) -> None:
    """Draws the pictures of one X-ray.

    Args:
        examined: the X-ray.
        examination: of it, at the user's settings.
        engine: the networks that ran.
        settings: to draw by.
        shares: what share of such findings was right, by who marks them.
    """
    prediction = examination.prediction
    show_film(examined, _readings(examined, prediction, engine, settings), settings.opacity)
    _explain(prediction, shares)


def show_findings(prediction: FracturePrediction, shares: Shares) -> None:
    """Draws the table of all findings; `shares` as for `show_result`."""
    st.subheader("Findings")
    found = prediction.segmentations
    for network, segmentation in found.items():
        if not segmentation.findings:
            st.caption(f"{title_of(network)}: nothing marked at this mask threshold.")
    if not any(segmentation.findings for segmentation in found.values()):
        return
    with st.container(key="findings"):
        st.html(finding_table(prediction, shares))
    st.caption(
        f"Findings of several networks that overlap (IoU of at least {OVERLAP_LIMIT:g}) share one "
        "number. "
        + (
            "The share is of findings with the same verdict and the same markers that held an "
            "annotated fracture, with its 95% interval."
            if shares
            else "How often such findings are right was measured on X-rays with the verdicts "
            "“fracture” and “doubtful”, at the measured thresholds."
        )
    )


def _readings(
    examined: Examined, prediction: FracturePrediction, engine: Engine, settings: Settings
) -> list[Reading]:
    """What the networks made of the X-ray, in both precisions where these are compared."""
    if not settings.compare:
        return [Reading(prediction)]
    own, [other] = engine.precision, [one for one in PRECISIONS if one != engine.precision]
    second, problems = load_engine(other)
    if problems:
        return [Reading(prediction)]  # the comparison below the pictures says what is missing
    again = segmented(examine(examined.file, second, accept_any=examined.accepted), second)
    painted = replace(settings, always_segment=prediction.painted or settings.always_segment)
    compared = judged_once(again, painted).prediction
    return [
        Reading(prediction, PRECISION_WORDS[own]),
        Reading(compared, PRECISION_WORDS[other]),
    ]


def _explain(prediction: FracturePrediction, shares: Shares) -> None:
    """Says why nothing is painted, if so, and how often a finding on a doubtful X-ray is right."""
    if not prediction.segmentations:
        st.info(
            "The gate found no fracture, so the segmenters were not run. Switch on “Always show "
            "masks” to see what they would mark anyway.",
            icon=":material/visibility_off:",
        )
    elif not prediction.painted:
        _explain_hints(shares)


def _explain_hints(shares: Shares) -> None:
    """Says why nothing is painted, and how often a finding on a doubtful X-ray is right."""
    true = sum(share.true for share in shares.values())
    regions = sum(share.regions for share in shares.values())
    measured = ""
    if regions:
        split = SPLITS[next(iter(shares.values())).split]
        measured = f" ({true} of {regions:,} such findings on the {split} X-rays hold a fracture)"
    st.info(
        f"The gate is in doubt: dotted rings are hints, and nothing is painted{measured}. "
        "Switch on “Always show masks” to see the masks anyway.",
        icon=":material/visibility_off:",
    )
