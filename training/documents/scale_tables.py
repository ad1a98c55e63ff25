"""The tables of docs/scale.md: what was measured, and what a year's films need by these figures."""

import json
import statistics
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
    """What was measured, part by part, and the needs of each number of films a year."""
    measured = json.loads(report.read_text(encoding="utf-8")) if report.is_file() else {}
    parts = [
        _cost(measured.get("cost"), assumed),
        _batch(measured.get("batch")),
        _nodes(measured.get("nodes")),
        _many(measured.get("many")),
    ]
    return "\n".join("\n".join(lines) + "\n" for lines in parts if lines) or f"{NOT_RUN}\n"


def _cost(part: dict | None, assumed: Assumptions) -> list[str]:
    if part is None:
        return []
    films = part["films"]
    return [
        f"{_measured_on(part)}, as the difference between runs of {films[0]} and {films[1]} "
        f"synthetic films on one thread, in INT8.{_note(part)}",
        "",
        *_costs(part["kinds"]),
        "",
        f"What a year needs by these figures; the busiest hour is taken to bring "
        f"{assumed.busiest:g} times the films of the mean hour, and a core to be busy for "
        f"{assumed.busy:.0%} of it. Films are taken to lie uncompressed in the store.",
        "",
        *_needs(part["kinds"], assumed),
    ]


def _batch(part: dict | None) -> list[str]:
    if part is None:
        return []
    rates = {way: statistics.median(all_) for way, all_ in part["films_per_second"].items()}
    rows = [
        [words, f"{rates[f'predict_{kind}']:.2f}", f"{rates[f'ray_{kind}']:.2f}",
         f"{part['ray_share'][kind]:.0%}"]
        for kind, words in (("one", "one thread, one worker"), ("all", "all cores"))
    ]  # fmt: skip
    return [
        f"Ray against plain `predict` on one machine. {_measured_on(part)}, {part['rounds']} "
        f"rounds of {part['films']} synthetic films in turns, films a second once all workers are "
        f"busy.{_note(part)}",
        "",
        *table(["", "`predict`", "`predict --ray`", "Ray's share, median of rounds"], rows),
    ]


def _nodes(part: dict | None) -> list[str]:
    if part is None:
        return []
    rates = part["films_per_second"]
    one = next(iter(rates.values()))
    cores = part["machine"]["cores"]
    return [
        f"Workers on {part['nodes']} nodes of a local cluster. {_measured_on(part)}, "
        f"{part['films']} synthetic films each, films a second once all workers are busy. All "
        f"nodes share the machine's {cores} cores: up to {cores} workers show how the rate grows, "
        f"more only that nothing is lost by them.{_note(part)}",
        "",
        *table(
            ["Workers", "Films a second", "Times the first row"],
            ([count, f"{rate:.2f}", f"{rate / one:.2f}"] for count, rate in rates.items()),
        ),
    ]


def _many(part: dict | None) -> list[str]:
    if part is None:
        return []
    names = {"driver": "the command", "worker": "the largest worker", "all": "all processes"}
    return [
        f"Memory over {part['films']:,} films in {part['seconds'] / 60:.0f} minutes, FracAtlas "
        f"again and again under new names, a record for each checked. {_measured_on(part)}, "
        f"{part['workers']} workers; growth is the last fifth of the run over the "
        f"second.{_note(part)}",
        "",
        *table(
            ["Memory of", "Peak, MB", "Growth"],
            ([words, f"{part['peak_mb'][key]:,.0f}", f"{part['growth'][key]:.2f}"]
             for key, words in names.items()),
        ),
    ]  # fmt: skip


def _measured_on(part: dict) -> str:
    machine = part["machine"]
    return f"Measured on {part['date']} on {machine['processor']}, {machine['cores']} cores"


def _note(part: dict) -> str:
    return f" {part['note'].rstrip('.')}." if part["note"] else ""


def _costs(kinds: dict) -> list[str]:
    rows = [
        ["Films a second", *(f"{1 / kind['seconds']:.1f}" for kind in kinds.values())],
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
