"""Reads what `predict` wrote."""

import csv
import json


def read_records(out):
    """The records, by the last part of each X-ray's name; each name stands there once.

    When they were made is left out, so that two runs can be compared.
    """
    records = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    for record in records:
        del record["made"]["at"]
    named = {record["file"].rpartition("/")[2]: record for record in records}
    assert len(named) == len(records)
    return named


def read_rows(out):
    with (out / "results.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [{key: cell for key, cell in row.items() if key != "made_at"} for row in rows]


def assert_consistent(out):
    """Rows and pictures belong together: none is there without the other, nothing is half."""
    records = read_records(out)
    listed = [name for record in records.values() for name in record["pictures"]]
    assert len(listed) == len(set(listed))
    kept = {"results.jsonl", "results.csv", "run.json"}
    names = {path.name for path in out.iterdir()}
    assert names - {"studies.jsonl"} == kept | set(listed)
    assert all((out / name).read_bytes()[-8:-4] == b"IEND" for name in listed)
    assert {row["file"].rpartition("/")[2] for row in read_rows(out)} == set(records)
    assert all(None not in row and None not in row.values() for row in read_rows(out))
