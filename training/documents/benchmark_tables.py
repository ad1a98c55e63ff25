"""Writes benchmarks/latest.json, and the tables in benchmarks/README.md between their marks."""

import json
from pathlib import Path

from fracturelens.measured import pareto
from fracturelens.measured.speed import (
    COMMAND,
    cascade_rows,
    chosen_line,
    claim_rows,
    command_rows,
    machine_line,
    run_rows,
    stale_line,
)
from fracturelens.measured.words import title_or_name
from training.documents.app_tables import app_markdown
from training.documents.arm_tables import arm_markdown
from training.documents.batch_tables import batch_markdown
from training.documents.markdown import table
from training.documents.phone_tables import phone_markdown

REWRITE = f"{COMMAND} --tables-only"
START, END = f"<!-- tables: {REWRITE} -->", "<!-- end of tables -->"
ARM_START, ARM_END = f"<!-- arm: {REWRITE} -->", "<!-- end of arm -->"
PHONE_START, PHONE_END = f"<!-- phone: {REWRITE} -->", "<!-- end of phone -->"
BATCH_START, BATCH_END = f"<!-- batch: {REWRITE} -->", "<!-- end of batch -->"
APP_START, APP_END = f"<!-- app: {REWRITE} -->", "<!-- end of app -->"
EMPTY = (
    f"# Benchmarks\n\n{START}\n{END}\n\n## ARM\n\n{ARM_START}\n{ARM_END}\n\n"
    f"## Phone\n\n{PHONE_START}\n{PHONE_END}\n\n"
    f"## Batch\n\n{BATCH_START}\n{BATCH_END}\n\n"
    f"## App\n\n{APP_START}\n{APP_END}\n"
)


def write_tables(report: dict, folder: Path, models: Path) -> str:
    """Writes latest.json, pareto.json and README.md and returns the tables as Markdown.

    Args:
        report: what `benchmark` measured.
        folder: of both files; arm/latest.json below it holds the comparison on ARM,
            phone/latest.json the times in a phone's browser, batch.json those of a folder,
            app.json those of the app.
        models: the shipped networks.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "latest.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    pareto.write_ways(pareto.find_ways(report, models), folder / pareto.FILE.name)
    path = folder / "README.md"
    old = path.read_text(encoding="utf-8") if path.is_file() else EMPTY
    path.write_text(with_tables(old, report, folder, models), encoding="utf-8")
    return markdown(report, models)


def with_tables(text: str, report: dict, folder: Path, models: Path) -> str:
    """The text of README.md with its sections written anew; arguments as of `write_tables`."""
    text = _between(text, START, END, markdown(report, models))
    arm, phone = folder / "arm" / "latest.json", folder / "phone" / "latest.json"
    text = _between(text, ARM_START, ARM_END, arm_markdown(arm, models))
    text = _between(text, PHONE_START, PHONE_END, phone_markdown(phone, models))
    text = _between(text, BATCH_START, BATCH_END, batch_markdown(folder / "batch.json"))
    return _between(text, APP_START, APP_END, app_markdown(folder / "app.json"))


def _between(text: str, start: str, end: str, content: str) -> str:
    """The text with what stands between two marks replaced."""
    before, _, rest = text.partition(start)
    return f"{before}{start}\n{content}{end}{rest.partition(end)[2]}"


def markdown(report: dict, models: Path) -> str:
    """The claims, the cascade, the command and every network, as Markdown."""
    peaks = "; ".join(
        f"{kind}, {threads} thread(s) {rate:.0f}"
        for kind, rates in report["peak_gmacs"].items()
        for threads, rate in rates.items()
    )
    stale = stale_line(report, models)
    parts = [
        f"{machine_line(report)} Times are milliseconds and swing with the machine's load: the "
        "ratios are the claims.\n",
        *([f"{told}\n"] if (told := chosen_line(report)) else []),
        *([f"**{stale}**\n"] if stale else []),
        table_of(claim_rows(report)),
        "JPEG of 2304 x 2880 pixels to all overlays, all networks run:\n",
        table_of(cascade_rows(report)),
        "`predict` in INT8 without TensorFlow, all networks run, from the start of Python to its "
        "end:\n",
        table_of(command_rows(report)),
        f"Large convolutions reach, in billions of multiply-accumulates a second: {peaks}.\n",
    ]
    for name, entry in report["networks"].items():
        macs = entry["multiply_accumulates"] / 1e6
        parts.append(f"### {title_or_name(name)}, {macs:,.0f} million multiply-accumulates\n")
        parts.append(table_of(run_rows(report, name)))
    return "\n".join([*parts, *_pareto(report, models)]) + "\n"


def _pareto(report: dict, models: Path) -> list[str]:
    """Every way to mark an X-ray whose time and Dice were measured on the same file."""
    ways = pareto.find_ways(report, models)
    if not ways:
        return []
    return [
        "### Dice against time\n",
        "Milliseconds for one X-ray: one inference, times those that the way takes. Dice is the "
        "mean over the fractured pictures of val. The peers compute the same in float32; their own "
        "INT8 files were timed only.\n",
        table_of(pareto.way_rows(ways)),
    ]


def table_of(rows: list[dict]) -> str:
    """Rows of one kind as a Markdown table."""
    return "\n".join(table(list(rows[0]), (row.values() for row in rows))) + "\n"
