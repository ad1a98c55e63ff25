"""Writes benchmarks/latest.json, and the tables in benchmarks/README.md between their marks."""

import json
from pathlib import Path

from app_pages.evidence_speed import (
    cascade_rows,
    claim_rows,
    command_rows,
    machine_line,
    run_rows,
)
from important_variables import TITLES
from training.markdown import table

START, END = "<!-- tables: python command_line.py benchmark -->", "<!-- end of tables -->"


def write_tables(report: dict, folder: Path) -> str:
    """Writes both files and returns the tables as Markdown."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "latest.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    tables = markdown(report)
    path = folder / "README.md"
    before, after = f"# Benchmarks\n\n{START}", f"{END}\n"
    if path.is_file():
        before, _, rest = path.read_text(encoding="utf-8").partition(START)
        before, after = before + START, END + rest.partition(END)[2]
    path.write_text(f"{before}\n{tables}{after}", encoding="utf-8")
    return tables


def markdown(report: dict) -> str:
    """The claims, the cascade, the command and every network, as Markdown."""
    peaks = "; ".join(
        f"{kind}, {threads} thread(s) {rate:.0f}"
        for kind, rates in report["peak_gmacs"].items()
        for threads, rate in rates.items()
    )
    parts = [
        f"{machine_line(report)} Times are milliseconds and swing with the machine's load: the "
        "ratios are the claims.\n",
        table_of(claim_rows(report)),
        "JPEG of 2304 x 2880 pixels to both overlays, all networks run:\n",
        table_of(cascade_rows(report)),
        "`predict` in INT8 without TensorFlow, all networks run, from the start of Python to its "
        "end:\n",
        table_of(command_rows(report)),
        f"Peak of this machine, billions of multiply-accumulates a second: {peaks}.\n",
    ]
    for name, entry in report["networks"].items():
        macs = entry["multiply_accumulates"] / 1e6
        parts.append(f"### {TITLES[name]}, {macs:,.0f} million multiply-accumulates\n")
        parts.append(table_of(run_rows(report, name)))
    return "\n".join(parts) + "\n"


def table_of(rows: list[dict]) -> str:
    """Rows of one kind as a Markdown table."""
    return "\n".join(table(list(rows[0]), (row.values() for row in rows))) + "\n"
