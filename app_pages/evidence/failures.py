"""The worst cases of an evaluation: what became of them, their kinds, and pictures.

X-rays of FracAtlas are shown where a copy is on this machine, else our synthetic samples.
Keys: `show_failures` (switch), `read_kinds_<network>` (tables), `failures_<network>_<kind>`.
"""

from pathlib import Path

import streamlit as st

from app_pages.session import load_networks, show_problems
from app_pages.widgets import reading_table
from fracturelens.measured.evaluation import CASCADE
from fracturelens.measured.failure_cases import case_words, count_words, titles_of
from fracturelens.measured.failure_kinds import failure_rows, read_failures
from fracturelens.measured.failure_pictures import (
    Case,
    draw_case,
    fracatlas_case,
    paint_words,
    sample_case,
)
from fracturelens.networks.predictor import Predictor
from fracturelens.results import FracturePrediction, Verdict
from fracturelens.xray.read import UnreadableXrayError
from fracturelens.xray.samples import read_samples
from important_variables import GATE, SAMPLES, SAVED_MODELS, SEGMENTERS, TITLES, fracatlas_folder
from prediction import load_thresholds, predict_fracture

SHOWN = 12
WIDTH = 320
"""Pixels of a card: four stand side by side, one fills a telephone."""
PRECISION = "int8"
"""Of the networks that paint here: they need no TensorFlow."""
LEGEND = (
    '<ul class="fl-legend"><li><i class="fl-swatch fl-both"></i>annotated (outline)</li>'
    '<li><i class="fl-swatch fl-first"></i>painted by the encoder-decoder</li>'
    '<li><i class="fl-swatch fl-second"></i>painted by the U-Net</li></ul>'
)


def show_failures(subject: str, content: dict, models: Path) -> None:
    """Draws the worst cases.

    Args:
        subject: a network or "cascade".
        content: its evaluation.
        models: folder of the networks.
    """
    parts = content.get("networks") or {subject: content}
    worst = {name: part["worst"] for name, part in parts.items() if part.get("worst")}
    if not worst:
        return
    st.header("The worst cases")
    for name, cases in worst.items():
        _tell(name, cases, models, alone=subject != CASCADE)
    if not st.toggle("Show pictures", key="show_failures", persist_state="session"):
        return
    networks, problems = load_networks(PRECISION)
    if problems:
        show_problems(problems)
        return
    st.html(LEGEND)
    folder = fracatlas_folder()
    if (folder / "images").is_dir():
        _show_fracatlas(subject, worst, networks, folder)
    else:
        _show_samples(subject, networks)


def _tell(name: str, worst: dict, models: Path, alone: bool) -> None:
    """How many cases there are of each sort, and what a person saw in them."""
    for key, title in titles_of(name).items():
        if worst.get(key):
            st.markdown(f"**{title}, {TITLES.get(name, name)}.** {count_words(worst[key])}")
    found = read_failures(name, models) if alone else None
    if found:
        st.caption("What a person saw in them; a picture may be of several kinds.")
        reading_table(failure_rows(name, found), f"kinds_{name}")


def _show_fracatlas(subject: str, worst: dict, networks: dict, folder: Path) -> None:
    st.caption(
        "Read from FracAtlas on this machine; the pictures are not part of FractureLens. The "
        "words come from the evaluation, the paint from the INT8 networks, run just now."
    )
    for name, cases_of in worst.items():
        for key, title in titles_of(name).items():
            cases = cases_of.get(key, [])[:SHOWN]
            if cases:
                st.subheader(f"{TITLES.get(name, name)}: {title[0].lower()}{title[1:]}")
                with st.container(horizontal=True, gap="small", key=f"failures_{name}_{key}"):
                    for case in cases:
                        _fracatlas_card(subject, name, networks, folder, case)


def _fracatlas_card(subject: str, name: str, networks: dict, folder: Path, case: dict) -> None:
    image_id = case["image_id"]
    with st.container(border=True, width=WIDTH, gap="xsmall"):
        try:
            picture = _fracatlas_picture(
                _versions(networks), subject, name, folder, image_id, networks
            )
        except (FileNotFoundError, UnreadableXrayError) as error:
            st.caption(f"{image_id}: {error}")
            return
        st.image(picture, width="stretch", alt=f"X-ray {image_id}")
        st.caption(f"{image_id.removesuffix('.jpg')}: {case_words(case)}")


def _show_samples(subject: str, networks: dict[str, Predictor]) -> None:
    st.caption(
        "These are our synthetic samples, drawn by code, judged by the INT8 networks just now. To "
        "see the X-rays above, name a copy of FracAtlas with the environment variable FRACATLAS; "
        "to see how your own X-rays fare, open them on the dashboard."
    )
    with st.container(horizontal=True, gap="small", key="failures_samples"):
        for entry in read_samples(SAMPLES):
            with st.container(border=True, width=WIDTH, gap="xsmall"):
                picture, words = _sample_picture(_versions(networks), subject, entry, networks)
                st.image(picture, width="stretch", alt=f"Synthetic: {entry['description']}")
                st.caption(f"{entry['description']}. {words}")


@st.cache_data(max_entries=300, show_spinner="Running the networks on the worst cases…")
def _fracatlas_picture(
    versions: tuple, subject: str, name: str, folder: Path, image_id: str, _networks: dict
) -> bytes:
    case = fracatlas_case(folder, image_id)
    return draw_case(case, _judge(case, subject, (name,), _networks))


@st.cache_data(max_entries=50, show_spinner="Running the networks on the samples…")
def _sample_picture(
    versions: tuple, subject: str, entry: dict, _networks: dict
) -> tuple[bytes, str]:
    case = sample_case(SAMPLES, entry)
    names = SEGMENTERS if subject == CASCADE else (subject,)
    prediction = _judge(case, subject, names, _networks)
    parts = [] if subject in SEGMENTERS else [_verdict_words(case, prediction)]
    parts += [
        f"{TITLES[name]}: {paint_words(case, found)}"
        for name, found in prediction.segmentations.items()
        if prediction.painted
    ]
    return draw_case(case, prediction), ". ".join(parts) + "."


def _judge(case: Case, subject: str, names: tuple[str, ...], networks: dict) -> FracturePrediction:
    """The networks on one X-ray; a segmenter alone paints whatever the gate says."""
    return predict_fracture(
        case.image,
        gate=networks[GATE],
        segmenters={name: networks[name] for name in names if name != GATE},
        thresholds=load_thresholds(SAVED_MODELS, PRECISION),
        always_segment=subject != CASCADE,
    )


def _verdict_words(case: Case, prediction: FracturePrediction) -> str:
    right = bool(case.outlines) == (prediction.verdict is Verdict.FRACTURE)
    if prediction.verdict is Verdict.DOUBTFUL:
        judged = "left open"
    else:
        judged = "rightly" if right else "wrongly"
    return f"Called “{prediction.verdict}” at {prediction.gate_probability:.1%}, {judged}"


def _versions(networks: dict[str, Predictor]) -> tuple:
    """What a cached picture depends on: the files of the networks, and their thresholds."""
    files = sorted(str(sorted(one.card.files.items())) for one in networks.values())
    return (*files, str(load_thresholds(SAVED_MODELS, PRECISION)))
