"""Examines many picture files in a row and writes results, overlays and masks."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from glob import has_magic
from pathlib import Path
from typing import BinaryIO

import numpy as np
from tqdm import tqdm

from fracturelens.export.csv import results_csv
from fracturelens.export.png import notice_png
from fracturelens.export.records import Report, download_name, report_record
from fracturelens.findings.views import full_overlay
from fracturelens.results import Examination
from fracturelens.screening.words import Refusal
from fracturelens.xray.pictures import Picture, read_pictures
from prediction import Engine, examine_xray, shares_for

OPACITY = 0.5


@dataclass
class Outcome:
    """What became of all files, those without a verdict by name: that of a file, or within it.

    Attributes:
        unreadable: what went wrong, by name.
        refused: why it is not taken for an X-ray, by name.
        skipped: what holds no picture by its nature, such as an index, by name.
        predicted: how many got a verdict.
    """

    unreadable: dict[str, str] = field(default_factory=dict)
    refused: dict[str, Refusal] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    predicted: int = 0


def predict_files(
    paths: Sequence[Path],
    engine: Engine,
    out: Path,
    *,
    always_segment: bool = False,
    accept_any: bool = False,
) -> Outcome:
    """Writes results.jsonl, results.csv, and an overlay and a mask for each network that ran.

    A doubtful X-ray gets overlays with dotted rings and no masks: its findings are hints. A
    picture that does not look like an X-ray gets none, and the verdict "refused".

    Both tables grow picture by picture, so that memory stays flat and a stopped run keeps what it
    has done.

    Args:
        paths: picture files.
        engine: of `prediction.load_engine`.
        out: folder of the results, made if it is missing.
        always_segment: run the segmenters and paint whatever the verdict.
        accept_any: judge refused pictures too; their records say why they would be.

    Returns:
        What became of them.
    """
    out.mkdir(parents=True, exist_ok=True)
    outcome, stems = Outcome(), Counter[str]()
    with (out / "results.jsonl").open("w", encoding="utf-8") as lines, \
            (out / "results.csv").open("wb") as table:  # fmt: skip
        for picture in pictures_in(tqdm(paths, unit="file")):
            if picture.skipped:
                outcome.skipped[picture.name] = picture.error
                continue
            found = _examine(picture, engine, always_segment, accept_any)
            _write_pictures(found, out / _stem(picture, stems))
            report = Report(picture.name, found, shares_for(found, engine))
            _note(report, outcome)
            _append_rows(table, report)
            lines.write(json.dumps(report_record(report), ensure_ascii=False) + "\n")
            lines.flush()
            del found, report  # their arrays end here, before the next file is decoded
    return outcome


def pictures_in(paths: Iterable[Path]) -> Iterator[Picture]:
    """The X-rays of all files, at least one of each; what cannot be opened has an error."""
    for path in paths:
        try:
            yield from read_pictures(path.read_bytes(), str(path))
        except FileNotFoundError:
            missing = (
                "no file matches this pattern" if has_magic(str(path)) else "there is no such file"
            )
            yield Picture(str(path), error=f"{missing}; check its spelling and the folder.")
        except OSError as error:
            words = f"the file cannot be opened ({error.strerror}); check its access rights."
            yield Picture(str(path), error=words)


def _examine(
    picture: Picture, engine: Engine, always_segment: bool, accept_any: bool
) -> Examination:
    return examine_xray(
        picture.data,
        engine,
        always_segment=always_segment,
        accept_any=accept_any,
        decode=lambda _: picture.decode(),
    )


def _stem(picture: Picture, stems: Counter[str]) -> str:
    """The start of its results' names; the next one of the same name gets a number."""
    stem = download_name(picture.name, "")
    stems[stem] += 1
    return stem if stems[stem] == 1 else f"{stem}-{stems[stem]}"


def _note(report: Report, outcome: Outcome) -> None:
    examination = report.examination
    if examination.error:
        outcome.unreadable[report.name] = examination.error
    elif examination.refusal and examination.prediction is None:
        outcome.refused[report.name] = examination.refusal
    else:
        outcome.predicted += 1


def _write_pictures(found: Examination, stem: Path) -> None:
    """One picture at a time, none kept: each of a large X-ray has 20 MB."""
    if found.radiograph is None or found.prediction is None:
        return
    for name, segmentation in found.prediction.segmentations.items():
        start = f"{stem.name}_{name}"
        overlay = full_overlay(found.radiograph.pixels, found.prediction, name, OPACITY)
        _write_png(stem.with_name(f"{start}_overlay.png"), overlay)
        if found.prediction.painted:
            _write_png(stem.with_name(f"{start}_mask.png"), segmentation.mask)


def _write_png(path: Path, image: np.ndarray) -> None:
    path.write_bytes(notice_png(image))


def _append_rows(table: BinaryIO, report: Report) -> None:
    """Adds the rows of one file; the header goes before the first."""
    header, rows = results_csv([report]).split(b"\n", 1)
    table.write(rows if table.tell() else header + b"\n" + rows)
    table.flush()
