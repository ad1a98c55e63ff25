"""Writes MODEL_CARD.md from the cards and evaluation files, nothing by hand.

Headings follow CLAIM 2024, STARD-AI and the CHAI applied model card.
"""

import argparse
import json
import sys
from pathlib import Path

from app_pages.evaluations import CASCADE, read_evaluation
from app_pages.failure_kinds import failure_rows, read_failures
from important_variables import ATTRIBUTION, DISCLAIMER, GATE, NETWORKS, ROOT, SAVED_MODELS, TITLES
from model_card import CardError, ModelCard, read_card
from refusal import REFERENCE_FILE
from training.evaluation import format_estimate
from training.markdown import table

DOCUMENT = ROOT / "MODEL_CARD.md"
COMMAND = "python command_line.py model-card"
VERSIONS = tuple((s, p, f) for s in ("test", "val") for p in ("float32", "int8") for f in (0, 1))
SPLIT_WORDS = {"val": "Validation", "test": "Test"}
SUMMARY = f"""# Model card: FractureLens

<!-- Written by `{COMMAND}` from saved_model/; do not edit. -->

**{DISCLAIMER}**

A gate says whether an X-ray shows a fracture; two segmentation networks, an encoder-decoder and \
a U-Net, outline where. {ATTRIBUTION}
"""
USE = """## Intended use

- Purpose: research and teaching on plain radiographs of hand, leg, hip and shoulder.
- Users: people who can read radiographs, or who study how such networks behave.
- Output: a calibrated fracture probability with one of three verdicts ("fracture", "doubtful", \
"no fracture seen"); for the first a mask and a list of lesions from each network, for the second \
a list of hints.
- Human oversight: every output is to be checked against the X-ray by a qualified reader.

### Out of scope

Diagnosis, triage or treatment of patients; chest, spine, skull, dental and CT pictures; \
photographs of films; dating or grading of fractures; dislocations, tumours and other findings.
"""
AGREEMENT = {
    "agreement": "that are painted",
    "agreement_doubtful": "that are hints on doubtful X-rays",
}
DATA = """## Data

- Source: FracAtlas, 4,083 radiographs from three hospitals in Bangladesh, 717 of them with \
fractures; reference standard: polygons by radiologists, checked by an orthopaedist, as its \
authors describe. There are no patient ids, ages or sexes, so fairness across these cannot be \
measured.
- Split: contiguous blocks of ids, so that the views of one patient stay together; the list is in \
`fracture/splits/`, with every exclusion and its reason (truncated files, copies, contradictory \
labels).
- Preparation: letterboxed with the aspect kept, values in [0, 1]; nothing else.
"""
METHODS = """## How the figures were made

- Gate: ROC, precision-recall and calibration over all usable pictures of the split. Segmenters: \
Dice and IoU on fractured pictures; a lesion counts as found where a painted region overlaps it \
with the stated IoU; a region that finds none is false. Cascade: as the user gets it, with an \
empty mask wherever the gate sees no fracture.
- Calibration, operating points and mask thresholds were chosen on the validation split. There, \
figures at those points are optimistic; cross-fitted figures stand beside them.
- Trivial baselines were measured with the same code.
"""


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
        SUMMARY, USE, DATA, _networks(cards), METHODS, _intervals(files),
        "## Results", *[_result(file) for file in files],
        _refusal(folder), _failures(folder), _limits(cards), _reproducing(cards),
    ]  # fmt: skip
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def evaluations(folder: Path) -> list[dict]:
    """All evaluation files, test before val, float32 before INT8."""
    found = [
        read_evaluation(name, split, folder, precision, bool(flips))
        for split, precision, flips in VERSIONS
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
    known = [f"{key} {card.thresholds[key]:g}" for key in keys if key in card.thresholds]
    return ", ".join(known) or "not chosen yet"


def _intervals(files: list[dict]) -> str:
    if not files:
        return "No network has been evaluated yet."
    bootstrap = files[0]["bootstrap"]
    return (
        f"- Brackets: {bootstrap['level']:.0%} bootstrap intervals, {bootstrap['draws']:,} draws, "
        f"seed {bootstrap['seed']}, over groups; a group is {bootstrap['groups']}."
    )


def _result(file: dict) -> str:
    """One evaluation file: figures, operating points, subgroups, baselines, agreement."""
    data = file["data"]
    flips = ", flip averaging" if file["flips"] else ""
    lines = [
        f"### {SPLIT_WORDS[file['split']]}: {file['title']}, {file['precision']}{flips}",
        "",
        f"{data['images']} X-rays, {data['fractured']} fractured, {data['lesions']} lesions, "
        f"{data['groups']} groups. {file['notes'][0]}",
        "",
        *_figures(file, file["labels"]),
    ]
    for key, point in file.get("operating_points", {}).items():
        lines += ["", f'Operating point "{key}", {point["threshold"]:g}: {_confusion(point)}', ""]
        lines += table(["figure", "value"], _rows(point["metrics"], file["labels"]))
    for name, part in file.get("networks", {}).items():
        lines += ["", f"#### Gate, then {TITLES[name]}", "", *_figures(part, file["labels"])]
    for key, where in AGREEMENT.items():
        if key in file:
            lines += ["", f"Regions {where}, on which both networks agree or that stand alone:", ""]
            lines += _agreement(file[key])
    return "\n".join(lines)


def _agreement(regions: dict) -> list[str]:
    rows = [
        [kind.replace("_", " ", 1), format_estimate(entry["precision"])]
        for kind, entry in regions.items()
    ]
    return table(["regions", "precision"], rows)


def _figures(part: dict, labels: dict) -> list[str]:
    """Metrics beside the baselines, then cross-fitted figures and subgroups."""
    rivals = part.get("baselines", [])
    rows = [
        [labels[key], format_estimate(entry), *[_plain(rival, key) for rival in rivals]]
        for key, entry in part["metrics"].items()
    ]
    lines = table(["figure", "value", *[rival["label"] for rival in rivals]], rows)
    if "cross_fitted" in part:
        lines += ["", part["cross_fitted"]["note"], ""]
        lines += table(["figure", "value"], _rows(part["cross_fitted"]["metrics"], labels))
    if part.get("subgroups"):
        keys = list(part["subgroups"][0]["metrics"])
        rows = [
            [f"{row['by']}: {row['value']}", str(row["n"]), str(row["fractured"]),
             *[format_estimate(row["metrics"][key]) for key in keys]]
            for row in part["subgroups"]
        ]  # fmt: skip
        head = ["subgroup", "n", "fractured", *[labels[key] for key in keys]]
        lines += ["", *table(head, rows)]
    return lines


def _rows(metrics: dict, labels: dict) -> list[list[str]]:
    return [[labels[key], format_estimate(entry)] for key, entry in metrics.items()]


def _plain(rival: dict, key: str) -> str:
    value = rival["metrics"].get(key, {}).get("value")
    return "" if value is None else f"{value:.3f}"


def _confusion(point: dict) -> str:
    return ", ".join(f"{key.upper()} {point[key]}" for key in ("tp", "fp", "fn", "tn")) + "."


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
        "## Pictures that are no X-ray of a limb, hip or shoulder\n\nPicture checks and a distance "
        "to the training X-rays, its limit chosen on validation, refuse photographs, documents, "
        "drawings, noise, chest and CT pictures before any verdict; a user may override. "
        f"True X-rays refused: {rates}."
    )


def _failures(folder: Path) -> str:
    """The kinds of the worst cases, where a person has looked at them."""
    found = {name: kinds for name in NETWORKS if (kinds := read_failures(name, folder))}
    rows = [
        [TITLES[name], *map(str, row.values())]
        for name, kinds in found.items()
        for row in failure_rows(kinds)
    ]
    if not rows:
        return ""
    head = ["network", "failure", "kind", "pictures"]
    text = "What a person saw in the worst cases on validation; a picture may be of several kinds."
    return "\n".join(["## Kinds of failures", "", text, "", *table(head, rows)])


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
