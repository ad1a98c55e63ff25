"""What `fracturelens benchmark` wrote, and the words for its keys: rows and sentences of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from fracturelens.measured.words import PRECISIONS, title_or_name
from fracturelens.networks.card import FILES, CardError, read_card
from important_variables import BENCHMARK, NETWORKS, trained_here

COMMAND = "fracturelens benchmark"
SIZES = {"small": "one of 454 x 373 pixels", "large": "one of 2304 x 2880 pixels"}
RUNTIMES = {
    "keras_predict": "Keras predict",
    "keras_function": "Keras, ours",
    "litert": "LiteRT",
    "auto": "Ours, as chosen here",
    "openvino_litert": "OpenVINO, our file",
    "onnxruntime": "ONNX Runtime",
    "openvino": "OpenVINO",
    "openvino_default": "OpenVINO, its default",
    "keras_reloaded": "Keras predict, loaded anew",
}
STAGES = {"load": "Load", "decode": "Decode", "predict": "Predict", "draw": "Draw"}
KINDS = {"at_least": "at least", "at_most": "at most"}
BEST_COLUMN = "% of best rate"
Report = Mapping
"""A benchmark as JSON, with the keys that training/benchmark/benchmark.py states."""

Row = dict[str, object]


@dataclass(frozen=True)
class Ratio:
    """A ratio that we claim.

    Attributes:
        key: "all_networks", "whole_way", "whole_way_reloaded", "fastest_peer", "predict_memory"
            or "predict_time".
        value: as measured.
        bound: of our claim.
        kind: "at_least" or "at_most".
        networks: names of those that were run.
        precision: of both sides, where they have the same; else "".
        pictures: fewest and most, where the most are compared with the fewest.
    """

    key: str
    value: float
    bound: float
    kind: str
    networks: list[str] = field(default_factory=list)
    precision: str = ""
    pictures: list[int] = field(default_factory=list)

    @property
    def is_met(self) -> bool:
        """Whether the value keeps to its bound."""
        return self.value >= self.bound if self.kind == "at_least" else self.value <= self.bound


def read_benchmark(path: Path = BENCHMARK) -> dict | None:
    """What `benchmark` last measured; None where it has not been run, or not to its end."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # JSON's and UTF-8's errors are ValueErrors
        return None
    whole = isinstance(content, dict) and {"networks", "cascade", "files"} <= content.keys()
    return content if whole and isinstance(content.get("ratios"), list) else None


def machine_line(report: Report) -> str:
    """The machine and the day, one sentence."""
    machine = report["machine"]
    return (
        f"Measured on {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gib']} GiB, {machine['system']}; {report['date']}."
    )


def chosen_line(report: Report) -> str:
    """What the engine took for each network in INT8; "" in reports that do not tell."""
    taken = {name: entry.get("chosen") for name, entry in report["networks"].items()}
    return f"Ours in INT8: {runtimes_words(taken)}." if all(taken.values()) else ""


def runtimes_words(runtimes: Mapping[str, str]) -> str:
    """Which runtime, a key of `RUNTIMES`, runs which network."""
    groups: dict[str, list[str]] = {}
    for name, runtime in runtimes.items():
        groups.setdefault(RUNTIMES[runtime], []).append(title_or_name(name))
    if len(groups) == 1:
        return f"{next(iter(groups))} for all networks"
    return ", ".join(f"{title} for {' and '.join(names)}" for title, names in groups.items())


def stale_line(report: Report, models: Path) -> str:
    """Says for which networks other files are shipped than were timed; "" where there are none."""
    timed = report["files"]
    others = [NETWORKS[n].title for n in trained_here() if timed.get(n) != _shipped(n, models)]
    if not others:
        return ""
    return (
        f"The shipped files of {' and '.join(others)} are not the ones that were timed: run "
        f"`{COMMAND}` for figures of these."
    )


def claim_rows(report: Report) -> list[Row]:
    """Each ratio that we claim, with its target and whether it is met."""
    return [
        {
            "Claim": claim_words(ratio),
            "Measured": f"{ratio.value:.2f}",
            "Target": f"{KINDS[ratio.kind]} {ratio.bound:g}",
            "Met": "yes" if ratio.is_met else "no",
        }
        for ratio in msgspec.convert(report["ratios"], list[Ratio])
    ]


