"""The history of a training run: history.csv, a row for each epoch, and which epoch is best."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fracturelens.networks.card import POINTER, restore_words
from important_variables import GATE

HISTORY_FILE = "history.csv"


@dataclass(frozen=True)
class History:
    """The epochs of one network.

    Attributes:
        name: of the network.
        rows: a row for each epoch, values by column.
    """

    name: str
    rows: Sequence[dict[str, float]]

    @property
    def best_epoch(self) -> int:
        """Number of the epoch that is kept: of the highest Dice on val, for a gate the lowest loss.

        The AUROC of so few pictures jumps from epoch to epoch by more than it grows.
        """
        if self.name == GATE:
            best = min(self.rows, key=lambda row: row.get("val_loss", math.inf))
        else:
            best = max(self.rows, key=lambda row: row.get("val_dice_positives", -math.inf))
        return int(best["epoch"])

    @property
    def best(self) -> dict[str, float]:
        """The row of the best epoch."""
        return next(row for row in self.rows if row["epoch"] == self.best_epoch)


class HistoryError(RuntimeError):
    """A history is there and cannot be read; the text says what to do."""


def read_history(name: str, folder: Path) -> History | None:
    """The history in <folder>/<name>; None where there is none yet or no epoch stands in it.

    Raises:
        HistoryError: the file is damaged.
    """
    path = folder / name / HISTORY_FILE
    if not path.is_file():
        return None
    try:
        if path.read_bytes().startswith(POINTER):
            raise HistoryError(f"{path} is a Git LFS pointer, not the file. Run `git lfs pull`.")
        with path.open(encoding="utf-8", newline="") as file:
            rows = tuple(_numbers(row) for row in csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise HistoryError(f"{path} cannot be read ({error}). {restore_words(path)}") from error
    rows = tuple(row for row in rows if "epoch" in row)
    return History(name, rows) if rows else None


def write_history(history: History, folder: Path) -> None:
    """Writes the epochs as CSV to <folder>/<name>, which exists."""
    with (folder / history.name / HISTORY_FILE).open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(history.rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(history.rows)


def _numbers(row: dict[str, str]) -> dict[str, float]:
    """The cells of a row that hold finite numbers."""
    numbers = {}
    for key, text in row.items():
        try:
            value = float(text)
        except (TypeError, ValueError):
            continue
        if key and math.isfinite(value):
            numbers[key] = value
    return numbers
