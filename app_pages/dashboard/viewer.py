"""One X-ray on the dashboard: verdict, pictures side by side, lesions.

Keys: `verdict` (the card), `view` (whole picture or the surroundings of a lesion), `pictures`
(container), `picture_original`, `picture_encoder_decoder`, `picture_unet`, `picture_agreement`,
`lesions` (table).
"""

import numpy as np
import streamlit as st

from app_pages.dashboard.analysis import Bench, Examined, pixels_of
from app_pages.dashboard.finding_table import lesion_table
from app_pages.dashboard.settings import Settings
from app_pages.dashboard.thresholds import ask_prevalence, points_table
from app_pages.dashboard.verdict import agreement_legend, verdict_card
from fracturelens.findings.numbering import places_of
from fracturelens.findings.views import Region, around, pictures_of, whole
from fracturelens.measured.evaluation import SPLITS
from fracturelens.measured.shares import Shares, gate_evaluation, tier_words
from fracturelens.results import BOTH_NETWORKS, FracturePrediction, Place
from important_variables import SAVED_MODELS, SEGMENTERS, TITLES

CAPTIONS = {
    "original": "Original",
    "encoder_decoder": "Encoder-decoder, vermilion",
    "unet": "U-Net, sky blue",
    "agreement": "Where the two agree and differ",
}


def show_result(
    examined: Examined,
    prediction: FracturePrediction,
    bench: Bench,
    settings: Settings,
    shares: Shares,
) -> None:
    """Draws the verdict and the pictures of one X-ray.

    Args:
        examined: the X-ray.
        prediction: of it.
        bench: the networks that ran.
        settings: to draw by.
        shares: what share of regions found a lesion under this verdict.
    """
    _show_verdict(examined, prediction, bench)
    if examined.file.synthetic:
        st.caption("This is a synthetic sample, drawn by code; it shows no patient.")
    file, scores = examined.file, examined.scores
    image = pixels_of(file.digest, file.data)
    region = _choose_region(prediction, scores.height, scores.width)
    pictures = _pictures(examined.key, settings, region, image, prediction)
    if not prediction.segmentations:
        _show_original(file.name, pictures["original"])
        return
    if not prediction.painted:
        _explain_hints(shares)
    _show_pictures(file.name, pictures, settings.large)


def show_lesions(prediction: FracturePrediction, shares: Shares) -> None:
    """Draws the table of all lesions; `shares` as for `show_result`."""
    st.subheader("Lesions")
    found = prediction.segmentations
    for network in SEGMENTERS:
        if network in found and not found[network].lesions:
            st.caption(f"{TITLES[network]}: no lesion at this mask threshold.")
    if not any(segmentation.lesions for segmentation in found.values()):
        return
    with st.container(key="lesions"):
        st.html(lesion_table(prediction, shares))
    st.caption(
        "Regions of both networks that overlap (IoU of at least 0.1) share one number. "
        + (
            "The share is of regions with the same verdict and the same markers that found an "
            "annotated fracture, with its 95% interval."
            if shares
            else "How often such regions are right was measured on X-rays with the verdicts "
            "“fracture” and “doubtful”, at the measured points and mask thresholds."
        )
    )


def _show_verdict(examined: Examined, prediction: FracturePrediction, bench: Bench) -> None:
    refused = examined.refusal is not None  # then nothing measured on X-rays holds
    evaluation = None if refused else gate_evaluation(bench.precision, SAVED_MODELS)
    points = prediction.thresholds
    with st.container(key="verdict", gap="xsmall"):
        st.html(
            verdict_card(
                examined.file.name,
                examined.scores.height,
                examined.scores.width,
                prediction,
                counted=tier_words(prediction.verdict, points, evaluation),
                table=points_table(evaluation, bench.precision, points, bench.points),
                refusal=examined.refusal.seen if examined.refusal else "",
            )
        )
        ask_prevalence(evaluation)


def _explain_hints(shares: Shares) -> None:
    """Says why nothing is painted, and how often a region on a doubtful X-ray is right."""
    true, regions = (sum(getattr(share, key) for share in shares.values())
                     for key in ("true", "regions"))  # fmt: skip
    measured = ""
    if regions:
        split = SPLITS[next(iter(shares.values())).split]
        measured = f" ({true} of {regions:,} such regions on the {split} X-rays hold a fracture)"
    st.info(
        f"The gate is in doubt: dotted rings are hints, and nothing is painted{measured}. "
        "Switch on “Paint whatever the verdict” to see their masks all the same.",
        icon=":material/visibility_off:",
    )


def _show_original(name: str, picture: bytes) -> None:
    """The X-ray alone, large, beside why there is no overlay."""
    with st.container(key="pictures"):
        image, words = st.columns(2, gap="medium")
        with image, st.container(key="picture_original", gap="xsmall"):
            _show_picture("original", name, picture)
        words.info(
            "The gate sees no fracture, so the segmenters were not run. Switch on “Paint "
            "whatever the verdict” to see what they would mark all the same.",
            icon=":material/visibility_off:",
        )


def _choose_region(prediction: FracturePrediction, height: int, width: int) -> Region:
    """The whole X-ray, or the surroundings of a lesion; the same for all pictures."""
    lesions = {name: found.lesions for name, found in prediction.segmentations.items()}
    places = {_place_words(place): place for place in places_of(lesions)}
    if not places:
        return whole(height, width)
    options = ["Whole picture", *places]
    if st.session_state.get("view") not in options:
        st.session_state["view"] = options[0]
    choice = st.pills("Show in all pictures", options, required=True, key="view")
    return around(places[choice], height, width) if choice in places else whole(height, width)


def _place_words(place: Place) -> str:
    both = len(place.networks) > 1
    return f"{place.number}: {BOTH_NETWORKS if both else TITLES[place.networks[0]]}"


@st.cache_data(scope="session", max_entries=48, show_spinner=False)
def _pictures(
    key: tuple,
    settings: Settings,
    region: Region,
    _image: np.ndarray,
    _prediction: FracturePrediction,
) -> dict[str, bytes]:
    return pictures_of(_image, _prediction, region, settings.opacity)


def _show_pictures(name: str, pictures: dict[str, bytes], large: bool) -> None:
    per_row = 2 if large else 4
    shown = [key for key in CAPTIONS if key in pictures]
    with st.container(key="pictures"):
        for start in range(0, len(shown), per_row):
            columns = st.columns(per_row, gap="small")
            for column, key in zip(columns, shown[start : start + per_row], strict=False):
                with column, st.container(key=f"picture_{key}", gap="xsmall"):
                    _show_picture(key, name, pictures[key])


def _show_picture(key: str, name: str, picture: bytes) -> None:
    st.image(picture, width="stretch", alt=f"{CAPTIONS[key]} of {name}")
    st.html(f'<p class="fl-caption">{CAPTIONS[key]}</p>')
    if key == "agreement":
        st.html(agreement_legend())
