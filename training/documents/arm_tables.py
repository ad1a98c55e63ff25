"""The ARM section of benchmarks/README.md: what was compared, and the least time that is needed."""

import json
from pathlib import Path

from fracturelens.measured.words import title_or_name
from fracturelens.networks.card import FILES, read_card
from important_variables import NETWORKS
from training.benchmark.arm_proof import file_hashes
from training.documents.markdown import table
from training.quantize.operator_table import total_multiply_accumulates

GIGAHERTZ, PAIRS, CORES = 1.5, 8, 4
"""Raspberry Pi 4: clock; INT8 pairs multiplied and accumulated by one instruction; cores."""
NOT_RUN = "Not run yet; `benchmarks/arm/emulate.sh` does it."


def arm_markdown(result: Path, models: Path) -> str:
    """The comparison that `result` holds, then the estimate for the INT8 files of `models`."""
    return "\n".join([*_comparison(result, models), "", *_estimate(models)]) + "\n"


def _comparison(result: Path, models: Path) -> list[str]:
    if not result.is_file():
        return [NOT_RUN]
    report = json.loads(result.read_text(encoding="utf-8"))
    verdict = "No output differs by more than one step" if report["equal"] else "**Outputs differ**"
    shipped = file_hashes(models)
    others = [
        spec.title for name, spec in NETWORKS.items() if report["files"].get(name) != shipped[name]
    ]
    lines = [
        f"{verdict}: {report['pictures']} synthetic samples, {report['processor']}, "
        f"{report['runtime']}, {report['date']}.",
        "",
    ]
    if others:
        names = " and ".join(others)
        lines += [f"The shipped files of {names} are not the ones that were compared.", ""]
    rows = (
        (
            title_or_name(name),
            f"{found['outputs']:,}",
            f"{found['equal']:,}",
            f"{found['largest_steps']:g}",
        )
        for name, found in report["networks"].items()
    )
    head = ["Network", "Outputs", "Equal to the bit", "Largest difference, INT8 steps"]
    return lines + table(head, rows)


def _estimate(models: Path) -> list[str]:
    """Multiply-accumulates / pairs per instruction / clock, one instruction in a cycle."""
    rows = []
    for name in NETWORKS:
        macs = total_multiply_accumulates((models / name / FILES["int8"]).read_bytes())
        times = read_card(name, models).inference.times_asked
        least = macs / PAIRS / GIGAHERTZ / 1e6
        milliseconds = (least, least / CORES, times * least / CORES)
        cells = (f"{value:,.0f} ms" for value in milliseconds[:2])
        rows.append(
            (
                NETWORKS[name].title,
                f"{macs / 1e6:,.0f}",
                *cells,
                str(times),
                f"{milliseconds[2]:,.0f} ms",
            )
        )
    head = [
        "Network",
        "Million multiply-accumulates",
        f"One core, at least (divided by {PAIRS} and {GIGAHERTZ} GHz)",
        f"All {CORES} cores, at least",
        "Asked for an X-ray, times",
        f"An X-ray, all {CORES} cores, at least",
    ]
    return table(head, rows)
