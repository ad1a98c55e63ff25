"""The speed part of the Evidence page, read from what `command_line.py benchmark` wrote.

Keys: `read_claims`, `read_cascade`, `read_predict`, `read_runs`.
"""

from pathlib import Path

import streamlit as st

from app_pages.evaluations import CASCADE, read_object
from app_pages.tables import reading_table
from important_variables import BENCHMARK

COMMAND = "python command_line.py benchmark"
SIZES = {"small": "one of 454 x 373 pixels", "large": "one of 2304 x 2880 pixels"}
Row = dict[str, object]


def read_benchmark(path: Path = BENCHMARK) -> dict | None:
    """What `benchmark` last measured; None where it has not been run, or not to its end."""
    content = read_object(path) or {}
    return content if {"ratios", "networks", "cascade"} <= content.keys() else None


def show_speed(subject: str) -> None:
    """Draws the claims and the whole way of a picture for "cascade", else one network's times."""
    st.header("Speed")
    report = read_benchmark()
    if report is None:
        st.info(f"Not measured yet. Run `{COMMAND}`.", icon=":material/speed:")
        return
    st.caption(f"{machine_line(report)} Milliseconds; the ratios are the claims.")
    if subject != CASCADE:
        reading_table(run_rows(report, subject), "runs")
        return
    reading_table(claim_rows(report), "claims")
    st.subheader("JPEG of 2304 x 2880 pixels to both overlays, all networks run")
    reading_table(cascade_rows(report), "cascade")
    st.subheader("The command `predict` in INT8, from its start to its end")
    reading_table(command_rows(report), "predict")


def machine_line(report: dict) -> str:
    """The machine and the day, one sentence."""
    machine = report["machine"]
    return (
        f"Measured on {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gib']} GiB, {machine['system']}; {report['date']}."
    )


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
    """The whole way of a large picture in each runtime."""
    return [
        {"Way": row["runtime"], "Median": _short(row["median_ms"]), "p95": _short(row["p95_ms"])}
        | {stage.capitalize(): _short(value) for stage, value in row["stages_ms"].items()}
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
    return [
        {
            "Runtime": row["runtime"],
            "Number format": row["precision"],
            "Threads": row["threads"],
            "Median": _short(row["median_ms"]),
            "p95": _short(row["p95_ms"]),
            "Per second": f"{row['per_second']:.1f}",
            "% of peak": "" if row["percent_of_peak"] is None else f"{row['percent_of_peak']:.0f}",
            "Load": f"{row['load_ms']:.0f}",
            "Peak MB": f"{row['peak_mb']:.0f}",
            "File MB": f"{row['file_bytes'] / 1e6:.2f}",
        }
        for row in report["networks"][name]["runs"]
    ]


def _short(milliseconds: float) -> str:
    return f"{milliseconds:.1f}" if milliseconds < 100 else f"{milliseconds:.0f}"
