"""Results as Parquet: a row for each X-ray, with columns to ask by and the whole record as text."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from fracturelens.export.records import UNREADABLE
from important_variables import DISCLAIMER

RECORD = "record"
"""Column: the line of results.jsonl, which is the same to the byte."""
GROUP = 1000
"""Rows that are in memory at once."""
MEASURED = pa.struct({
    "value": pa.float64(), "low": pa.float64(), "high": pa.float64(), "true": pa.int64(),
    "regions": pa.int64(), "split": pa.string(),
})  # fmt: skip
FINDING = pa.struct({
    "network": pa.string(), "number": pa.int32(), "box": pa.list_(pa.int32(), 4),
    "area_pixels": pa.int64(), "area_percent": pa.float64(), "mean_probability": pa.float64(),
    "marked_by": pa.list_(pa.string()), "measured": MEASURED,
})  # fmt: skip
SCHEMA = pa.schema(
    {
        "file": pa.string(),
        "sha256": pa.string(),
        "verdict": pa.string(),
        "gate_probability": pa.float64(),
        "painted": pa.bool_(),
        "findings": pa.list_(FINDING),
        "cautions": pa.list_(pa.string()),
        "custom_thresholds": pa.bool_(),
        "kind": pa.string(),
        "reason": pa.string(),
        "error": pa.string(),
        "study": pa.struct({"uid": pa.string(), "folder": pa.string()}),
        "pictures": pa.list_(pa.string()),
        "made": pa.struct(dict.fromkeys(("at", "version", "precision"), pa.string())),
        "notice": pa.string(),
        RECORD: pa.string(),
    },
    metadata={"notice": DISCLAIMER},
)
"""Keys of a record, and their types: the same in every file, so that many are read as one table."""


def write_parquet(records: Path, path: Path) -> None:
    """Writes the records of a results.jsonl as a Parquet file.

    What a record lacks is null; an X-ray that could not be read has the verdict "unreadable" here.
    Text stays as it is: nothing that reads Parquet runs it.

    Args:
        records: a record on each line, UTF-8.
        path: of the new file.

    Raises:
        OSError: the disk took no more.
    """
    with records.open(encoding="utf-8", newline="\n") as lines, \
            ParquetWriter(path, SCHEMA, compression="zstd") as file:  # fmt: skip
        for rows in _groups(map(_row, lines)):
            file.write_table(pa.Table.from_pylist(rows, SCHEMA))


def _row(line: str) -> dict:
    record = json.loads(line)
    verdict = {"verdict": UNREADABLE} if "error" in record else {}
    return record | {"notice": DISCLAIMER, RECORD: line.removesuffix("\n")} | verdict


def _groups(rows: Iterable[dict]) -> Iterator[list[dict]]:
    rows = iter(rows)
    while group := list(islice(rows, GROUP)):
        yield group
