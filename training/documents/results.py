"""docs/results.md: every evaluation in full, as long tables."""

from pathlib import Path

from fracturelens.measured.failure_kinds import failure_rows, read_failures
from fracturelens.measured.layout import Evaluation, read_evaluation
from fracturelens.measured.parity import parity_of, parity_rows, parity_words
from fracturelens.measured.runtimes import runtime_rows, runtime_words
from fracturelens.measured.tables import exclusion_rows, mode_cost_words, mode_rows
from fracturelens.measured.words import ABOUT_FIGURES, MODES, SPLITS
from fracturelens.networks.card import ModelCard
from fracturelens.networks.runtime_parity import read_runtime_parity
from fracturelens.networks.tiling import Mode
from important_variables import CASCADE, NETWORKS, title_of
from training.documents.beyond_section import beyond_section
from training.documents.evaluation_section import evaluation_section, heading, rows_table

INTRODUCTION = """# Results

<!-- Written by `{command}` from saved_model/; do not edit. -->

All that was measured. [MODEL_CARD.md](../MODEL_CARD.md) holds the main figures and says how they
were made; the Evidence page of the app draws the curves. Intervals in brackets are 95 % bootstrap
intervals.
"""
FAILURES = """## Kinds of failures

What a person saw in the worst cases on validation: the lowest-scored fractures and the \
highest-scored X-rays without one, whatever the verdict. A picture may be of several kinds.
"""
RUNTIMES = """## OpenVINO beside LiteRT

What changes where the INT8 files run in OpenVINO. An answer is the gate's verdict, what screening \
makes of an X-ray, or a segmenter's findings: another number of them, or one in another place. \
`--runtime auto` takes OpenVINO only for networks that answer every X-ray alike.
"""
VERSIONS = tuple((split, precision) for split in SPLITS for precision in ("float32", "int8"))


def evaluations(folder: Path) -> list[Evaluation]:
    """All evaluations, test before val, float32 before INT8."""
    found = (
        read_evaluation(name, split, folder, precision)
        for split, precision in VERSIONS
        for name in (*NETWORKS, CASCADE)
    )
    return list(filter(None, found))


def results_document(folder: Path, cards: list[ModelCard], command: str) -> str:
    """The whole document, Markdown.

    Args:
        folder: where the networks lie.
        cards: of those that are trained.
        command: that writes it.
    """
    found = evaluations(folder)
    parts = [
        INTRODUCTION.format(command=command),
        "\n".join(f"- {sentence}" for sentence in ABOUT_FIGURES),
        _exclusions(found),
        *map(evaluation_section, found),
        _parity(cards),
        _runtimes(folder),
        *(_mode(mode, found, folder) for mode in MODES),
        beyond_section(folder),
        _failures(folder),
    ]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def _exclusions(found: list[Evaluation]) -> str:
    """What the data audit left out of each split that was measured."""
    lines = []
    for split, excluded in {one.split: one.data.excluded for one in found}.items():
        if rows := exclusion_rows(excluded):
            words = f"{SPLITS[split].capitalize()}, left out by the data audit:"
            lines += ["", words, "", *rows_table(rows)]
    return "\n".join(lines)


def _parity(cards: list[ModelCard]) -> str:
    """What INT8 costs, network by network."""
    lines = []
    for card in cards:
        if parity := parity_of(card):
            lines += ["", f"### {card.title}, INT8", "", *rows_table(parity_rows(parity))]
            lines += ["", " ".join(parity_words(parity))]
    return "\n".join(["## INT8 beside float32", *lines]) if lines else ""


def _runtimes(folder: Path) -> str:
    """Whether OpenVINO answers as LiteRT does, where that was compared."""
    measured = read_runtime_parity(folder)
    if measured is None:
        return ""
    lines = [RUNTIMES, *rows_table(runtime_rows(measured, folder)), "", runtime_words(measured)]
    return "\n".join(lines)


def _mode(mode: Mode, found: list[Evaluation], folder: Path) -> str:
    """Every evaluation that was repeated in another mode, beside the usual one, and the cost."""
    title, text = MODES[mode]
    lines = []
    for usual in found:
        other = read_evaluation(usual.name, usual.split, folder, usual.precision, mode)
        if other and (rows := mode_rows(usual.part.metrics, other.part.metrics, mode)):
            lines += ["", f"### {heading(usual)}, {title[0].lower()}{title[1:]}", ""]
            lines += rows_table(rows)
            lines += ["", cost] if (cost := mode_cost_words(other.mode_cost)) else []
    return "\n".join([f"## {title}", "", text, *lines]) if lines else ""


def _failures(folder: Path) -> str:
    """The kinds of the worst cases, where a person has looked at them."""
    rows = [
        {"Network": title_of(name)} | row
        for name in NETWORKS
        if (kinds := read_failures(name, folder))
        for row in failure_rows(name, kinds)
    ]
    return "\n".join([FAILURES, *rows_table(rows)]) if rows else ""
