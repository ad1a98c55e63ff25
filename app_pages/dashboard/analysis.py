"""From a file to its examination, each step done once per session and remembered by digest."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import current_thread

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from app_pages.dashboard.films import XrayFile
from app_pages.dashboard.settings import Settings
from app_pages.session import versions_of
from app_pages.widgets import plain
from fracturelens.batch.ahead import films_at_once, work_ahead
from fracturelens.findings.views import thumbnail
from fracturelens.results import Examination, FracturePrediction, Thresholds, Verdict
from fracturelens.xray.radiograph import DicomSource, Radiograph, negative_of
from important_variables import GATE
from prediction import Engine, examine_xray, judge_gate, judge_scores, segment_scores


@dataclass(frozen=True, eq=False)
class Examined:
    """A file and what became of it.

    Attributes:
        file: of the user.
        examination: of it, without the pixels.
        thumbnail: a small JPEG; b"" where the file could not be read.
        key: what the scores depend on: digest of the file, precision, and file and way of asking
            of each network. Whatever is drawn of the scores is cached by it.
        accepted: whether the user wants it analyzed whatever it looks like.
        source: what its DICOM header says; None for other files.
    """

    file: XrayFile
    examination: Examination
    thumbnail: bytes
    key: tuple
    accepted: bool = False
    source: DicomSource | None = None


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of all files, each list in the order of the files.

    Attributes:
        judged: X-rays with scores.
        refused: files that do not look like an X-ray that the networks know.
        unreadable: files that could not be read.
    """

    judged: list[Examined]
    refused: list[Examined]
    unreadable: list[Examined]


def examine_all(files: list[XrayFile], engine: Engine, accepted: Collection[str]) -> Outcome:
    """What the gate says of all files, with progress where there are several.

    The segmenters wait until it is known which X-ray is shown: theirs is most of the work.

    Args:
        files: what the user brought.
        engine: the networks.
        accepted: digests of files that the user wants judged whatever they look like.
    """
    outcome = Outcome([], [], [])
    for one in _each(partial(_accepting, engine, accepted), files, "Judging"):
        if one.examination.error:
            outcome.unreadable.append(one)
        elif one.examination.scores is None:
            outcome.refused.append(one)
        else:
            outcome.judged.append(one)
    return outcome


def examine(file: XrayFile, engine: Engine, accept_any: bool = False) -> Examined:
    """What the gate says of one file; our own samples are no films, and are not screened."""
    key = (file.digest, engine.precision, accept_any, *versions_of(engine))
    alone = replace(engine, networks={GATE: engine.networks[GATE]})
    found, small, source = _examination(key, file, alone, accept_any or file.synthetic)
    found = replace(found, refusal=None) if file.synthetic else found
    return Examined(file, found, small, key, accept_any, source)


def segmented(examined: Examined, engine: Engine) -> Examined:
    """The same X-ray after the segmenters have run, whatever the gate said."""
    scores = examined.examination.scores
    if scores.probabilities:
        return examined
    deeper = _segmented_scores(examined.key, examined, engine)
    return replace(examined, examination=replace(examined.examination, scores=deeper))


def with_maps(examined: list[Examined], engine: Engine, settings: Settings) -> list[Examined]:
    """The same X-rays, segmenters run where the user's thresholds or the switch ask for it."""
    missing = {
        one.file.number: one
        for one in examined
        if not one.examination.scores.probabilities and _asks_for_maps(one, settings)
    }
    files = [one.file for one in missing.values()]
    marked = _each(lambda file: segmented(missing[file.number], engine), files, "Marking")
    now = {one.file.number: one for one in marked}
    return [now.get(one.file.number, one) for one in examined]


def judged_without_marks(examined: Examined, settings: Settings) -> Examination:
    """The examination with its verdict at the settings and no marks, which it need not wait for."""
    probability, thresholds = examined.examination.scores.gate, settings.thresholds
    verdict = judge_gate(probability, thresholds)
    prediction = FracturePrediction(probability, verdict, thresholds, {}, painted=False)
    return replace(examined.examination, prediction=prediction)


def judged(examined: Examined, settings: Settings) -> Examination:
    """The examination with the prediction at the settings, without inference."""
    prediction = judge_scores(
        examined.examination.scores, settings.thresholds, settings.always_segment
    )
    return replace(examined.examination, prediction=prediction)


def judged_once(examined: Examined, settings: Settings) -> Examination:
    """As `judged`, remembered: opacity, zoom and the like need not judge again."""
    thresholds, always = settings.thresholds, settings.always_segment
    maps = tuple(examined.examination.scores.probabilities)
    prediction = _judged(examined.key, maps, thresholds, always, examined, settings)
    return replace(examined.examination, prediction=prediction)


def radiograph_of(examined: Examined) -> Radiograph:
    """The X-ray as it was examined, inverted where it was a negative; the last few are kept."""
    return as_examined(_decoded(examined.file.digest, examined.file), examined)


def as_examined(radiograph: Radiograph, examined: Examined) -> Radiograph:
    """What was read from the file, inverted where the examination took it for a negative."""
    inverted = any(caution.key == "inverted" for caution in examined.examination.cautions)
    return negative_of(radiograph) if inverted else radiograph


def _accepting(engine: Engine, accepted: Collection[str], file: XrayFile) -> Examined:
    return examine(file, engine, accept_any=file.digest in accepted)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _decoded(digest: str, _file: XrayFile) -> Radiograph:
    return _file.decode()


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _judged(
    key: tuple,
    maps: tuple[str, ...],
    thresholds: Thresholds,
    always: bool,
    _examined: Examined,
    _settings: Settings,
) -> FracturePrediction:
    return judged(_examined, _settings).prediction


@st.cache_resource(scope="session", max_entries=1000, show_spinner=False)
def _examination(
    key: tuple, _file: XrayFile, _engine: Engine, _accept_any: bool
) -> tuple[Examination, bytes, DicomSource | None]:
    found = examine_xray(
        _file.picture.data,
        _engine,
        accept_any=_accept_any,
        decode=lambda _: _decoded(_file.digest, _file),
    )
    read = found.radiograph
    small, source = (thumbnail(read.pixels), read.source) if read else (b"", None)
    return replace(found, radiograph=None), small, source


@st.cache_resource(scope="session", max_entries=1000, show_spinner=False)
def _segmented_scores(key: tuple, _examined: Examined, _engine: Engine):
    pixels = radiograph_of(_examined).network_pixels
    return segment_scores(_examined.examination.scores, pixels, _engine)


def _asks_for_maps(examined: Examined, settings: Settings) -> bool:
    verdict = judge_gate(examined.examination.scores.gate, settings.thresholds)
    return settings.always_segment or verdict is not Verdict.NO_FRACTURE


def _each(
    work: Callable[[XrayFile], Examined], files: Sequence[XrayFile], doing: str
) -> Iterator[Examined]:
    """What `work` makes of each file, in order; with a bar on the page where there are several.

    While networks run on one X-ray, the next is decoded.
    """
    if len(files) < 2:
        yield from map(work, files)
        return
    place, context = st.empty(), get_script_run_ctx()

    def in_this_session(file: XrayFile) -> Examined:
        add_script_run_ctx(current_thread(), context)  # what is remembered is the session's
        return work(file)

    def tell(done: int) -> None:
        text = f"{doing} {done + 1} of {len(files)}: {plain(files[done].name)}"
        place.progress(done / len(files), text)

    tell(0)
    several = films_at_once()
    for done, (_, one) in enumerate(work_ahead(in_this_session, files, several, several), 1):
        if done < len(files):
            tell(done)
        yield one
    place.empty()
