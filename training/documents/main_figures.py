"""The tables that README and model card share: headline figures, main figures, networks."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from fracturelens.measured.figures import most_telling, with_interval
from fracturelens.measured.layout import Estimate, Evaluation, Part, read_evaluation
from fracturelens.measured.tables import trivial_answer
from fracturelens.measured.words import SPLITS, label_of, title_or_name
from fracturelens.networks.card import FILES, ModelCard, read_cards
from important_variables import CASCADE, GATE, NETWORKS
from training.documents.markdown import table

HEAD = ["network", "figure", "float32", "INT8", "best answer without a network"]
VERDICT_RATES = ("sensitivity_fracture", "specificity_fracture")
"""Of the verdict "fracture", cross-fitted: no X-ray judges a threshold that it helped to choose."""
GATE_KEYS = ("auroc", "average_precision", "brier", "ece")
SEGMENTER_KEYS = ("dice_mean", "iou_mean", "lesion_recall_10", "froc_10_at_050")
CASCADE_KEYS = ("dice_empty_one", "iou_empty_one", "dice_mean", "false_regions_per_image")


def headline_table(folder: Path) -> str:
    """Few figures of each network on its most telling split; "" where none was measured."""
    return _with_counts(folder, _network_rows(folder, {n: s.headline for n, s in NETWORKS.items()}))


def main_table(folder: Path) -> str:
    """The main figures of each network and of the cascade; "" where none was measured."""
    keys = {name: GATE_KEYS if name == GATE else SEGMENTER_KEYS for name in NETWORKS}
    return _with_counts(folder, [*_network_rows(folder, keys), *_cascade_rows(folder)])


def networks_table(folder: Path) -> str:
    """One row for each trained network: size, how it is asked, training, files; "" without any."""
    cards = read_cards(NETWORKS, folder)
    head = ["network", "parameters", "input", "asked about", "trained on", "best epoch",
            "last stage", "float32", "INT8"]  # fmt: skip
    return "\n".join(table(head, (_network_row(card, folder) for card in cards))) if cards else ""


Pair = tuple[Evaluation, Evaluation | None]
"""An evaluation in float32, and the same in INT8 where it was made."""


def _pair(name: str, folder: Path) -> Pair | None:
    found = most_telling(name, folder)
    return found and (found, read_evaluation(name, found.split, folder, "int8"))


def _with_counts(folder: Path, rows: list[list[str]]) -> str:
    """The table under a sentence on the X-rays behind it."""
    found = next(filter(None, (most_telling(name, folder) for name in NETWORKS)), None)
    if found is None:
        return ""
    data = found.data
    counts = (
        f"**{SPLITS[found.split].capitalize()}**: {data.images} X-rays, {data.fractured} of them "
        f"fractured, {data.lesions} lesions; 95 % bootstrap intervals in brackets."
    )
    return "\n".join([counts, "", *table(HEAD, rows)])


def _network_rows(folder: Path, keys: Mapping[str, Sequence[str]]) -> list[list[str]]:
    rows: list[list[str]] = []
    for name, chosen in keys.items():
        if pair := _pair(name, folder):
            title = NETWORKS[name].title
            rows += _rows(title, [found and found.part for found in pair], chosen)
            rows += _verdict_rows(title, pair)
    return rows


def _rows(title: str, parts: Sequence[Part | None], keys: Sequence[str]) -> Iterator[list[str]]:
    first = parts[0]
    for key in keys:
        if first and key in first.metrics:
            cells = [with_interval(part.metrics.get(key) if part else None) for part in parts]
            yield [title, label_of(key), *cells, trivial_answer(first.baselines, key)]


def _verdict_rows(title: str, pair: Pair) -> Iterator[list[str]]:
    """How often the verdict "fracture" is right; nothing for a segmenter."""
    for key in VERDICT_RATES:
        figures = [_rate(found, key) for found in pair]
        if figures[0]:
            yield [title, label_of(key), *map(with_interval, figures), "-"]


def _rate(found: Evaluation | None, key: str) -> Estimate | None:
    """Cross-fitted where thresholds were chosen on the same X-rays, else as measured."""
    if found is None:
        return None
    if found.cross_fitted:
        return found.cross_fitted.metrics.get(key)
    figure, _, point = key.partition("_")
    measured = found.operating_points.get(point)
    return measured.metrics.get(figure) if measured else None


def _cascade_rows(folder: Path) -> Iterator[list[str]]:
    if pair := _pair(CASCADE, folder):
        for name in pair[0].behind_gate:
            parts = [found and found.behind_gate.get(name) for found in pair]
            yield from _rows(f"Gate, then {title_or_name(name)}", parts, CASCADE_KEYS)


def _network_row(card: ModelCard, folder: Path) -> list[str]:
    training, seconds = card.training, card.training.get("seconds")
    pictures = card.data.get("train", {}).get("pictures", 0)
    synthetic = card.data.get("synthetic", 0)
    return [
        card.title,
        f"{card.parameters:,}",
        f"{card.input_size} px",
        card.inference.looked_at,
        f"{pictures:,} X-rays" + (f", {synthetic} synthetic" if synthetic else ""),
        f"{training.get('best_epoch', '-')} of {training.get('epochs', '-')}",
        f"{seconds / 60:.0f} minutes" if seconds else "-",
        *(_megabytes(folder / card.name / file) for file in map(card.file_at, FILES)),
    ]


def _megabytes(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.2f} MB" if path.is_file() else "-"
