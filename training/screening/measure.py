"""Counts what screening makes of X-rays and of other pictures, with intervals."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tqdm import tqdm

from fracturelens.measured.proportions import share_of as measured_share
from fracturelens.networks.predictor import Predictor
from fracturelens.screening.outcome import Outcome, Screening
from fracturelens.screening.screen import screen
from fracturelens.xray.read import UnreadableXrayError, decode_xray
from training.data.dataset import Xray

LABELS = "labels.csv"


class LabelsError(RuntimeError):
    """The folder to measure on lacks its table; the text says what belongs there."""


def measure_xrays(xrays: list[Xray], network: Predictor, told: str) -> dict:
    """What becomes of FracAtlas films, ready for JSON.

    Args:
        xrays: usable pictures of one split.
        network: of `load_screening`.
        told: what the progress says.
    """
    paths = [xray.path for xray in xrays]
    return rates(screening for _, screening in _screened(paths, network, told))


def measure_folder(folder: Path, network: Predictor) -> dict:
    """What becomes of the pictures that labels.csv lists, ready for JSON.

    Args:
        folder: holds labels.csv with the columns file, source, kind and group.
        network: of `load_screening`.

    Returns:
        "group", "kind" (as "group, kind"), "source" (as "group, source"): each with rates.

    Raises:
        LabelsError: labels.csv is missing or lacks a column.
    """
    rows = read_labels(folder)
    paths = [Path(folder) / row["file"] for row in rows]
    screened = dict(_screened(paths, network, "external"))
    found: dict[str, dict[str, list[Screening]]] = {"group": {}, "kind": {}, "source": {}}
    for row, path in zip(rows, paths, strict=True):
        if path in screened:
            for column, entries in found.items():
                name = row["group"] if column == "group" else f"{row['group']}, {row[column]}"
                entries.setdefault(name, []).append(screened[path])
    return {
        column: {name: rates(some) for name, some in sorted(entries.items())}
        for column, entries in found.items()
    }


def read_labels(folder: Path) -> list[dict[str, str]]:
    """Rows of labels.csv.

    Raises:
        LabelsError: it is missing or lacks a column.
    """
    path = Path(folder) / LABELS
    wanted = "It lists pictures in the columns file, source, kind and group."
    if not path.is_file():
        raise LabelsError(f"{path} is missing. {wanted}")
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if not rows or {"file", "source", "kind", "group"} - rows[0].keys():
        raise LabelsError(f"{path} lacks a row or a column. {wanted}")
    return rows


def rates(screenings: Iterable[Screening]) -> dict:
    """Number of pictures, shares refused and cautioned with intervals, and what was seen.

    Returns:
        {"pictures", "refused": {"pictures", "share", "low", "high"}, "cautioned": the same,
        "flagged": refused or cautioned, the same, "refused_as": pictures by kind}.
    """
    screenings = list(screenings)
    counts = Counter(one.outcome for one in screenings)
    refused, cautioned = counts[Outcome.REFUSE], counts[Outcome.CAUTION]
    seen = Counter(one.kind for one in screenings if one.outcome is Outcome.REFUSE)
    return {
        "pictures": len(screenings),
        "refused": share_of(refused, len(screenings)),
        "cautioned": share_of(cautioned, len(screenings)),
        "flagged": share_of(refused + cautioned, len(screenings)),
        "refused_as": dict(seen.most_common()),
    }


def share_of(some: int, all_of_them: int) -> dict:
    """A share with its 95 % Wilson interval, ready for JSON.

    Args:
        some: pictures.
        all_of_them: pictures, at least 1.
    """
    found = measured_share(some, all_of_them)
    interval = {"share": found.value, "low": found.low, "high": found.high}
    return {"pictures": some} | {key: round(end or 0.0, 4) for key, end in interval.items()}


def _screened(paths: list[Path], network: Predictor, told: str) -> Iterator[tuple[Path, Screening]]:
    """Each readable file and what screening makes of it."""
    for path in tqdm(paths, desc=told, unit="picture", disable=None):
        try:
            yield path, screen(decode_xray(path.read_bytes()), network)
        except UnreadableXrayError:
            continue
