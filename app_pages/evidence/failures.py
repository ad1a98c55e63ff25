"""The worst cases of an evaluation: what became of them, their kinds, and pictures.

X-rays of FracAtlas are shown where a copy is on this machine, else our synthetic samples.
Keys: `show_failures` (switch), `read_kinds_<network>` (tables), `failures_<network>_<kind>`,
`failures_samples`.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import streamlit as st

from app_pages.session import load_engine, show_problems
from app_pages.widgets import legend, reading_table
from fracturelens.measured.failure_cases import case_words, count_words, titles_of
from fracturelens.measured.failure_kinds import failure_rows, read_failures
from fracturelens.measured.failure_pictures import (
    Case,
    draw_case,
    fracatlas_case,
    paint_words,
    sample_case,
)
from fracturelens.measured.layout import Evaluation, Worst, WorstCase
from fracturelens.measured.words import VERDICTS
from fracturelens.results import FracturePrediction, Verdict
from fracturelens.xray.read import UnreadableXrayError
from fracturelens.xray.samples import read_samples
from important_variables import (
    CASCADE,
    GATE,
    NETWORKS,
    SAMPLES,
    SEVERAL_MARK,
    fracatlas_folder,
    segmenters,
    title_of,
)
from prediction import Engine, predict_fracture, thresholds_of

SHOWN = 12
WIDTH = 320
"""Pixels of a card: four stand side by side, one fills a phone."""
PRECISION = "int8"
"""Of the networks that paint here: they need no TensorFlow."""


def show_failures(evaluation: Evaluation, models: Path) -> None:
    """Draws the worst cases.

    Args:
        evaluation: of a network or the cascade.
        models: folder of the networks.
    """
    worst = {
        name: part.worst
        for name, part in evaluation.parts.items()
        if name in NETWORKS and part.worst != Worst()
    }
    if not worst:
        st.info("No worst cases were kept here.", icon=":material/query_stats:")
        return
    for name, cases in worst.items():
        _tell(name, cases, models, alone=evaluation.name != CASCADE)
    if st.toggle("Show pictures", key="show_failures", persist_state="session"):
        _show_pictures(evaluation.name, worst)


def _tell(name: str, worst: Worst, models: Path, alone: bool) -> None:
    """How many cases there are of each sort, and what a person saw in them."""
    for key, title in titles_of(name).items():
        if cases := getattr(worst, key):
            st.markdown(f"**{title}, {title_of(name)}.** {count_words(cases)}")
    found = read_failures(name, models) if alone else None
    if found:
        st.caption("What a person saw in them; a picture may be of several kinds.")
        reading_table(failure_rows(name, found), f"kinds_{name}")


def _show_pictures(subject: str, worst: dict[str, Worst]) -> None:
    """Pictures of the worst cases where FracAtlas is at hand, else samples."""
    engine, problems = load_engine(PRECISION)
    missing = {name: text for name, text in problems.items() if name in (GATE, *worst)}
    if missing or engine is None:
        show_problems(missing)
        return
    painters = [name for name in worst if name in segmenters()]
    colors = [(NETWORKS[name].mark, f"painted by {title_of(name)}") for name in painters]
    st.html(legend([(SEVERAL_MARK, "annotated (outline)"), *colors]))
    folder = fracatlas_folder()
    if (folder / "images").is_dir():
        _show_fracatlas(subject, worst, engine, folder)
    else:
        _show_samples(subject, _restricted(engine, subject, worst))


def _show_fracatlas(subject: str, worst: dict[str, Worst], engine: Engine, folder: Path) -> None:
    st.caption(
        "Read from FracAtlas on this machine; the pictures are not part of FractureLens. The "
        "words come from the evaluation, the paint from the INT8 networks, run just now."
    )
    for name, cases_of in worst.items():
        restricted = _restricted(engine, subject, [name])
        for key, title in titles_of(name).items():
            cases = getattr(cases_of, key)[:SHOWN]
            if cases:
                st.subheader(f"{title_of(name)}: {title[0].lower()}{title[1:]}")
                with st.container(horizontal=True, gap="small", key=f"failures_{name}_{key}"):
                    for case in cases:
                        _fracatlas_card(subject, restricted, folder, case)


def _fracatlas_card(subject: str, engine: Engine, folder: Path, case: WorstCase) -> None:
    with st.container(border=True, width=WIDTH, gap="xsmall"):
        try:
            picture = _fracatlas_picture(_versions(engine), subject, folder, case.image_id, engine)
        except (FileNotFoundError, UnreadableXrayError) as error:
            st.caption(f"{case.image_id}: {error}")
            return
        st.image(picture, width="stretch", alt=f"X-ray {case.image_id}")
        st.caption(f"{case.image_id.removesuffix('.jpg')}: {case_words(case)}")


def _show_samples(subject: str, engine: Engine) -> None:
    st.caption(
        "These are our synthetic samples, drawn by code, judged by the INT8 networks just now. To "
        "see the X-rays above, name a copy of FracAtlas with the environment variable FRACATLAS; "
        "to see how your own X-rays fare, open them on the dashboard."
    )
    with st.container(horizontal=True, gap="small", key="failures_samples"):
        for entry in read_samples(SAMPLES):
            with st.container(border=True, width=WIDTH, gap="xsmall"):
                picture, words = _sample_picture(_versions(engine), subject, entry, engine)
                st.image(picture, width="stretch", alt=f"Synthetic: {entry['description']}")
                st.caption(f"{entry['description']}. {words}")


@st.cache_data(max_entries=300, show_spinner="Running the networks on the worst cases…")
def _fracatlas_picture(
    versions: tuple, subject: str, folder: Path, image_id: str, _engine: Engine
) -> bytes:
    case = fracatlas_case(folder, image_id)
    return draw_case(case, _judge(case, subject, _engine))


@st.cache_data(max_entries=50, show_spinner="Running the networks on the samples…")
def _sample_picture(
    versions: tuple, subject: str, entry: dict, _engine: Engine
) -> tuple[bytes, str]:
    case = sample_case(SAMPLES, entry)
    prediction = _judge(case, subject, _engine)
    parts = [] if subject in segmenters() else [_verdict_words(case, prediction)]
    parts += [
        f"{title_of(name)}: {paint_words(case, found)}"
        for name, found in prediction.segmentations.items()
        if prediction.painted
    ]
    return draw_case(case, prediction), ". ".join(parts) + "."


def _restricted(engine: Engine, subject: str, names: Iterable[str]) -> Engine:
    """The gate and these networks alone, at the thresholds that the evaluation used."""
    networks = {name: engine.networks[name] for name in dict.fromkeys((GATE, *names))}
    if subject == CASCADE:
        return replace(engine, networks=networks)
    cards = {name: network.card for name, network in networks.items()}
    return replace(engine, networks=networks, thresholds=thresholds_of(cards, engine.precision))


def _judge(case: Case, subject: str, engine: Engine) -> FracturePrediction:
    """The networks on one X-ray; a segmenter alone paints whatever the gate says."""
    return predict_fracture(case.pixels, engine, always_segment=subject != CASCADE)


def _verdict_words(case: Case, prediction: FracturePrediction) -> str:
    verdict = prediction.verdict
    right = bool(case.outlines) == (verdict is Verdict.FRACTURE)
    if verdict is Verdict.DOUBTFUL:
        judged = "left open"
    else:
        judged = "rightly" if right else "wrongly"
    return f"Called “{VERDICTS[verdict].lower()}” at {prediction.gate_probability:.1%}, {judged}"


def _versions(engine: Engine) -> tuple[str, ...]:
    """What a cached picture depends on: files of the networks, how they are asked, thresholds."""
    asked = (f"{one.digest} {one.inference}" for one in engine.networks.values())
    return (*asked, str(engine.thresholds))
