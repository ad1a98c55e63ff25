"""Examines many picture files in a row and writes results, overlays and masks."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from tqdm import tqdm

from fracturelens.batch.folder import ResultsFolder
from fracturelens.batch.names import readable
from fracturelens.batch.opening import read_file
from fracturelens.export.png import notice_png
from fracturelens.export.records import REFUSED, Report
from fracturelens.findings.views import full_overlay
from fracturelens.results import Examination, FracturePrediction
from fracturelens.screening.words import Refusal
from fracturelens.xray.errors import UnreadableXrayError
from fracturelens.xray.pictures import Picture, read_pictures
from important_variables import DISCLAIMER
from prediction import Engine, examine_xray, shares_for

OPACITY = 0.5


@dataclass
class Outcome:
    """What became of all files, those without a verdict by name: that of a file, or within it.

    Attributes:
        unreadable: what went wrong, by name.
        refused: why it is not taken for an X-ray, by name.
        skipped: what holds no picture by its nature, such as an index, by name.
        unwritten: why nothing could be written of it, by name.
        predicted: how many got a verdict.
        stopped: whether somebody stopped the run before its end (Ctrl-C).
    """

    unreadable: dict[str, str] = field(default_factory=dict)
    refused: dict[str, Refusal] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    unwritten: dict[str, str] = field(default_factory=dict)
    predicted: int = 0
    stopped: bool = False


def predict_files(
    paths: Sequence[Path],
    engine: Engine,
    out: Path,
    *,
    always_segment: bool = False,
    accept_any: bool = False,
    resume: bool = False,
) -> Outcome:
    """Writes results.jsonl, results.csv, and an overlay and a mask for each network that ran.

    A doubtful X-ray gets overlays with dotted rings and no masks: its findings are hints. A
    picture that does not look like an X-ray gets none, and the verdict "refused".

    Both tables grow picture by picture, so that memory stays flat and a stopped run keeps what it
    has done. Results of an earlier run into the same folder are removed, or kept to go on.

    Args:
        paths: picture files.
        engine: of `prediction.load_engine`.
        out: folder of the results, made if it is missing.
        always_segment: run the segmenters and paint whatever the verdict.
        accept_any: judge refused pictures too; their records say why they would be.
        resume: keep what an earlier run has finished, and examine the rest.

    Returns:
        What became of them, those that an earlier run has finished counted too.

    Raises:
        ResultsFolderError: the folder cannot be written to, or holds other results.
    """
    outcome, options = Outcome(), {"always_segment": always_segment, "accept_any": accept_any}
    conditions = _conditions(engine) | options
    with ResultsFolder(out, conditions, partial(_note, outcome), resume) as folder:
        try:
            for picture in pictures_in(tqdm(paths, unit="file"), folder.finished):
                if picture.skipped:
                    outcome.skipped[readable(picture.name)] = picture.error
                else:
                    _add(folder, picture, engine, options, outcome)
        except KeyboardInterrupt:
            outcome.stopped = True
    return outcome


def _conditions(engine: Engine) -> dict[str, object]:
    """What decides the answers of a run; one that goes on must not mix them."""
    return {
        "notice": DISCLAIMER,
        "precision": engine.precision,
        "networks": {name: network.digest for name, network in engine.networks.items()},
        "screening": engine.screening.digest if engine.screening else None,
        "thresholds": asdict(engine.thresholds),
    }


def pictures_in(paths: Iterable[Path], finished: Counter[str] | None = None) -> Iterator[Picture]:
    """The X-rays of all files, at least one of each; what cannot be opened has an error.

    Those that an earlier run has finished are left out, and taken off `finished`.
    """
    finished = Counter() if finished is None else finished
    for path in paths:
        name = str(path)
        if _takes_off(finished, name):
            continue  # need not even be read
        try:
            pictures = read_pictures(read_file(path), name)
        except UnreadableXrayError as error:
            pictures = [Picture(name, error=str(error))]
        except MemoryError:
            pictures = [Picture(name, error="the file needs more memory than there is.")]
        for picture in pictures:
            if not _takes_off(finished, picture.name):
                yield picture


def _takes_off(finished: Counter[str], name: str) -> bool:
    """Whether an X-ray of this name is finished; each counts once."""
    found = finished[readable(name)] > 0
    finished[readable(name)] -= found
    return found


def _add(
    folder: ResultsFolder, picture: Picture, engine: Engine, options: dict, outcome: Outcome
) -> None:
    """Examines one picture and writes what came out; its arrays end with this call."""
    found = examine_xray(picture.data, engine, decode=lambda _: picture.decode(), **options)
    report = Report(readable(picture.name), found, shares_for(found, engine))
    try:
        folder.add(report, _drawn(found))
    except OSError as error:
        outcome.unwritten[report.name] = (
            f"its results cannot be written to {folder.path} ({error.strerror}); make room, then "
            "go on with --resume."
        )


def _note(outcome: Outcome, record: dict) -> None:
    """Counts a record that stands in the tables."""
    name = record["file"]
    if "error" in record:
        outcome.unreadable[name] = record["error"]
    elif record["verdict"] == REFUSED:
        outcome.refused[name] = Refusal(record["kind"], record["reason"], record["remedy"])
    else:
        outcome.predicted += 1


def _drawn(found: Examination) -> dict[str, Callable[[], bytes]]:
    """What makes each picture, one at a time, none kept: each of a large X-ray has 20 MB."""
    if found.radiograph is None or found.prediction is None:
        return {}
    pictures: dict[str, Callable[[], bytes]] = {}
    for name, segmentation in found.prediction.segmentations.items():
        pictures[f"{name}_overlay"] = partial(_overlay, found, found.prediction, name)
        if found.prediction.painted:
            pictures[f"{name}_mask"] = partial(notice_png, segmentation.mask)
    return pictures


def _overlay(found: Examination, prediction: FracturePrediction, name: str) -> bytes:
    if found.radiograph is None:
        raise ValueError("expected an examination with its radiograph")
    return notice_png(full_overlay(found.radiograph.pixels, prediction, name, OPACITY))
