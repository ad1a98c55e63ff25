"""The tables of docs/scale.md: what was measured, and what a year's films need by these figures."""

import json
from dataclasses import dataclass
from pathlib import Path

from important_variables import ROOT
from training.documents.markdown import table

DOCUMENT = ROOT / "docs" / "scale.md"
REPORT = ROOT / "benchmarks" / "scale.json"
REWRITE = "fracturelens benchmark-scale --tables-only"
START, END = f"<!-- tables: {REWRITE} -->", "<!-- end of tables -->"
NOT_RUN = "Not measured yet; `fracturelens benchmark-scale` does it."
YEARS = (1_000_000, 100_000_000)
"""Films a year."""
HOURS = 365 * 24
WAYS = {"predict": "`predict`, one thread", "ray_1": "Ray, 1 worker", "ray_2": "Ray, 2 workers"}


@dataclass(frozen=True)
class Assumptions:
    """What is assumed and not measured.

    Attributes:
        busiest: films of the busiest hour over those of the mean hour.
        busy: share of a core's time that is planned for; the rest is left for what comes.
    """

    busiest: float = 4.0
    busy: float = 0.7


def with_tables(report: Path = REPORT, document: Path = DOCUMENT) -> str:
    """The text of docs/scale.md with its tables written anew."""
    text = document.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    return f"{before}{START}\n\n{scale_markdown(report)}\n{END}{rest.partition(END)[2]}"


def scale_markdown(report: Path = REPORT, assumed: Assumptions = Assumptions()) -> str:
    """What was measured, and the needs of each number of films a year."""
    if not report.is_file():
        return f"{NOT_RUN}\n"
    measured = json.loads(report.read_text(encoding="utf-8"))
    machine, films = measured["machine"], measured["films"]
    note = f" {measured['note'].rstrip('.')}." if measured["note"] else ""
    lines = [
        f"Measured on {measured['date']} on {machine['processor']}, {machine['cores']} cores, as "
        f"the difference between runs of {films[0]} and {films[1]} synthetic films, in INT8."
        f"{note}",
        "",
        *_measured(measured["kinds"]),
        "",
        f"What a year needs by these figures; the busiest hour is taken to bring "
        f"{assumed.busiest:g} times the films of the mean hour, and a core to be busy for "
        f"{assumed.busy:.0%} of it. Films are taken to lie uncompressed in the store.",
        "",
        *_needs(measured["kinds"], assumed),
    ]
    return "\n".join(lines) + "\n"


def _measured(kinds: dict) -> list[str]:
    names = [way for way in WAYS if all(way in kind["seconds"] for kind in kinds.values())]
    rows = [
        *([f"Films a second, {WAYS[way]}", *(f"{1 / kind['seconds'][way]:.1f}" for kind in
           kinds.values())] for way in names),
        ["Processor seconds a film", *(f"{kind['core_seconds']:.3f}" for kind in kinds.values())],
        ["Megabytes a film, as it comes",
         *(f"{kind['input_bytes'] / 1e6:.2f}" for kind in kinds.values())],
        ["Megabytes a film, overlays and masks",
         *(f"{kind['picture_bytes'] / 1e6:.2f}" for kind in kinds.values())],
        ["Megabytes a film, 16 bits a pixel, uncompressed",
         *(f"{_uncompressed(kind) / 1e6:.2f}" for kind in kinds.values())],
        ["Overlays and masks a film", *(f"{kind['files']:.2f}" for kind in kinds.values())],
        ["Kilobytes a film, tables",
         *(f"{kind['table_bytes'] / 1e3:.1f}" for kind in kinds.values())],
    ]  # fmt: skip
    return table(["", *(f"{kind['pixels']} pixels" for kind in kinds.values())], rows)


def _needs(kinds: dict, assumed: Assumptions) -> list[str]:
    head = [
        "Films a year",
        "Film",
        "Core hours a year",
        "Cores for the busiest hour",
        "Films, TB a year",
        "Results, TB a year",
        "Read in the busiest hour, MB/s",
    ]
    rows = [_need(films, kind, assumed) for films in YEARS for kind in kinds.values()]
    return table(head, rows)


def _need(films: int, kind: dict, assumed: Assumptions) -> list[str]:
    a_second = films / (HOURS * 3600) * assumed.busiest
    results = kind["picture_bytes"] + kind["table_bytes"]
    film = _uncompressed(kind)
    return [
        f"{films:,}",
        kind["pixels"],
        f"{films * kind['core_seconds'] / 3600:,.0f}",
        f"{a_second * kind['core_seconds'] / assumed.busy:,.2f}",
        f"{films * film / 1e12:,.2f}",
        f"{films * results / 1e12:,.2f}",
        f"{a_second * film / 1e6:,.1f}",
    ]


def _uncompressed(kind: dict) -> int:
    """Bytes of a film's pixels at 16 bits, as most PACS store them."""
    width, height = map(int, kind["pixels"].split(" x "))
    return 2 * width * height
