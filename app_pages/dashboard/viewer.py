"""One X-ray on the dashboard: pictures side by side, findings.

Keys: `view` (whole picture or the surroundings of a place), `pictures`
(container), `picture_original`, `picture_<network>`, `picture_agreement`, `findings` (table).
"""

import numpy as np
import streamlit as st

from app_pages.dashboard.analysis import Examined, radiograph_of
from app_pages.dashboard.finding_table import finding_table
from app_pages.dashboard.settings import Settings
from app_pages.widgets import legend
from fracturelens.findings.numbering import places_of
from fracturelens.findings.views import (
    Ink,
    View,
    around,
    draw_agreement,
    draw_network,
    draw_original,
    encode_jpeg,
    ink_of,
    whole,
)
from fracturelens.measured.shares import Shares
from fracturelens.measured.words import SPLITS, marked_by
from fracturelens.results import Examination, FracturePrediction, Place
from important_variables import (
    NETWORKS,
    OVERLAP_LIMIT,
    SEVERAL_MARK,
    title_of,
)

ORIGINAL, AGREEMENT = "original", "agreement"
"""Keys of the pictures beside those of the networks."""
WHOLE = 0
"""Number of the view that shows the whole picture; places count from 1."""


def show_result(
    examined: Examined, examination: Examination, settings: Settings, shares: Shares
) -> None:
    """Draws the pictures of one X-ray.

    Args:
        examined: the X-ray.
        examination: of it, at the user's settings.
        settings: to draw by.
        shares: what share of such findings was right, by who marks them.
    """
    prediction = examination.prediction
    view = _choose_view(prediction, examination.scores.height, examination.scores.width)
    pictures = _pictures(examined, prediction, view, ink_of(prediction, settings.opacity))
    if not prediction.segmentations:
        _show_original(examined.file.name, pictures[ORIGINAL])
        return
    if not prediction.painted:
        _explain_hints(shares)
    _show_pictures(examined.file.name, pictures, settings.large)


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
        "Switch on “Paint whatever the verdict” to see the masks anyway.",
        icon=":material/visibility_off:",
    )


def _show_original(name: str, picture: bytes) -> None:
    """The X-ray alone, large, beside why there is no overlay."""
    with st.container(key="pictures"):
        image, words = st.columns(2, gap="medium")
        with image, st.container(key=f"picture_{ORIGINAL}", gap="xsmall"):
            _show_picture(ORIGINAL, name, picture)
        words.info(
            "The gate found no fracture, so the segmenters were not run. Switch on “Paint "
            "whatever the verdict” to see what they would mark anyway.",
            icon=":material/visibility_off:",
        )


def _choose_view(prediction: FracturePrediction, height: int, width: int) -> View:
    """The whole X-ray, or the surroundings of a place; the same for all pictures."""
    ran = prediction.segmentations
    found = places_of(finding for one in ran.values() for finding in one.findings)
    places = {place.number: place for place in found}
    if not places:
        return whole(height, width)
    options = [WHOLE, *places]
    if st.session_state.get("view") not in options:
        st.session_state["view"] = WHOLE
    choice = st.pills(
        "Show in all pictures",
        options,
        required=True,
        key="view",
        format_func=lambda number: _view_words(places.get(number), tuple(ran)),
    )
    return around(places[choice], height, width) if choice in places else whole(height, width)


def _view_words(place: Place | None, ran: tuple[str, ...]) -> str:
    if place is None:
        return "Whole picture"
    return f"{place.number}: {marked_by(place.networks, ran)}"


def _pictures(
    examined: Examined, prediction: FracturePrediction, view: View, ink: Ink
) -> dict[str, bytes]:
    """All pictures as JPEG, each remembered by what it depends on: a slider redraws its own.

    The findings stand in the key, since a mask threshold may change the other networks' numbers.
    """
    key, thresholds = examined.key, prediction.thresholds
    pictures = {ORIGINAL: _original(key, view, examined)[1]}
    for name, found in prediction.segmentations.items():
        cut = str((thresholds.mask[name], thresholds.min_lesion_share, found.findings))
        pictures[name] = _network(key, name, cut, view, ink, examined, prediction)
    if len(prediction.segmentations) > 1:
        cut = str((thresholds.mask, thresholds.min_lesion_share))
        pictures[AGREEMENT] = _agreement(key, cut, view, ink, examined, prediction)
    return pictures


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def _original(key: tuple, view: View, _examined: Examined) -> tuple[np.ndarray, bytes]:
    """The view without marks, uint8 (h, w, 3), and its JPEG."""
    drawn = draw_original(radiograph_of(_examined).pixels, view)
    return drawn, encode_jpeg(drawn)


@st.cache_data(scope="session", max_entries=96, show_spinner=False)
def _network(
    key: tuple,
    name: str,
    cut: str,
    view: View,
    ink: Ink,
    _examined: Examined,
    _prediction: FracturePrediction,
) -> bytes:
    original, _ = _original(key, view, _examined)
    return encode_jpeg(draw_network(original, _prediction.segmentations[name], view, ink))


@st.cache_data(scope="session", max_entries=48, show_spinner=False)
def _agreement(
    key: tuple,
    cut: str,
    view: View,
    ink: Ink,
    _examined: Examined,
    _prediction: FracturePrediction,
) -> bytes:
    original, _ = _original(key, view, _examined)
    return encode_jpeg(draw_agreement(original, _prediction, view, ink))


def _show_pictures(name: str, pictures: dict[str, bytes], large: bool) -> None:
    shown = list(pictures)
    per_row = 2 if large else max(4, len(shown))
    with st.container(key="pictures"):
        for start in range(0, len(shown), per_row):
            columns = st.columns(per_row, gap="small")
            for column, key in zip(columns, shown[start : start + per_row], strict=False):
                with column, st.container(key=f"picture_{key}", gap="xsmall"):
                    _show_picture(key, name, pictures[key])
                    if key == AGREEMENT:
                        st.html(_agreement_legend([name for name in shown if name in NETWORKS]))


def _show_picture(key: str, name: str, picture: bytes) -> None:
    st.image(picture, width="stretch", alt=f"{_caption(key)} of {name}")
    st.html(f'<p class="fl-caption">{_caption(key)}</p>')


def _agreement_legend(networks: list[str]) -> str:
    several = "both networks" if len(networks) == 2 else "several networks"
    alone = [(NETWORKS[name].mark, f"{title_of(name)} only") for name in networks]
    return legend([(SEVERAL_MARK, several), *alone])


def _caption(key: str) -> str:
    if key == ORIGINAL:
        return "Original"
    if key == AGREEMENT:
        return "Where the networks agree and differ"
    return f"{title_of(key)}, {NETWORKS[key].color_name}"
