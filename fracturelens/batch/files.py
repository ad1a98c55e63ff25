"""Examines many picture files in a row and writes results, overlays and masks."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from tqdm import tqdm

from fracturelens.batch.earlier import STUDIES
from fracturelens.batch.folder import ResultsFolder
from fracturelens.batch.names import readable
from fracturelens.batch.opening import read_file
from fracturelens.export.png import notice_png
from fracturelens.export.records import REFUSED, Report
from fracturelens.findings.views import full_overlay
from fracturelens.results import Examination, FracturePrediction
from fracturelens.screening.words import Refusal
from fracturelens.studies import Studies, StudyKey, study_key
from fracturelens.xray.errors import UnreadableXrayError
from fracturelens.xray.pictures import Picture, read_pictures
from fracturelens.xray.radiograph import DicomSource
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
    study_folders: bool = False,
) -> Outcome:
    """Writes results.jsonl, results.csv, and an overlay and a mask for each network that ran.

    A doubtful X-ray gets overlays with dotted rings and no masks: its findings are hints. A
    picture that does not look like an X-ray gets none, and the verdict "refused".

    Both tables grow picture by picture, so that memory stays flat and a stopped run keeps what it
    has done. Results of an earlier run into the same folder are removed, or kept to go on. At the
    end studies.jsonl tells the verdict of each study.

    Args:
        paths: picture files.
        engine: of `prediction.load_engine`.
        out: folder of the results, made if it is missing.
        always_segment: run the segmenters and paint whatever the verdict.
        accept_any: judge refused pictures too; their records say why they would be.
        resume: keep what an earlier run has finished, and examine the rest.
        study_folders: X-rays in one folder or archive are one study, where no DICOM header names
            theirs.

    Returns:
        What became of them, those that an earlier run has finished counted too.

    Raises:
        ResultsFolderError: the folder cannot be written to, or holds other results.
    """
    outcome, studies = Outcome(), Studies()
    options = {"always_segment": always_segment, "accept_any": accept_any}
    conditions = _conditions(engine) | options | {"study_folders": study_folders}

    def note(record: dict) -> None:
        _note(outcome, record)
        studies.add(record)

    with ResultsFolder(out, conditions, note, resume) as folder:
        try:
            for picture in pictures_in(tqdm(paths, unit="file"), folder.finished):
                if picture.skipped:
                    outcome.skipped[readable(picture.name)] = picture.error
                else:
                    report, pictures = _examined(picture, engine, options)
                    study = study_key(_source(report), report.name, study_folders)
                    _add(folder, report, pictures, study, outcome)
                    del report, pictures  # their arrays end before the next file is decoded
        except KeyboardInterrupt:
            outcome.stopped = True
        _write_studies(folder, studies, outcome)
    return outcome


def _conditions(engine: Engine) -> dict[str, object]:
    """What decides the answers of a run; one that goes on must not mix them."""
    return {
        "notice": DISCLAIMER,
        "precision": engine.precision,
        "networks": {name: network.digest for name, network in engine.networks.items()},
        "screening": engine.screening.digest if engine.screening else None,
        "thresholds": asdict(engine.thresholds),
        "site": str(engine.site) if engine.site else None,
    }


def pictures_in(paths: Iterable[Path], finished: Counter[str] | None = None) -> Iterator[Picture]:
    """The X-rays of all files, at least one of each; what cannot be opened has an error.

    Args:
        paths: of the files.
        finished: how often each X-ray's name is done already; those are left out and taken off.
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


def _examined(
    picture: Picture, engine: Engine, options: dict[str, bool]
) -> tuple[Report, dict[str, Callable[[], bytes]]]:
    """What becomes of one picture, and what draws it."""
    found = examine_xray(picture.data, engine, decode=lambda _: picture.decode(), **options)
    return Report(readable(picture.name), found, shares_for(found, engine)), _drawn(found)


def _source(report: Report) -> DicomSource | None:
    radiograph = report.examination.radiograph
    return radiograph.source if radiograph else None


def _add(
    folder: ResultsFolder,
    report: Report,
    pictures: dict[str, Callable[[], bytes]],
    study: StudyKey | None,
    outcome: Outcome,
) -> None:
    """Writes what came out of one picture; where the disk takes no more, says so."""
    try:
        folder.add(report, pictures, study)
    except OSError as error:
        outcome.unwritten[report.name] = _full(folder, error)


def _write_studies(folder: ResultsFolder, studies: Studies, outcome: Outcome) -> None:
    try:
        folder.write_studies(studies.all())
    except OSError as error:
        outcome.unwritten[STUDIES] = _full(folder, error)


def _full(folder: ResultsFolder, error: OSError) -> str:
    return (
        f"its results cannot be written to {folder.path} ({error.strerror}); make room, then go on "
        "with --resume."
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
