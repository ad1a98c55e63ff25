"""Examines many picture files in a row and writes results, overlays and masks."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from fracturelens.screening.check import Refusal
from prediction import Engine, examine_xray, shares_for

OPACITY = 0.5


@dataclass(frozen=True)
class Outcome:
    """The files without a verdict.

    Attributes:
        unreadable: what went wrong, by path.
        refused: why it is not taken for an X-ray, by path.
    """

    unreadable: dict[Path, str]
    refused: dict[Path, Refusal]


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
        The files that got no verdict.
    """
    out.mkdir(parents=True, exist_ok=True)
    outcome = Outcome({}, {})
    with (out / "results.jsonl").open("w", encoding="utf-8") as lines, \
            (out / "results.csv").open("wb") as table:  # fmt: skip
        for path, stem in tqdm(list(_with_stems(paths)), unit="picture"):
            found = _examine(path, engine, always_segment, accept_any)
            _write_pictures(found, out / stem)
            report = Report(str(path), found, shares_for(found, engine))
            _note(path, found, outcome)
            _append_rows(table, report)
            lines.write(json.dumps(report_record(report), ensure_ascii=False) + "\n")
            lines.flush()
            del found, report  # their arrays end here, before the next file is decoded
    return outcome


def _examine(path: Path, engine: Engine, always_segment: bool, accept_any: bool) -> Examination:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        missing = (
            "no file matches this pattern" if has_magic(str(path)) else "there is no such file"
        )
        return Examination(f"{missing}; check its spelling and the folder.")
    except OSError as error:
        return Examination(
            f"the file cannot be opened ({error.strerror}); check its access rights."
        )
    return examine_xray(data, engine, always_segment=always_segment, accept_any=accept_any)


def _note(path: Path, examination: Examination, outcome: Outcome) -> None:
    if examination.error:
        outcome.unreadable[path] = examination.error
    elif examination.refusal and examination.prediction is None:
        outcome.refused[path] = examination.refusal


def _with_stems(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Each path with the start of its results' names: two of one name get a number."""
    seen: dict[str, int] = {}
    for path in paths:
        stem = download_name(path.name, "")
        seen[stem] = seen.get(stem, 0) + 1
        yield path, stem if seen[stem] == 1 else f"{stem}-{seen[stem]}"


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
