"""What an earlier run left in a folder of results: removed, or kept as far as it is whole."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from fracturelens.export.csv import RowsTo, inert
from fracturelens.export.records import UNREADABLE

RECORDS = "results.jsonl"
TABLE = "results.csv"
SUMMARY = "summary.pdf"
PARQUET = "results.parquet"
STUDIES = "studies.jsonl"
CONDITIONS = "run.json"
"""With which networks and options the results were made."""
FILES = (RECORDS, TABLE, STUDIES, SUMMARY, PARQUET, CONDITIONS)
"""Of all X-rays together."""
PICTURES = "pictures"
"""Key of a record, and column of the table: the names of an X-ray's pictures in this folder."""
ENDINGS = (".png", ".pdf")
"""Of the files that are made of one X-ray."""
DRAFT = ".part"
"""Ending of a file that is not whole yet."""


class ResultsFolderError(RuntimeError):
    """Results cannot go where they should; the text says why and what to do."""


def remove_earlier(folder: Path) -> None:
    """Removes the results of an earlier run, and nothing else.

    Raises:
        ResultsFolderError: a file is called like ours and is none, or is of a version that did
            not note its pictures.
    """
    if not (folder / CONDITIONS).exists():
        _check_nobody_elses(folder)
        return
    for record in _records(folder / RECORDS):
        _unlink(picture_paths(folder, record))
    _remove_drafts(folder)
    _unlink(folder / name for name in FILES)


def keep_finished(folder: Path, conditions: dict, note: Callable[[dict], None]) -> Counter[str]:
    """Leaves of a stopped run what is whole: rows with all their pictures, but no failures.

    Args:
        folder: of the results.
        conditions: of the run that goes on.
        note: is called with each record that stays.

    Returns:
        How often each X-ray's name stands in the records that stay.

    Raises:
        ResultsFolderError: the results were made with other networks or options.
    """
    if not (folder / CONDITIONS).exists():
        _check_nobody_elses(folder)
        return Counter()
    _check_conditions(folder, conditions)
    finished: Counter[str] = Counter()
    draft = folder / (RECORDS + DRAFT)
    with draft.open("w", encoding="utf-8") as lines:
        for record in _records(folder / RECORDS):
            pictures = picture_paths(folder, record)
            if "error" in record or not all(path.is_file() for path in pictures):
                _unlink(pictures)
                continue
            lines.write(record_line(record))
            finished[record["file"]] += 1
            note(record)
    draft.replace(folder / RECORDS)
    _keep_rows(folder, {inert(name) for name in finished})
    _remove_drafts(folder)
    return finished


def record_line(record: dict) -> str:
    """A record as a line of `RECORDS`."""
    return json.dumps(record, ensure_ascii=False) + "\n"


def picture_paths(folder: Path, record: dict) -> list[Path]:
    """The pictures of a record; a name that leads out of the folder is none of ours."""
    names = record.get(PICTURES, [])
    return [folder / name for name in names if name == Path(name).name and name.endswith(ENDINGS)]


def _records(path: Path) -> Iterator[dict[str, Any]]:
    """The records that can be read, one by one; a stopped run may have left half a line."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict) and isinstance(record.get("file"), str):
                yield record


def _remove_drafts(folder: Path) -> None:
    _unlink(path for ending in ENDINGS for path in folder.glob(f"*{ending}{DRAFT}"))


def _unlink(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _check_nobody_elses(folder: Path) -> None:
    """Looks for tables without their `CONDITIONS`: of an older version, or of somebody else."""
    for path in (folder / RECORDS, folder / TABLE):
        if path.exists():
            raise ResultsFolderError(
                f"{path} was not written by this version of `fracturelens predict`, so that it is "
                "not known which pictures belong to it. Empty the folder, or choose another one "
                "with --out."
            )


def _check_conditions(folder: Path, conditions: dict) -> None:
    path = folder / CONDITIONS
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    if known != json.loads(json.dumps(conditions)):
        raise ResultsFolderError(
            f"The results in {folder} were made with other networks or options, as far as {path} "
            "tells. Leave out --resume to make them anew, or choose another folder with --out."
        )


def _keep_rows(folder: Path, cells: set[object]) -> None:
    """Leaves the whole rows of X-rays whose first cell is one of these, and the header."""
    path, draft = folder / TABLE, folder / (TABLE + DRAFT)
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace", newline="") as old, \
            draft.open("w", encoding="utf-8", newline="") as new:  # fmt: skip
        rows, writer = csv.reader(old), csv.writer(RowsTo(new), lineterminator=RowsTo.END)
        header = next(rows, [])
        writer.writerow(header)
        writer.writerows(
            row
            for row in rows
            if len(row) == len(header) and row[0] in cells and row[1] != UNREADABLE
        )
    draft.replace(path)
