"""`evaluate-studies`: what the OR of several views does to sensitivity and specificity.

Read from the gate's evaluation alone: each picture's verdict and its group of consecutive ids,
which mostly hold the views of one patient. No network runs.
"""

import argparse
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
import numpy as np

from fracturelens.measured.bootstrap import Bootstrap, estimate, group_weights, ratio
from fracturelens.measured.layout import Estimate, Evaluation, read_evaluation
from fracturelens.results import Verdict
from important_variables import DISCLAIMER, GATE, PRECISIONS
from training.options import add_models_option

FEWEST = 2
"""Views of a study."""
CALLS = {
    "doubtful": (Verdict.DOUBTFUL, Verdict.FRACTURE),
    "fracture": (Verdict.FRACTURE,),
}
"""Verdicts that count as a call, by the threshold they begin at."""


class NoEvaluationError(RuntimeError):
    """The gate was not evaluated; the text names the command."""


TOLD_ERRORS = (NoEvaluationError,)


@dataclass(frozen=True)
class Rates:
    """Figures of one way of calling, with bootstrap intervals over the groups."""

    sensitivity: Estimate
    specificity: Estimate


@dataclass(frozen=True)
class StudyFigures:
    """What the views of a study say alone and together.

    Attributes:
        split: that was measured.
        precision: of the gate.
        model: SHA-256 of its file.
        studies: groups with at least two pictures.
        fractured: of these.
        views: pictures in them.
        single: each view for itself, by threshold.
        any_of_two: the first two views of a study, called where either is.
        any_of_all: all its views, called where any is.
        limits: what these groups cannot tell.
    """

    split: str
    precision: str
    model: str
    studies: int
    fractured: int
    views: int
    single: dict[str, Rates]
    any_of_two: dict[str, Rates]
    any_of_all: dict[str, Rates]
    limits: str = (
        "FracAtlas has no patient ids: a study is a run of consecutive ids with the same body part "
        "and the same fracture state. All its views share the label, so that a fracture which one "
        "view alone shows is not among them: the gain in sensitivity is that of views that all "
        "show it."
    )
    notice: str = DISCLAIMER


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens evaluate-studies`."""
    add_models_option(parser)
    parser.add_argument("--split", choices=("val", "test"), default="val")
    parser.add_argument("--precision", choices=PRECISIONS, default="int8")


def run(arguments: argparse.Namespace) -> int:
    """Writes saved_model/gate/studies_<split>[_int8].json and tells the figures."""
    split, precision, folder = arguments.split, arguments.precision, arguments.models
    evaluation = read_evaluation(GATE, split, folder, precision)
    if evaluation is None:
        raise NoEvaluationError(
            f"The gate was not evaluated: `fracturelens evaluate gate --split {split} "
            f"--precision {precision}`."
        )
    figures = measure_studies(evaluation, Bootstrap())
    path = studies_path(split, folder, precision)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(asdict(figures)), indent=1) + b"\n")
    sys.stdout.write(f"{_told(figures)}Written to {path}\n")
    return 0


def studies_path(split: str, folder: Path, precision: str) -> Path:
    """Where the figures lie."""
    return folder / GATE / f"studies_{split}{'_int8' if precision == 'int8' else ''}.json"


def measure_studies(evaluation: Evaluation, bootstrap: Bootstrap) -> StudyFigures:
    """The figures of the gate's evaluation.

    Args:
        evaluation: of the gate, with its pictures' results in the order of their ids.
        bootstrap: how intervals are drawn.
    """
    columns = evaluation.part.pictures
    group = np.array(columns["group"])
    _, place, counts = np.unique(group, return_inverse=True, return_counts=True)
    chosen = counts[place] >= FEWEST
    _, group = np.unique(group[chosen], return_inverse=True)
    verdicts = np.array(columns["verdict"])[chosen]
    fractured = np.array(columns["fractured"], bool)[chosen]
    first_two = _rank_within(group) < FEWEST
    called = {name: np.isin(verdicts, [str(one) for one in calls]) for name, calls in CALLS.items()}
    _, first = np.unique(group, return_index=True)
    label, studies = fractured[first], np.arange(len(first))

    def together(which: np.ndarray) -> dict[str, Rates]:
        return {
            name: _rates(np.bincount(group[which], calls[which]) > 0, label, studies, bootstrap)
            for name, calls in called.items()
        }

    return StudyFigures(
        split=evaluation.split,
        precision=evaluation.precision,
        model=evaluation.models[GATE],
        studies=len(first),
        fractured=int(label.sum()),
        views=len(group),
        single={name: _rates(calls, fractured, group, bootstrap) for name, calls in called.items()},
        any_of_two=together(first_two),
        any_of_all=together(np.ones(len(group), bool)),
    )


def _rank_within(group: np.ndarray) -> np.ndarray:
    """The how-manieth of its group each picture is, from 0, int (N,); groups are runs."""
    _, first = np.unique(group, return_index=True)
    return np.arange(len(group)) - first[group]


def _rates(
    called: np.ndarray, fractured: np.ndarray, group: np.ndarray, bootstrap: Bootstrap
) -> Rates:
    """Sensitivity and specificity of calls, bool (N,), whose groups are drawn together."""
    weights = group_weights(group, bootstrap)
    healthy = ~fractured
    return Rates(
        estimate(ratio(called & fractured, fractured), weights, int(fractured.sum())),
        estimate(ratio(~called & healthy, healthy), weights, int(healthy.sum())),
    )


def _told(figures: StudyFigures) -> str:
    """The figures in lines for the terminal."""
    ways = {"single": "one view", "any_of_two": "two views", "any_of_all": "all views"}
    lines = [f"{figures.studies} studies with {figures.views} views on {figures.split}"]
    for threshold in CALLS:
        for key, words in ways.items():
            rates = getattr(figures, key)[threshold]
            lines.append(
                f"from {threshold}, {words}: sensitivity {_number(rates.sensitivity)}, "
                f"specificity {_number(rates.specificity)}"
            )
    return "\n".join(lines) + "\n"


def _number(figure: Estimate) -> str:
    return "undefined" if figure.value is None else f"{figure.value:.3f}"
