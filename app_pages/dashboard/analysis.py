"""From a file to its scores, each inference done once per session and remembered by digest."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from app_pages.dashboard.settings import Settings
from app_pages.dashboard.uploads import XrayFile
from app_pages.widgets import plain
from fracturelens.findings.views import thumbnail
from fracturelens.networks.card import FILES
from fracturelens.networks.predictor import Predictor
from fracturelens.results import FracturePrediction, Scores, Verdict
from fracturelens.screening.check import REFERENCE_FILE, Refusal, check_file, load_reference
from fracturelens.xray.read import UnreadableXrayError, decode_xray
from important_variables import GATE, SAVED_MODELS, Thresholds
from prediction import judge_gate, judge_scores, score_xray


@dataclass(frozen=True)
class Examined:
    """An X-ray with the raw outputs of the networks.

    Attributes:
        file: the X-ray.
        scores: what the networks said of it.
        thumbnail: a small JPEG.
        key: what the scores depend on: digests of the file and of the networks, precision, the
            gate's calibration, and whether the segmenters had to run. Whatever is drawn of the
            scores is cached by it.
        refusal: why the picture was refused before the user had it judged all the same.
    """

    file: XrayFile
    scores: Scores
    thumbnail: bytes
    key: tuple
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Bench:
    """What the networks need to run: which, in what precision, judged by which points of theirs."""

    networks: Mapping[str, Predictor]
    precision: str
    points: Thresholds


@dataclass(frozen=True)
class Outcome:
    """What became of the files.

    Attributes:
        examined: X-rays with scores, in the order of the files.
        unreadable: for each file that could not be read, its name and why.
        doubted: files that do not look like an X-ray that the networks know, and why.
    """

    examined: list[Examined]
    unreadable: list[tuple[str, str]]
    doubted: list[tuple[XrayFile, Refusal]]


def examine_all(files: list[XrayFile], bench: Bench, accepted: Collection[str]) -> Outcome:
    """Runs the networks over all files, with progress where there are several.

    Args:
        files: what the user brought.
        bench: the networks.
        accepted: digests of files that the user wants judged whatever they look like.
    """
    outcome = Outcome([], [], [])
    for file in _with_progress(files):
        try:
            doubt = None if file.synthetic else _doubt(file.digest, _reference_time(), file)
            if doubt is None or file.digest in accepted:
                outcome.examined.append(replace(examine(file, bench), refusal=doubt))
            else:
                outcome.doubted.append((file, doubt))
        except UnreadableXrayError as error:
            outcome.unreadable.append((file.name, str(error)))
    return outcome


def examine(file: XrayFile, bench: Bench, segment: bool = False) -> Examined:
    """Scores of one file; with `segment`, the segmenters run whatever the gate says.

    Raises:
        UnreadableXrayError: the file is no X-ray that can be read.
    """
    versions = tuple(
        (name, network.card.files.get(FILES[bench.precision], ""))
        for name, network in sorted(bench.networks.items())
    )
    calibration = bench.points.slope, bench.points.intercept
    key = (file.digest, bench.precision, versions, calibration, segment)
    scores, small = _scores(key, file, bench, segment)
    return Examined(file, scores, small, key)


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
    return [replace(now.get(one.file.digest, one), refusal=one.refusal) for one in examined]


def judged(examined: Examined, settings: Settings) -> FracturePrediction:
    """The prediction at the settings, without inference.

    Maps that are at hand stay unused where the verdict does not ask for them.
    """
    prediction = judge_scores(examined.scores, settings.points, settings.always_segment)
    if settings.always_segment or prediction.verdict is not Verdict.NONE_SEEN:
        return prediction
    return replace(prediction, segmentations={})


def judged_once(examined: Examined, settings: Settings) -> FracturePrediction:
    """As `judged`, remembered: opacity, zoom and the like need not judge again."""
    return _judged(examined.key, settings.points, settings.always_segment, examined, settings)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _judged(
    key: tuple, points: Thresholds, always: bool, _examined: Examined, _settings: Settings
) -> FracturePrediction:
    return judged(_examined, _settings)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def pixels_of(digest: str, _data: bytes) -> np.ndarray:
    """The decoded X-ray, uint8 (H, W, 3), read only; the last few are kept."""
    return decode_xray(_data)


@st.cache_data(scope="session", max_entries=1000, show_spinner=False)
def _doubt(digest: str, reference_time: float, _file: XrayFile) -> Refusal | None:
    return check_file(_file.data, pixels_of(digest, _file.data), load_reference(SAVED_MODELS))


def _reference_time() -> float:
    """When the reference of `check_file` was fitted; 0 where it was not."""
    path = SAVED_MODELS / REFERENCE_FILE
    return path.stat().st_mtime if path.is_file() else 0.0


@st.cache_resource(scope="session", max_entries=1000, show_spinner=False)
def _scores(key: tuple, _file: XrayFile, _bench: Bench, _segment: bool) -> tuple[Scores, bytes]:
    image = pixels_of(_file.digest, _file.data)
    networks = dict(_bench.networks)
    gate = networks.pop(GATE)
    scores = score_xray(
        image,
        gate=gate,
        segmenters=networks,
        thresholds=_bench.points,
        always_segment=_segment,
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
