"""One X-ray on the dashboard: verdict, pictures side by side, lesions, downloads.

Keys: `verdict` (the card), `view` (whole picture or the surroundings of a lesion), `pictures`
(container), `picture_original`, `picture_encoder_decoder`, `picture_unet`, `picture_agreement`,
`lesions` (table), `download_overlay_<network>`, `download_mask_<network>`, `download_json`,
`download_csv`.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from app_pages.analysis import Examined, judged, pixels_of
from app_pages.evaluations import SPLITS, doubtful_regions
from app_pages.pictures import Region, around, full_overlay, pictures_of, whole
from app_pages.reports import (
    NamedPrediction,
    download_name,
    lesion_rows,
    notice_png,
    results_csv,
    results_json,
)
from app_pages.settings import Settings
from app_pages.verdict_card import agreement_legend, verdict_card
from important_variables import SAVED_MODELS, SEGMENTERS, TITLES
from prediction import FracturePrediction, Verdict

CAPTIONS = {
    "original": "Original",
    "encoder_decoder": "Encoder-decoder, vermilion",
    "unet": "U-Net, sky blue",
    "agreement": "Where the two agree and differ",
}


def show_result(examined: Examined, prediction: FracturePrediction, settings: Settings) -> None:
    """Draws the verdict and the pictures of one X-ray."""
    file, scores = examined.file, examined.scores
    with st.container(key="verdict"):
        st.html(
            verdict_card(
                file.name,
                scores.height,
                scores.width,
                prediction.gate_probability,
                prediction.verdict,
                settings.points,
            )
        )
    if file.synthetic:
        st.caption("This is a synthetic sample, drawn by code; it shows no patient.")
    image = pixels_of(file.digest, file.data)
    _explain_what_is_missing(prediction)
    region = _choose_region(prediction, scores.height, scores.width)
    pictures = _pictures(examined.key, settings, region, image, prediction)
    _show_pictures(file.name, pictures, settings.large)


def show_lesions(prediction: FracturePrediction) -> None:
    """Draws the table of all lesions."""
    st.subheader("Lesions")
    rows = lesion_rows(prediction)
    for network in SEGMENTERS:
        found = prediction.segmentations.get(network)
        if found is not None and not found.lesions:
            st.caption(f"{TITLES[network]}: no lesion at this mask threshold.")
    if rows:
        with st.container(key="lesions"):
            st.dataframe(rows, hide_index=True, column_config=_columns())


def show_downloads(
    chosen: Examined,
    prediction: FracturePrediction,
    everything: list[Examined],
    settings: Settings,
) -> None:
    """Draws the buttons: pictures of the X-ray shown, results of all X-rays."""
    file = chosen.file
    image = pixels_of(file.digest, file.data)
    st.subheader("Downloads")
    with st.container(horizontal=True, key="downloads"):
        for network, segmentation in prediction.segmentations.items():
            overlay = partial(full_overlay, image, prediction, network, settings.opacity)
            _offer_png(f"Overlay {TITLES[network]}", f"overlay_{network}", file.name, overlay)
            if prediction.painted:
                mask = partial(np.asarray, segmentation.mask)
                _offer_png(f"Mask {TITLES[network]}", f"mask_{network}", file.name, mask)
        name = file.name if len(everything) == 1 else "xrays"
        for kind in ("json", "csv"):
            _offer_results(kind, name, partial(_all_results, everything, settings))


def _explain_what_is_missing(prediction: FracturePrediction) -> None:
    """Says why the segmenters did not run, or why nothing is painted."""
    if prediction.painted:
        return
    if prediction.verdict is Verdict.DOUBTFUL:
        said = f"The gate is in doubt: dotted rings are hints, and nothing is painted{_measured()}."
    else:
        said = "The gate sees no fracture, so the segmenters were not run."
    st.info(
        f"{said} Switch on “Paint whatever the verdict” to see their masks all the same.",
        icon=":material/visibility_off:",
    )


def _measured() -> str:
    """How often a region on a doubtful X-ray is right, where it was measured."""
    found = doubtful_regions(SAVED_MODELS)
    if found is None:
        return ""
    true, regions, split = found
    return f" ({true} of {regions:,} such regions on the {SPLITS[split]} X-rays hold a fracture)"


def _choose_region(prediction: FracturePrediction, height: int, width: int) -> Region:
    """The whole X-ray, or the surroundings of a lesion; the same for all pictures."""
    lesions = {
        f"{TITLES[network]} {lesion.number}": lesion
        for network, segmentation in prediction.segmentations.items()
        for lesion in segmentation.lesions
    }
    if not lesions:
        return whole(height, width)
    options = ["Whole picture", *lesions]
    if st.session_state.get("view") not in options:
        st.session_state["view"] = options[0]
    choice = st.pills("Show in all pictures", options, required=True, key="view")
    return around(lesions[choice], height, width) if choice in lesions else whole(height, width)


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
                    st.image(pictures[key], width="stretch", alt=f"{CAPTIONS[key]} of {name}")
                    st.html(f'<p class="fl-caption">{CAPTIONS[key]}</p>')
                    if key == "agreement":
                        st.html(agreement_legend())


def _columns() -> dict:
    number = st.column_config.NumberColumn
    return {
        "network": "Network",
        "lesion": "Lesion",
        "x": number("Left (px)"),
        "y": number("Top (px)"),
        "width": number("Width (px)"),
        "height": number("Height (px)"),
        "area_pixels": number("Area (px)", format="localized"),
        "area_percent": number("Area (%)", format="%.3f"),
        "peak_probability": st.column_config.ProgressColumn(
            "Peak probability", min_value=0, max_value=1, format="%.2f"
        ),
    }


def _offer_png(label: str, kind: str, name: str, draw: Callable[[], np.ndarray]) -> None:
    """A PNG that is drawn only when it is asked for."""
    st.download_button(
        f"{label} (PNG)",
        lambda: notice_png(draw()),
        download_name(name, f"_{kind}.png"),
        "image/png",
        key=f"download_{kind}",
        on_click="ignore",
        icon=":material/download:",
    )


def _offer_results(kind: str, name: str, collect: Callable[[], list[NamedPrediction]]) -> None:
    """JSON or CSV of all X-rays, written only when it is asked for."""
    write, mime = {
        "json": (results_json, "application/json"),
        "csv": (results_csv, "text/csv"),
    }[kind]
    st.download_button(
        f"Results ({kind.upper()})",
        lambda: write(collect()),
        download_name(name, f"_results.{kind}"),
        mime,
        key=f"download_{kind}",
        on_click="ignore",
        icon=":material/download:",
    )


def _all_results(everything: list[Examined], settings: Settings) -> list[NamedPrediction]:
    return [(one.file.name, judged(one, settings)) for one in everything]
