"""Writes MODEL_CARD.md and docs/results.md from the cards and evaluation files, nothing by hand.

The card is what one reads in five minutes; the long tables stand in the results. Its headings
follow CLAIM 2024, STARD-AI and the CHAI applied model card.
"""

import argparse
from pathlib import Path

from fracturelens.measured.figures import most_telling
from fracturelens.measured.layout import Evaluation
from fracturelens.measured.tables import steadiness_rows
from fracturelens.measured.words import PRECISIONS, SPLITS
from fracturelens.networks.card import ModelCard, read_cards
from fracturelens.screening.network import SCREENING
from important_variables import GATE, NETWORKS, ROOT, SAVED_MODELS
from training.documents.evaluation_section import rows_table
from training.documents.fairness import fairness
from training.documents.main_figures import main_table, networks_table
from training.documents.markdown import table
from training.documents.model_card_text import (
    DATA,
    ETHICS,
    MAINTENANCE,
    METHODS,
    RESULTS,
    SCREENING_TEXT,
    SECURITY,
    STEADINESS_TEXT,
    SUMMARY,
    USE,
)
from training.documents.results import evaluations, results_document
from training.documents.writing import Documents, add_check, write_or_check

CARD, RESULTS_FILE = "MODEL_CARD.md", "docs/results.md"
COMMAND = "fracturelens model-card"
NOT_YET = "No network has been evaluated yet."
THRESHOLDS = {
    "doubtful": "doubtful from",
    "fracture": "fracture from",
    "mask": "marked from",
    "min_lesion_share": "smallest region, of the picture",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens model-card`."""
    add_check(parser)


def run(arguments: argparse.Namespace) -> int:
    """Writes both documents; with --check, exit code 1 where one is out of date."""
    return write_or_check(documents(SAVED_MODELS), arguments.check, COMMAND)


def documents(folder: Path, root: Path = ROOT) -> Documents:
    """Model card and results of the networks in `folder`, by their paths below `root`."""
    cards = read_cards(NETWORKS, folder)
    return {
        root / CARD: model_card(folder, cards),
        root / RESULTS_FILE: results_document(folder, cards, COMMAND),
    }


def model_card(folder: Path, cards: list[ModelCard]) -> str:
    """The model card, Markdown; arguments as of `results_document`."""
    found = evaluations(folder)
    parts = [
        SUMMARY.format(command=COMMAND), USE, DATA, _networks(folder, cards),
        METHODS + _intervals(found), RESULTS, main_table(folder) or NOT_YET,
        fairness(found), _steadiness(folder), _screening(folder), _limits(cards), ETHICS,
        MAINTENANCE, SECURITY, _reproducing(cards),
    ]  # fmt: skip
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def _networks(folder: Path, cards: list[ModelCard]) -> str:
    """What each network is, and its thresholds."""
    if not cards:
        return "## Networks\n\nNo network is trained yet."
    contract = cards[0].inference.input
    low, high = contract.range
    text = (
        f"Input of every network: {contract.dtype} {contract.layout}, {contract.channels} equal "
        f"channels, {low:g} (black) to {high:g} (white); the X-ray letterboxed to the input size. "
        "The `inference` block of each `card.json` is complete: it is all that another program "
        "needs to get the same answers."
    )
    rows = [
        [card.title, words, _thresholds(card, precision)]
        for card in cards
        for precision, words in PRECISIONS.items()
    ]
    thresholds = table(["network", "precision", "thresholds, chosen on validation"], rows)
    return "\n".join(["## Networks", "", networks_table(folder), "", text, "", *thresholds])


def _thresholds(card: ModelCard, precision: str) -> str:
    chosen = card.thresholds_at(precision)
    known = [f"{words} {chosen[key]:g}" for key, words in THRESHOLDS.items() if key in chosen]
    return ", ".join(known) or "not chosen yet"


def _intervals(found: list[Evaluation]) -> str:
    if not found:
        return ""
    bootstrap = found[0].bootstrap
    return (
        f"- Brackets: {bootstrap.level:.0%} bootstrap intervals, {bootstrap.draws:,} draws, "
        f"seed {bootstrap.seed}, over groups; a group is {bootstrap.groups}."
    )


def _steadiness(folder: Path) -> str:
    """What harmless changes of a file do to the verdict of the INT8 gate, which the app uses."""
    found = most_telling(GATE, folder, "int8")
    if found is None or not found.steadiness:
        return ""
    text = STEADINESS_TEXT.format(split=SPLITS[found.split], images=found.data.images).strip()
    return "\n".join([text, "", *rows_table(steadiness_rows(found.steadiness))])


def _screening(folder: Path) -> str:
    """How often pictures are refused or judged with a caution."""
    cards = read_cards([SCREENING], folder)
    if not cards:
        return ""
    metrics = cards[0].metrics
    rows = [("FracAtlas, " + SPLITS[s], metrics[s]) for s in ("test", "val") if s in metrics]
    rows += [
        (f"Other sources: {g}", r) for g, r in metrics.get("external", {}).get("group", {}).items()
    ]
    head = ["pictures", "n", "refused", "judged with a caution"]
    lines = table(
        head,
        (
            [words, f"{one['pictures']:,}", *(_share(one[key]) for key in ("refused", "cautioned"))]
            for words, one in rows
        ),
    )
    return "\n".join([SCREENING_TEXT.strip(), "", *lines])


def _share(share: dict) -> str:
    """A share with its interval, as "2.1% (0.9 to 4.7)"."""
    return f"{share['share']:.1%} ({100 * share['low']:.1f} to {100 * share['high']:.1f})"


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
    text = (
        "`fracturelens train`, `calibrate` and `evaluate` make every figure again; "
        "[docs/training.md](docs/training.md) has the recipe."
    )
    license_line = f"License: {cards[0].licence}" if cards else ""
    heading = "## Reproducing and license"
    return "\n".join([heading, "", text, "", *table(head, rows), "", license_line])
