"""From a file to its scores, each inference done once per session and remembered by digest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from app_pages.inputs import XrayFile
from app_pages.pictures import thumbnail
from app_pages.settings import Settings
from app_pages.shared import plain
from create_segmentation_model import Predictor
from important_variables import GATE, Thresholds
from prediction import (
    FracturePrediction,
    Scores,
    Verdict,
    judge_gate,
    judge_scores,
    score_xray,
)
from xray_image import UnreadableXrayError, decode_xray


@dataclass(frozen=True)
class Examined:
    """An X-ray with the raw outputs of the networks."""

    file: XrayFile
    scores: Scores
    thumbnail: bytes


@dataclass(frozen=True)
class Bench:
    """What the networks need to run: which, in what precision, judged by which points of theirs."""

    networks: Mapping[str, Predictor]
    precision: str
    points: Thresholds


def examine_all(files: list[XrayFile], bench: Bench) -> tuple[list[Examined], dict[str, str]]:
    """Runs the networks over all files, with progress where there are several.

    Returns:
        What could be read, in the order of the files, and a message for each other file's name.
    """
    examined, refused = [], {}
    for file in _with_progress(files):
        try:
            examined.append(examine(file, bench))
        except UnreadableXrayError as error:
            refused[file.name] = str(error)
    return examined, refused


def examine(file: XrayFile, bench: Bench, segment: bool = False) -> Examined:
    """Scores of one file; with `segment`, the segmenters run whatever the gate says.

    Raises:
        UnreadableXrayError: the file is no X-ray that can be read.
    """
    names = tuple(sorted(bench.networks))
    scores, small = _scores(file.digest, bench.precision, names, segment, file, bench)
    return Examined(file, scores, small)


def with_maps(
    examined: list[Examined], bench: Bench, points: Thresholds, always: bool
) -> list[Examined]:
    """The same X-rays, segmenters run where the verdict at `points` or the switch asks for it.

    The gate's own points decided at first; a slider that was moved may ask for more.
    """
    missing = {
        one.file.digest
        for one in examined
        if not one.scores.probabilities
        and (always or judge_gate(one.scores.gate, points) is not Verdict.NONE_SEEN)
    }
    files = _with_progress([one.file for one in examined if one.file.digest in missing])
    now = {file.digest: examine(file, bench, segment=True) for file in files}
    return [now.get(one.file.digest, one) for one in examined]


def judged(examined: Examined, settings: Settings) -> FracturePrediction:
    """The prediction at the settings, without inference.

    Maps that are at hand stay unused where the verdict does not ask for them.
    """
    prediction = judge_scores(examined.scores, settings.points)
    if settings.always_segment or prediction.verdict is not Verdict.NONE_SEEN:
        return prediction
    return replace(prediction, segmentations={})


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def pixels_of(digest: str, _data: bytes) -> np.ndarray:
    """The decoded X-ray, uint8 (H, W, 3), read only; the last few are kept."""
    return decode_xray(_data)


@st.cache_resource(scope="session", max_entries=1000, show_spinner=False)
def _scores(
    digest: str,
    precision: str,
    names: tuple[str, ...],
    segment: bool,
    _file: XrayFile,
    _bench: Bench,
) -> tuple[Scores, bytes]:
    image = pixels_of(digest, _file.data)
    networks = dict(_bench.networks)
    gate = networks.pop(GATE)
    scores = score_xray(
        image,
        gate=gate,
        segmenters=networks,
        thresholds=_bench.points,
        always_segment=segment,
    )
    return scores, thumbnail(image)


def _with_progress(files: list[XrayFile]) -> Iterator[XrayFile]:
    """The files one by one, with a bar on the page where there are several."""
    place = st.empty()
    for index, file in enumerate(files):
        if len(files) > 1:
            place.progress(index / len(files), f"{index + 1} of {len(files)}: {plain(file.name)}")
        yield file
    place.empty()
