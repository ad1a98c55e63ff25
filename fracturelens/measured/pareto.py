"""What marks cost and what they are worth: Dice against time for every way to run a segmenter."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from fracturelens.measured.layout import Estimate, read_evaluation, rounded
from fracturelens.measured.speed import RUNTIMES, Report, Row, format_words
from fracturelens.measured.words import title_or_name
from fracturelens.networks.card import FILES, CardError, read_card
from fracturelens.networks.tiling import Mode
from important_variables import BENCHMARK, PRECISIONS, segmenters

FILE = BENCHMARK.with_name("pareto.json")
SPLIT = "val"
OURS = "litert"
"""The runtime whose INT8 files are measured; the peers make INT8 files of their own."""
MODES = {
    Mode.USUAL: "as usual",
    Mode.WHOLE: "whole X-ray at once",
    Mode.FLIPS: "mirror image too",
}


@dataclass(frozen=True)
class Way:
    """One way to mark an X-ray.

    Attributes:
        network: a segmenter.
        runtime: a key of the benchmark.
        precision: "float32" or "int8".
        threads: that took least time.
        mode: how the network is asked.
        milliseconds: for one X-ray: the median of one inference, times the inferences.
        dice: mean over the fractured pictures of val.
        multiply_accumulates: for one X-ray.
        file_bytes: of the network in this runtime.
        on_front: whether no other way is as quick and paints as well.
    """

    network: str
    runtime: str
    precision: str
    threads: int
    mode: str
    milliseconds: float
    dice: Estimate
    multiply_accumulates: int
    file_bytes: int
    on_front: bool = False

    @property
    def words(self) -> str:
        """The way, without the network."""
        return f"{RUNTIMES[self.runtime]} {format_words(self.precision)}, {MODES[Mode(self.mode)]}"


def find_ways(report: Report, models: Path) -> list[Way]:
    """All ways whose time and whose Dice were measured on the same file, the quickest first.

    Args:
        report: of the benchmark.
        models: folder with the networks, their cards and evaluations.
    """
    found = [
        way
        for name in report["networks"]
        if name in segmenters()
        for precision in PRECISIONS
        for mode in MODES
        for way in _ways(report, models, name, precision, mode)
    ]
    return mark_front(sorted(found, key=lambda way: way.milliseconds))


def mark_front(ways: Iterable[Way]) -> list[Way]:
    """Marks those that every quicker way is worse than.

    Args:
        ways: the quickest first.
    """
    best, marked = -1.0, []
    for way in ways:
        value = way.dice.value or 0.0
        marked.append(replace(way, on_front=value > best))
        best = max(best, value)
    return marked


def write_ways(ways: list[Way], path: Path) -> None:
    """Writes them as JSON, reals rounded."""
    content = msgspec.json.encode(rounded(msgspec.to_builtins(ways)))
    path.write_bytes(msgspec.json.format(content, indent=1) + b"\n")


def read_ways(path: Path = FILE) -> list[Way]:
    """What `write_ways` wrote; [] where it is missing or damaged."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Way])
    except (OSError, msgspec.MsgspecError):
        return []


def way_rows(ways: Iterable[Way]) -> list[Row]:
    """A table of them."""
    return [
        {
            "Network": title_or_name(way.network),
            "Way": way.words,
            "Milliseconds": f"{way.milliseconds:.1f}",
            "Dice": f"{way.dice.value:.3f}",
            "Million multiply-accumulates": f"{way.multiply_accumulates / 1e6:,.0f}",
            "File MB": f"{way.file_bytes / 1e6:.2f}",
            "Best at its time": "yes" if way.on_front else "",
        }
        for way in ways
    ]


def _ways(report: Report, models: Path, name: str, precision: str, mode: Mode) -> list[Way]:
    """The ways of one network, precision and mode: the best number of threads in each runtime."""
    entry = report["networks"][name]
    evaluation = read_evaluation(name, SPLIT, models, precision, mode)
    timed = report["files"].get(name, {}).get(FILES[precision])
    if evaluation is None or timed is None or evaluation.models.get(name) != timed:
        return []
    dice = evaluation.part.metrics.get("dice_mean", Estimate(None))
    times = _times_asked(name, models, mode)
    if dice.value is None or not times:
        return []
    best: dict[str, dict] = {}
    for row in entry["runs"]:
        known = precision == "float32" or row["runtime"] == OURS
        if known and row["precision"] == precision:
            other = best.get(row["runtime"])
            if other is None or row["median_ms"] < other["median_ms"]:
                best[row["runtime"]] = row
    return [
        Way(
            name,
            runtime,
            precision,
            row["threads"],
            str(mode),
            times * row["median_ms"],
            dice,
            times * entry["multiply_accumulates"],
            row["file_bytes"],
        )
        for runtime, row in best.items()
    ]


def _times_asked(name: str, models: Path, mode: Mode) -> int:
    """Inferences for one X-ray; 0 where there is no card."""
    try:
        inference = read_card(name, models).inference
    except CardError:
        return 0
    if mode is Mode.WHOLE:
        inference = replace(inference, tiling=None)
    if mode is Mode.FLIPS:
        inference = replace(inference, flips=True)
    return inference.times_asked
