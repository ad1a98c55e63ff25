"""Figures for people: numbers with their intervals, and those that introduce a network."""

import math
from dataclasses import dataclass
from pathlib import Path

from fracturelens.measured.layout import Estimate, Evaluation, read_evaluation
from fracturelens.measured.words import SHORT_LABELS, SPLITS, label_of
from fracturelens.networks.card import ModelCard
from important_variables import NETWORKS


@dataclass(frozen=True)
class Figure:
    """A figure ready for the page: label, value, interval (may be empty) and a note."""

    label: str
    text: str
    interval: str
    note: str


def headline_figures(card: ModelCard, folder: Path) -> list[Figure]:
    """The figures that introduce a network, on the most telling split where it was measured.

    Args:
        card: of the network.
        folder: where the networks lie.
    """
    found = most_telling(card.name, folder)
    if found is None:
        return []
    return [
        Figure(
            SHORT_LABELS.get(key, label_of(key)),
            number(figure),
            interval(figure),
            _note(figure, found.split),
        )
        for key in NETWORKS[card.name].headline
        if (figure := found.part.metrics.get(key))
    ]


def splits_of(name: str, folder: Path, precision: str = "float32") -> list[str]:
    """Splits on which a network or the cascade was evaluated, the most telling one first."""
    return [split for split in SPLITS if read_evaluation(name, split, folder, precision)]


def most_telling(name: str, folder: Path, precision: str = "float32") -> Evaluation | None:
    """The evaluation on the most telling split; None where there is none."""
    found = (read_evaluation(name, split, folder, precision) for split in SPLITS)
    return next(filter(None, found), None)


def number(figure: Estimate | float | None, digits: int = 3) -> str:
    """The value of an estimate or a plain number as text; a dash where it is undefined."""
    value = figure.value if isinstance(figure, Estimate) else figure
    if value is None or not math.isfinite(value):
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.{digits}f}"


def interval(figure: Estimate | None, digits: int = 3) -> str:
    """The 95 % interval of an estimate as text, empty where there is none."""
    if figure is None or figure.low is None or figure.high is None:
        return ""
    return f"{figure.low:.{digits}f} to {figure.high:.{digits}f}"


def with_interval(figure: Estimate | None, digits: int = 3) -> str:
    """An estimate as "0.412 (0.360 to 0.463)"; a dash where it is undefined."""
    span = interval(figure, digits)
    return number(figure) + (f" ({span})" if span else "")


def with_count(figure: Estimate) -> str:
    """An estimate as "0.412 (0.360 to 0.463), n = 104", or "undefined"."""
    return "undefined" if figure.value is None else f"{with_interval(figure)}, n = {figure.n}"


def predictive_values(
    sensitivity: float, specificity: float, prevalence: float
) -> tuple[float, float]:
    """PPV and NPV at a prevalence, by Bayes; NaN where no case gets that verdict.

    All arguments are fractions in [0, 1].
    """
    positive = sensitivity * prevalence + (1 - specificity) * (1 - prevalence)
    negative = specificity * (1 - prevalence) + (1 - sensitivity) * prevalence
    ppv = sensitivity * prevalence / positive if positive else math.nan
    npv = specificity * (1 - prevalence) / negative if negative else math.nan
    return ppv, npv


def _note(figure: Estimate, split: str) -> str:
    return f"On the {SPLITS[split]} X-rays" + (f", n = {figure.n:,}" if figure.n else "")
