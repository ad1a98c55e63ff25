"""Examines many picture files in a row and writes results, overlays, masks and reports."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from fracturelens.batch.ahead import films_at_once, work_ahead
from fracturelens.batch.earlier import PARQUET, STUDIES, SUMMARY
from fracturelens.batch.folder import ResultsFolder
from fracturelens.batch.names import readable
from fracturelens.batch.opening import read_file
from fracturelens.export.pdf import report_pdf
from fracturelens.export.pdf_summary import SummaryRow, row_of_record, summary_pdf
from fracturelens.export.png import notice_png
from fracturelens.export.provenance import Provenance
from fracturelens.export.records import REFUSED, Report
from fracturelens.export.text import pdf_fonts
from fracturelens.findings.views import full_overlay
from fracturelens.reporting import Reporter, reporter_of
from fracturelens.results import FracturePrediction
from fracturelens.screening.words import Refusal
from fracturelens.studies import Studies, study_key
from fracturelens.xray.errors import UnreadableXrayError
from fracturelens.xray.pictures import Picture, read_pictures
from fracturelens.xray.radiograph import DicomSource
from important_variables import DISCLAIMER, SAVED_MODELS
from prediction import Engine, examine_xray

OPACITY = 0.5
Reader = Callable[[Path | str], bytes]
"""Gives the bytes of a file by its name, or raises `UnreadableXrayError`."""


class Options(TypedDict):
    """The arguments of `predict_files` that decide what stands in its results."""

    always_segment: bool
    accept_any: bool
    study_folders: bool
    pdf: bool
    parquet: bool


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

    def note(self, record: Mapping[str, Any]) -> None:
        """Counts a record that stands in the tables."""
        name = record["file"]
        if "error" in record:
            self.unreadable[name] = record["error"]
        elif record["verdict"] == REFUSED:
            self.refused[name] = Refusal(record["kind"], record["reason"], record["remedy"])
        else:
            self.predicted += 1


def predict_files(
    paths: Iterable[Path | str],
    engine: Engine,
    out: Path,
    *,
    always_segment: bool = False,
    accept_any: bool = False,
    resume: bool = False,
    study_folders: bool = False,
    pdf: bool = False,
    parquet: bool = False,
    models: Path = SAVED_MODELS,
    made: Provenance | None = None,
    read: Reader = read_file,
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
        pdf: write a report for each X-ray too, and summary.pdf over all of them.
        parquet: write results.parquet too, at the end.
        models: folder of the engine's networks, for what was measured of them.
        made: what the records tell of the run; of this call where None.
        read: gives the bytes of a path.

    Returns:
        What became of them, those that an earlier run has finished counted too.

    Raises:
        ResultsFolderError: the folder cannot be written to, or holds other results.
    """
    outcome, studies, lines = Outcome(), Studies(), list[SummaryRow]()
    options = {"always_segment": always_segment, "accept_any": accept_any}
    files = {"study_folders": study_folders, "pdf": pdf, "parquet": parquet}
    conditions = conditions_of(engine, options | files)
    reporter = reporter_of(engine, models, made)
    _check_installed(pdf, parquet)

    def note(record: dict) -> None:
        outcome.note(record)
        studies.add(record)
        lines.extend([row_of_record(record)] if pdf else [])

    with ResultsFolder(out, conditions, note, resume) as folder:
        try:
            pictures = pictures_in(paths, folder.finished, read)
            examined = partial(_examined, reporter=reporter, options=options)
            for picture, report in work_ahead(examined, pictures, films_at_once(), workers=1):
                _keep(picture, report, folder, outcome, study_folders, pdf)
                del report  # its arrays: one more X-ray is being examined
        except KeyboardInterrupt:
            outcome.stopped = True
        summary = summary_pdf(lines, reporter.made, studies.all()) if pdf else b""
        _write_wholes(folder, studies, summary, parquet, outcome)
    return outcome


def conditions_of(engine: Engine, options: Mapping[str, object]) -> dict[str, object]:
    """What decides the answers of a run, ready for JSON; one that goes on must not mix them."""
    return {
        "notice": DISCLAIMER,
        "precision": engine.precision,
        "networks": {name: network.digest for name, network in engine.networks.items()},
        "screening": engine.screening.digest if engine.screening else None,
        "runtimes": {name: network.runtime for name, network in engine.networks.items()},
        "thresholds": asdict(engine.thresholds),
        "site": str(engine.site) if engine.site else None,
        **options,
    }


