"""Writes MODEL_CARD.md from the cards and evaluation files, nothing by hand.

Headings follow CLAIM 2024, STARD-AI and the CHAI applied model card.
"""

import argparse
import json
import sys
from pathlib import Path

from fracturelens.measured.evaluation import CASCADE, read_evaluation
from fracturelens.measured.failure_kinds import failure_rows, read_failures
from fracturelens.measured.parity import parity_of, parity_rows, parity_words
from fracturelens.measured.tables import LOOKS, exclusion_rows, look_cost_words, look_rows
from fracturelens.networks.card import INT8, CardError, ModelCard, read_card
from fracturelens.networks.tiling import Look
from fracturelens.screening.check import REFERENCE_FILE
from important_variables import GATE, NETWORKS, ROOT, SAVED_MODELS, TITLES
from training.documents.fairness import fairness
from training.documents.markdown import table
from training.documents.model_card_text import (
    DATA,
    ETHICS,
    MAINTENANCE,
    METHODS,
    SECURITY,
    SUMMARY,
    USE,
)
from training.documents.results import SPLIT_WORDS, result, rows_table

DOCUMENT = ROOT / "MODEL_CARD.md"
COMMAND = "python command_line.py model-card"
VERSIONS = tuple((s, p) for s in ("test", "val") for p in ("float32", "int8"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `command_line.py model-card`."""
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")


def run(arguments: argparse.Namespace) -> int:
    """Writes MODEL_CARD.md; with --check, exit code 1 where it is out of date."""
    new = document(SAVED_MODELS)
    if arguments.check:
        stale = not DOCUMENT.is_file() or DOCUMENT.read_text(encoding="utf-8") != new
        sys.stdout.write(f"out of date: run `{COMMAND}`\n" if stale else "up to date\n")
        return int(stale)
    DOCUMENT.write_text(new, encoding="utf-8")
    return 0


def document(folder: Path) -> str:
    """The whole card of the networks in `folder`, Markdown."""
    cards = [card for name in NETWORKS if (card := _card_or_none(name, folder))]
    files = evaluations(folder)
    parts = [
        SUMMARY, MAINTENANCE, USE, ETHICS, DATA, _audit(files), _networks(cards), METHODS,
        _intervals(files),
        "## Results", *[result(file) for file in files], _parity(cards), _looks(files, folder),
        fairness(files), _refusal(folder), _failures(folder), _limits(cards), SECURITY,
        _reproducing(cards),
    ]  # fmt: skip
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def evaluations(folder: Path) -> list[dict]:
    """All evaluation files, test before val, float32 before INT8."""
    found = [
        read_evaluation(name, split, folder, precision)
        for split, precision in VERSIONS
        for name in (*NETWORKS, CASCADE)
    ]
    return [file for file in found if file]


def _card_or_none(name: str, folder: Path) -> ModelCard | None:
    try:
        return read_card(name, folder)
    except CardError:
        return None


def _networks(cards: list[ModelCard]) -> str:
    """Architecture, training and operating points of each network."""
    if not cards:
        return "## Networks\n\nNo network is trained yet."
    rows = [
        f"| {card.title} | {card.parameters:,} | {card.settings.get('input_size')} px "
        f"| {card.data.get('train', {}).get('pictures', 0):,} | {card.data.get('synthetic', 0):,} "
        f"| {card.training.get('epochs')}, best {card.training.get('best_epoch')} "
        f"| {_points(card)} |"
        for card in cards
    ]
    head = "| network | parameters | input | training X-rays | synthetic | epochs | thresholds |"
    contract = f"Input of every network: {cards[0].input_contract}."
    return "\n".join(["## Networks", "", head, "|---" * 7 + "|", *rows, "", contract])


def _points(card: ModelCard) -> str:
    keys = ("doubtful", "fracture") if card.name == GATE else ("mask", "min_lesion_share")
    own = card.thresholds.get(INT8, {})
    known = [f"{key} {card.thresholds[key]:g}" for key in keys if key in card.thresholds]
    known += [f"{key} in INT8 {own[key]:g}" for key in keys if key in own]
    return ", ".join(known) or "not chosen yet"


def _audit(files: list[dict]) -> str:
    """What the data audit left out of each split that was measured."""
    excluded = {file["split"]: file["data"].get("excluded", {}) for file in files}
    lines = []
    for split, reasons in excluded.items():
        if rows := exclusion_rows(reasons):
            lines += ["", f"{SPLIT_WORDS[split]}, left out by the data audit:", ""]
            lines += rows_table(rows)
    return "\n".join(lines)


def _intervals(files: list[dict]) -> str:
    if not files:
        return "No network has been evaluated yet."
    bootstrap = files[0]["bootstrap"]
    return (
        f"- Brackets: {bootstrap['level']:.0%} bootstrap intervals, {bootstrap['draws']:,} draws, "
        f"seed {bootstrap['seed']}, over groups; a group is {bootstrap['groups']}."
    )


def _parity(cards: list[ModelCard]) -> str:
    """What INT8 costs, network by network."""
    lines = []
    for card in cards:
        if parity := parity_of(card):
            lines += ["", f"### {card.title}, INT8", "", *rows_table(parity_rows(parity))]
            lines += ["", " ".join(parity_words(parity))]
    return "\n".join(["## INT8 beside float32", *lines]) if lines else ""


def _looks(files: list[dict], folder: Path) -> str:
    """Every evaluation that was repeated with another look, beside the usual one, and the cost."""
    return "\n\n".join(filter(None, (_look(look, files, folder) for look in LOOKS)))


def _look(look: Look, files: list[dict], folder: Path) -> str:
    title, text = LOOKS[look]
    lines = []
    for file in files:
        name, split, precision = file["name"], file["split"], file["precision"]
        other = read_evaluation(name, split, folder, precision, look)
        rows = look_rows(file["metrics"], (other or {}).get("metrics", {}), file["labels"], look)
        if rows:
            lines += ["", f"### {SPLIT_WORDS[split]}: {file['title']}, {precision}, {look}", ""]
            lines += rows_table(rows)
            cost = look_cost_words(other.get("look_cost"))
            lines += ["", cost] if cost else []
    return "\n".join([f"## {title}", "", text, *lines]) if lines else ""


def _refusal(folder: Path) -> str:
    """How often pictures are refused as no X-ray of a limb, hip or shoulder."""
    path = folder / REFERENCE_FILE
    if not path.is_file():
        return ""
    measured = json.loads(path.read_text(encoding="utf-8"))["measured"]
    rates = "; ".join(
        f"{SPLIT_WORDS[split].lower()}: {rate['refused']} of {rate['images']} ({rate['share']:.1%})"
        for split, rate in measured.items()
    )
    return (
        "## Pictures that are no X-ray of a limb, hip or shoulder\n\nWhat the DICOM header says, "
        "picture checks, and a distance to the training X-rays, its limit chosen on validation, "
        "refuse photographs, screenshots, documents, drawings, noise, chest pictures and other "
        "scans before any verdict; a user may override. "
        f"True X-rays refused: {rates}."
    )


def _failures(folder: Path) -> str:
    """The kinds of the worst cases, where a person has looked at them."""
    found = {name: kinds for name in NETWORKS if (kinds := read_failures(name, folder))}
    rows = [
        {"Network": TITLES[name]} | row
        for name, kinds in found.items()
        for row in failure_rows(name, kinds)
    ]
    if not rows:
        return ""
    text = (
        "What a person saw in the worst cases on validation: the lowest-scored fractures and the "
        "highest-scored X-rays without one, whatever the verdict. A picture may be of several "
        "kinds."
    )
    return "\n".join(["## Kinds of failures", "", text, "", *rows_table(rows)])


def _limits(cards: list[ModelCard]) -> str:
    sentences = dict.fromkeys(sentence for card in cards for sentence in card.limits)
    return "\n".join(["## Limits and risks", "", *[f"- {sentence}" for sentence in sentences]])


def _reproducing(cards: list[ModelCard]) -> str:
    """Seeds, versions and hashes."""
    rows = [
        [card.title, str(card.settings.get("seed")), f"`{card.versions.get('commit', '')[:12]}`",
         ", ".join(f"{k} {v}" for k, v in card.versions.items() if k != "commit"),
         ", ".join(f"{name} `{digest[:12]}`" for name, digest in sorted(card.files.items()))]
        for card in cards
    ]  # fmt: skip
    head = ["network", "seed", "commit", "versions", "files (SHA-256)"]
    text = "`python command_line.py train`, `calibrate` and `evaluate` make every figure again."
    licence = f"Licence: {cards[0].licence}" if cards else ""
    return "\n".join(["## Reproducing and licence", "", text, "", *table(head, rows), "", licence])
