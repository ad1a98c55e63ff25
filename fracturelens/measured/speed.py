"""What `fracturelens benchmark` wrote, as rows and sentences."""

import json
from pathlib import Path

from fracturelens.networks.card import FILES, CardError, read_card
from important_variables import BENCHMARK, NETWORKS, title_of

COMMAND = "fracturelens benchmark"
SIZES = {"small": "one of 454 x 373 pixels", "large": "one of 2304 x 2880 pixels"}
BEST_COLUMN = "% of best rate"
Row = dict[str, object]


def read_benchmark(path: Path = BENCHMARK) -> dict | None:
    """What `benchmark` last measured; None where it has not been run, or not to its end."""
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # JSON's and UTF-8's errors are ValueErrors
        return None
    sections = {"ratios", "networks", "cascade", "files"}
    return content if isinstance(content, dict) and sections <= content.keys() else None


def machine_line(report: dict) -> str:
    """The machine and the day, one sentence."""
    machine = report["machine"]
    return (
        f"Measured on {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gib']} GiB, {machine['system']}; {report['date']}."
    )


def stale_line(report: dict, models: Path) -> str:
    """Says for which networks other files are shipped than were timed; "" where there are none."""
    timed = report["files"]
    others = [title_of(n) for n in NETWORKS if timed.get(n) != _shipped_files(n, models)]
    if not others:
        return ""
    return (
        f"The shipped files of {' and '.join(others)} are not the ones that were timed: run "
        f"`{COMMAND}` for figures of these."
    )


def _shipped_files(name: str, models: Path) -> dict[str, str]:
    """SHA-256 of a network's files by name, as its card has them."""
    try:
        files = read_card(name, models).files
    except CardError:
        return {}
    return {file: files.get(file, "") for file in FILES.values()}


def claim_rows(report: dict) -> list[Row]:
    """Each ratio that we claim, with its target and whether it is met."""
    return [
        {
            "Claim": claim,
            "Measured": f"{entry['value']:.2f}",
            "Target": entry["target"],
            "Met": "yes" if is_met(entry) else "no",
        }
        for claim, entry in report["ratios"].items()
    ]


def is_met(entry: dict) -> bool:
    """Whether a claim's value keeps to its target, "at least N" or "at most N"."""
    kind, bound = entry["target"].rsplit(" ", 1)
    value = entry["value"]
    return value >= float(bound) if kind == "at least" else value <= float(bound)


def cascade_rows(report: dict) -> list[Row]:
    """The whole way of a large picture in each runtime, precision and number of threads."""
    return [
        {
            "Runtime": row["runtime"],
            "Number format": row["precision"],
            "Threads": row["threads"],
            "Median": _short(row["median_ms"]),
            "p95": _short(row["p95_ms"]),
        }
        | {stage.capitalize(): _short(value) for stage, value in row["stages_ms"].items()}
        | {
            "Peak MB": f"{row['peak_mb']:.0f}",
            "Files MB": f"{row['file_bytes'] / 1e6:.2f}",
        }
        for row in report["cascade"]
    ]


def command_rows(report: dict) -> list[Row]:
    """`predict` in a process of its own, on one X-ray and on many."""
    rows = {SIZES[name]: row for name, row in report["command"].items()}
    rows |= {f"{row['pictures']:,} of 454 x 373 pixels": row for row in report["growth"]}
    return [
        {"X-rays": title, "Seconds": f"{row['seconds']:.2f}", "Peak MB": f"{row['peak_mb']:.0f}"}
        for title, row in rows.items()
    ]


def run_rows(report: dict, name: str) -> list[Row]:
    """One network in every runtime, precision and number of threads."""
    entry, best = report["networks"][name], best_rates(report)
    return [
        {
            "Runtime": row["runtime"],
            "Number format": row["precision"],
            "Threads": row["threads"],
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


def best_rates(report: dict) -> dict[tuple[str, int], float]:
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


def _percent_of_best(row: dict, macs: int, best: dict) -> str:
    rate = best.get((row["precision"], row["threads"]))
    return f"{100 * _rate(row, macs) / rate:.0f}" if rate else ""


def _rate(row: dict, macs: int) -> float:
    return macs / 1e6 / row["median_ms"]


def _short(milliseconds: float) -> str:
    return f"{milliseconds:.1f}" if milliseconds < 100 else f"{milliseconds:.0f}"