def pictures_in(
    paths: Iterable[Path | str],
    finished: Counter[str] | None = None,
    read: Reader = read_file,
) -> Iterator[Picture]:
    """The X-rays of all files, at least one of each; what cannot be opened has an error.

    Args:
        paths: of the files.
        finished: how often each X-ray's name is done already; those are left out and taken off.
        read: gives the bytes of a path.
    """
    finished = Counter() if finished is None else finished
    for path in paths:
        name = str(path)
        if _takes_off(finished, name):
            continue  # need not even be read
        try:
            pictures = read_pictures(read(path), name)
        except UnreadableXrayError as error:
            pictures = [Picture(name, error=str(error))]
        except MemoryError:
            pictures = [Picture(name, error="the file needs more memory than there is.")]
        for picture in pictures:
            if not _takes_off(finished, picture.name):
                yield picture


def _check_installed(pdf: bool, parquet: bool) -> None:
    """Tells at the start, not at the end, which package is missing."""
    if pdf:
        pdf_fonts()
    if parquet:
        import_module("pyarrow.parquet")


def _takes_off(finished: Counter[str], name: str) -> bool:
    """Whether an X-ray of this name is finished; each counts once."""
    found = finished[readable(name)] > 0
    finished[readable(name)] -= found
    return found


def _keep(
    picture: Picture,
    report: Report | None,
    folder: ResultsFolder,
    outcome: Outcome,
    study_folders: bool,
    pdf: bool,
) -> None:
    """Writes what came out of one picture; its arrays end with this call."""
    if report is None:
        outcome.skipped[readable(picture.name)] = picture.error
        return
    study = study_key(_source(report), report.name, study_folders)
    _write(report.name, partial(folder.add, report, _drawn(report, pdf), study), folder, outcome)


def _examined(picture: Picture, reporter: Reporter, options: dict[str, bool]) -> Report | None:
    """What becomes of one picture; None of what holds none by its nature."""
    if picture.skipped:
        return None
    found = examine_xray(
        picture.data, reporter.engine, decode=lambda _: picture.decode(), **options
    )
    radiograph = found.radiograph
    read = (lambda: radiograph.pixels) if radiograph is not None else None
    return reporter.report(readable(picture.name), picture.digest, found, read)


def _write_wholes(
    folder: ResultsFolder, studies: Studies, summary: bytes, parquet: bool, outcome: Outcome
) -> None:
    """Writes what tells of all X-rays together."""
    _write(STUDIES, partial(folder.write_studies, studies.all()), folder, outcome)
    if parquet:
        _write(PARQUET, folder.write_parquet, folder, outcome)
    if summary:
        _write(SUMMARY, partial(folder.write_summary, summary), folder, outcome)


def _source(report: Report) -> DicomSource | None:
    radiograph = report.examination.radiograph
    return radiograph.source if radiograph else None


def _write(name: str, write: Callable[[], None], folder: ResultsFolder, outcome: Outcome) -> None:
    """Writes what goes by this name; where the disk takes no more, says so."""
    try:
        write()
    except OSError as error:
        outcome.unwritten[name] = (
            f"its results cannot be written to {folder.path} ({error.strerror}); make room, then "
            "go on with --resume."
        )


def _drawn(report: Report, pdf: bool) -> dict[str, Callable[[], bytes]]:
    """What makes each file, one at a time, none kept: each picture of a large X-ray has 20 MB."""
    found, read = report.examination.prediction, report.read
    if found is None or read is None:
        return {}
    files: dict[str, Callable[[], bytes]] = {}
    for name, segmentation in found.segmentations.items():
        files[f"{name}_overlay.png"] = partial(_overlay, read, found, name)
        if found.painted:
            files[f"{name}_mask.png"] = partial(notice_png, segmentation.mask)
    return files | ({"report.pdf": partial(report_pdf, report, OPACITY)} if pdf else {})


def _overlay(read: Callable[[], np.ndarray], found: FracturePrediction, name: str) -> bytes:
    return notice_png(full_overlay(read(), found, name, OPACITY))