def claim_words(ratio: Ratio) -> str:
    """What is compared with what."""
    names = " and ".join(map(title_or_name, ratio.networks))
    span = " / ".join(f"{count:,}" for count in reversed(ratio.pictures))
    words = {
        "all_networks": "All networks, Keras predict / ours in INT8",
        "whole_way": "JPEG to overlays, Keras predict / ours in INT8",
        "whole_way_reloaded": "JPEG to overlays, older app (loads at each rerun) / ours in INT8",
        "fastest_peer": f"{names} {format_words(ratio.precision)}, ours / fastest peer",
        "predict_memory": f"predict, peak memory, {span} pictures",
        "predict_time": f"predict, time of a further picture, {span} pictures",
    }
    return words[ratio.key]


def format_words(precision: str) -> str:
    """A number format as words."""
    return PRECISIONS.get(precision, precision)


def cascade_rows(report: Report) -> list[Row]:
    """The whole way of a large picture in each runtime, precision and number of threads."""
    return [
        _way(row)
        | {"Median": _short(row["median_ms"]), "p95": _short(row["p95_ms"])}
        | {words: _short(row["stages_ms"][stage]) for stage, words in STAGES.items()}
        | {
            "Peak MB": f"{row['peak_mb']:.0f}",
            "Files MB": f"{row['file_bytes'] / 1e6:.2f}",
        }
        for row in report["cascade"]
    ]


def command_rows(report: Report) -> list[Row]:
    """`predict` in a process of its own, on one X-ray and on many."""
    rows = {SIZES[name]: row for name, row in report["command"].items()}
    rows |= {f"{row['pictures']:,} of 454 x 373 pixels": row for row in report["growth"]}
    return [
        {"X-rays": title, "Seconds": f"{row['seconds']:.2f}", "Peak MB": f"{row['peak_mb']:.0f}"}
        for title, row in rows.items()
    ]


def run_rows(report: Report, name: str) -> list[Row]:
    """One network in every runtime, precision and number of threads; [] where it was not timed."""
    best = best_rates(report)
    entry = report["networks"].get(name, {"runs": []})
    return [
        _way(row)
        | {
            "Median": _short(row["median_ms"]),
            "p95": _short(row["p95_ms"]),
            "Per second": f"{row['per_second']:.1f}",
            BEST_COLUMN: _percent_of_best(row, entry["multiply_accumulates"], best),
            "Load": f"{row['load_ms']:.0f}",
            "Peak MB": f"{row['peak_mb']:.0f}",
            "File MB": f"{row['file_bytes'] / 1e6:.2f}",
        }
        for row in entry["runs"]
    ]


def best_rates(report: Report) -> dict[tuple[str, int], float]:
    """The most that anything reached here, by precision and threads.

    Tried are every network in every runtime, and the large convolutions of `peak_gmacs`. A
    processor's own limit is not known: this is what a program could be seen to reach.

    Returns:
        Billions of multiply-accumulates a second, of float32 and INT8.
    """
    best = {
        (precision, int(threads)): rate
        for precision, rates in report["peak_gmacs"].items()
        for threads, rate in rates.items()
    }
    for entry in report["networks"].values():
        for row in entry["runs"]:
            kind = row["precision"], row["threads"]
            if kind in best:
                best[kind] = max(best[kind], _rate(row, entry["multiply_accumulates"]))
    return best


def _way(row: Mapping) -> Row:
    """The cells that say how something was run."""
    return {
        "Runtime": RUNTIMES[row["runtime"]],
        "Number format": format_words(row["precision"]),
        "Threads": row["threads"],
    }


def _shipped(name: str, models: Path) -> dict[str, str]:
    """SHA-256 of a network's files by name, as its card has them."""
    try:
        files = read_card(name, models).files
    except CardError:
        return {}
    return {file: files.get(file, "") for file in FILES.values()}


def _percent_of_best(row: Mapping, macs: int, best: Mapping) -> str:
    rate = best.get((row["precision"], row["threads"]))
    return f"{100 * _rate(row, macs) / rate:.0f}" if rate else ""


def _rate(row: Mapping, macs: int) -> float:
    return macs / 1e6 / row["median_ms"]


def _short(milliseconds: float) -> str:
    return f"{milliseconds:.1f}" if milliseconds < 100 else f"{milliseconds:.0f}"
