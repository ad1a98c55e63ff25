"""Writes the README's tables of figures from the cards and evaluations, nothing by hand."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from fracturelens.measured.evaluation import CASCADE, SPLITS, read_evaluation
from fracturelens.measured.speed import claim_rows, machine_line, read_benchmark, stale_line
from fracturelens.measured.tables import trivial_answer, with_interval
from fracturelens.networks.card import FILES, CardError, read_card
from important_variables import BENCHMARK, GATE, NETWORKS, ROOT, SAVED_MODELS, SEGMENTERS, TITLES
from training.documents.benchmark_tables import table_of
from training.documents.markdown import row

README = ROOT / "README.md"
COMMAND = "python command_line.py readme"
BEGIN = f"<!-- figures: written by `{COMMAND}` -->"
END = "<!-- end of figures -->"
GATE_KEYS = ("auroc", "average_precision", "brier", "ece")
SEGMENTER_KEYS = ("dice_mean", "iou_mean", "lesion_recall_10", "froc_10_at_050")
CASCADE_KEYS = ("dice_empty_one", "iou_empty_one", "dice_mean", "false_regions_per_image")
NOT_YET = f"No network has been evaluated yet; `{COMMAND}` fills this in."


class ReadmeError(RuntimeError):
    """The README lacks the marks between which the figures go."""


TOLD_ERRORS = (ReadmeError,)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `command_line.py readme`."""
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")


def run(arguments: argparse.Namespace) -> int:
    """Writes the README; with --check, exit code 1 where it is out of date."""
    old = README.read_text(encoding="utf-8")
    new = with_figures(old, SAVED_MODELS)
    if arguments.check:
        sys.stdout.write("up to date\n" if old == new else f"out of date: {COMMAND}\n")
        return int(old != new)
    README.write_text(new, encoding="utf-8")
    return 0


def with_figures(text: str, folder: Path, benchmark: Path = BENCHMARK) -> str:
    """The text with the tables of `folder`'s networks between the two marks.

    Raises:
        ReadmeError: a mark is missing, or stands there twice.
    """
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ReadmeError(f"README.md needs one line {BEGIN!r} and one line {END!r}.")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{figures(folder, benchmark)}\n\n{END}{rest.split(END)[1]}"


def figures(folder: Path, benchmark: Path = BENCHMARK) -> str:
    """Markdown tables: each split that was measured, then what each network is, then its speed."""
    tables = [table for split in SPLITS if (table := split_table(split, folder))]
    measured = [*tables, *network_table(folder)] or [NOT_YET]
    return "\n\n".join([*measured, *speed_table(benchmark, folder)])


def split_table(split: str, folder: Path) -> str:
    """Figures on one split with 95 % intervals, both precisions; "" where none was measured."""
    rows = [row for subject in (GATE, *SEGMENTERS) for row in _rows(subject, split, folder)]
    rows += _cascade_rows(split, folder)
    if not rows:
        return ""
    data = next(filter(None, (read_evaluation(name, split, folder) for name in NETWORKS)))["data"]
    head = (
        f"**{SPLITS[split].capitalize()}**: {data['images']} X-rays, {data['fractured']} of them "
        f"fractured, {data['lesions']} lesions; 95 % bootstrap intervals in brackets."
    )
    columns = "| network | figure | float32 | INT8 | trivial |\n|---|---|---|---|---|"
    return "\n".join([head, "", columns, *rows])


def network_table(folder: Path) -> Iterator[str]:
    """One row for each trained network: size, training, files; nothing where none is trained."""
    rows = [row for name in NETWORKS if (row := _network_row(name, folder))]
    if rows:
        head = "| network | parameters | input | best epoch | training | float32 | INT8 |"
        yield "\n".join([head, "|---|---|---|---|---|---|---|", *rows])


def speed_table(path: Path, models: Path) -> Iterator[str]:
    """The ratios that the last benchmark measured; nothing where there is none."""
    report = read_benchmark(path)
    if report is not None:
        told = " ".join(filter(None, (machine_line(report), stale_line(report, models))))
        yield f"**Speed.** {told} All rows: [benchmarks](benchmarks/README.md)."
        yield table_of(claim_rows(report)).rstrip()


def _rows(name: str, split: str, folder: Path) -> list[str]:
    float32 = read_evaluation(name, split, folder)
    if float32 is None:
        return []
    int8 = read_evaluation(name, split, folder, precision="int8") or {}
    keys = GATE_KEYS if name == GATE else SEGMENTER_KEYS
    return [
        _row(
            TITLES[name],
            float32["labels"].get(key, key),
            [with_interval(content.get("metrics", {}).get(key)) for content in (float32, int8)],
            trivial_answer(float32.get("baselines", []), key),
        )
        for key in keys
        if key in float32["metrics"]
    ]


def _cascade_rows(split: str, folder: Path) -> list[str]:
    float32 = read_evaluation(CASCADE, split, folder)
    if float32 is None:
        return []
    int8 = read_evaluation(CASCADE, split, folder, precision="int8") or {"networks": {}}
    rows = []
    for name, found in float32["networks"].items():
        other = int8["networks"].get(name, {}).get("metrics", {})
        for key in CASCADE_KEYS:
            cells = [with_interval(metrics.get(key)) for metrics in (found["metrics"], other)]
            label = float32["labels"].get(key, key)
            rows.append(
                _row(
                    f"Gate, then {TITLES[name]}",
                    label,
                    cells,
                    trivial_answer(found.get("baselines", []), key),
                )
            )
    return rows


def _row(network: str, label: str, cells: list[str], trivial: str) -> str:
    return row([network, label, *cells, trivial])


def _network_row(name: str, folder: Path) -> str:
    try:
        card = read_card(name, folder)
    except CardError:
        return ""
    training = card.training
    seconds = training.get("seconds")
    minutes = f"{seconds / 60:.0f} minutes" if seconds else "-"
    cells = [
        card.title,
        f"{card.parameters:,}",
        f"{card.settings['input_size']} px",
        f"{training.get('best_epoch', '-')} of {training.get('epochs', '-')}",
        ", ".join([minutes, str(training.get("machine", ""))]).removesuffix(", "),
        *(_megabytes(folder / name / file) for file in FILES.values()),
    ]
    return row(cells)


def _megabytes(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.2f} MB" if path.is_file() else "-"
