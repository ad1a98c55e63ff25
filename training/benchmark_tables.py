"""Writes benchmarks/latest.json, and the tables in benchmarks/README.md between their marks."""

import json
from pathlib import Path

from important_variables import TITLES

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
    machine = report["machine"]
    parts = [
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, "
        f"{machine['system']}; {report['date']}. Absolute times swing with the machine's load: "
        "the ratios are the claims.\n",
        _table(
            ("claim", "measured", "target"),
            [(c, f"{e['value']:.2f}", e["target"]) for c, e in report["ratios"].items()],
        ),
        "JPEG of 2304 x 2880 pixels to both overlays, all networks run, milliseconds:\n",
        _table(
            ("way", "median", "p95", "load", "decode", "predict", "draw"),
            [
                (r["runtime"], *_ms(r["median_ms"], r["p95_ms"], *r["stages_ms"].values()))
                for r in report["cascade"]
            ],
        ),
        "`predict` in INT8 without TensorFlow, all networks run, from the start of Python to its "
        "end:\n",
        _table(("X-rays", "seconds", "peak MB"), list(_commands(report))),
        "Peak of this machine, billions of multiply-accumulates a second: "
        + "; ".join(
            f"{kind}, {threads} thread(s) {rate:.0f}"
            for kind, rates in report["peak_gmacs"].items()
            for threads, rate in rates.items()
        )
        + ".\n",
    ]
    for name, entry in report["networks"].items():
        macs = entry["multiply_accumulates"] / 1e6
        parts += [f"### {TITLES[name]}, {macs:,.0f} million multiply-accumulates\n", _runs(entry)]
    return "\n".join(parts) + "\n"


def _commands(report: dict):
    """Rows of the `predict` command, one X-ray and many."""
    titles = {"small": "one of 454 x 373 pixels", "large": "one of 2304 x 2880 pixels"}
    rows = {titles[name]: row for name, row in report["command"].items()}
    rows |= {f"{row['pictures']:,} of 454 x 373 pixels": row for row in report["growth"]}
    for title, row in rows.items():
        yield title, f"{row['seconds']:.2f}", f"{row['peak_mb']:.0f}"


def _runs(entry: dict) -> str:
    columns = ("runtime", "precision", "threads", "median ms", "p95 ms", "per second",
               "% of peak", "load ms", "peak MB", "file MB")  # fmt: skip
    rows = [
        (
            row["runtime"],
            row["precision"],
            row["threads"],
            *_ms(row["median_ms"], row["p95_ms"]),
            f"{row['per_second']:.1f}",
            "" if row["percent_of_peak"] is None else f"{row['percent_of_peak']:.0f}",
            f"{row['load_ms']:.0f}",
            f"{row['peak_mb']:.0f}",
            f"{row['file_bytes'] / 1e6:.2f}",
        )
        for row in entry["runs"]
    ]
    return _table(columns, rows)


def _ms(*values: float) -> tuple[str, ...]:
    return tuple(f"{value:.1f}" if value < 100 else f"{value:.0f}" for value in values)


def _table(columns: tuple, rows: list[tuple]) -> str:
    lines = [columns, ("---",) * len(columns), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"
