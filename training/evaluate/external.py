"""`evaluate-external`: measures screening and the gate on films of other hospitals.

The films are there to measure with: no threshold that is shipped is chosen on them, and nothing
of them is kept but counts.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from fracturelens.measured.beyond import (
    NOW,
    Beyond,
    Halves,
    Screened,
    Spread,
    Travel,
    write_beyond,
)
from fracturelens.measured.beyond_tables import legs_rows, screening_rows
from fracturelens.measured.bootstrap import Bootstrap
from fracturelens.measured.layout import Estimate
from fracturelens.measured.proportions import share_of
from fracturelens.networks.calibration import calibrated
from fracturelens.results import Thresholds, Verdict
from fracturelens.screening.network import SCREENING
from fracturelens.screening.outcome import Outcome
from fracturelens.site.cases import examine_cases, group_cases
from fracturelens.site.choose import CannotCalibrateError, Chosen, choose, choosing_half
from fracturelens.site.command import SEED
from fracturelens.site.evaluation import shipped_choice
from fracturelens.site.figures import measure
from fracturelens.site.labels import LabelledFile
from important_variables import GATE, PRECISIONS
from prediction import Engine, judge_gate, load_engine
from training.options import add_models_option
from training.screening.measure import LabelsError, read_labels

HALVES = 100
"""Drawn besides that of the command's own seed."""
PROMISE = 0.95
Row = Mapping[str, str]
KINDS: dict[str, Callable[[Row], bool]] = {
    "limb": lambda row: row["group"] == "limb",
    "legs": lambda row: row["source"] == "legs",
    "cases": lambda row: row["group"] == "limb" and row["source"] == "cases",
    "wrists": lambda row: row["source"] == "grazped",
    "girdle": lambda row: row["group"] == "girdle",
    "other": lambda row: row["group"] == "other",
    "chest": lambda row: row["kind"] == "chest",
}
"""Kinds of film, in the order of the tables; a film may be of several."""
TOLD_ERRORS = (LabelsError, CannotCalibrateError)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens evaluate-external`."""
    parser.add_argument(
        "folder",
        type=Path,
        help="holds labels.csv with the columns file, source, kind, group and fractured",
    )
    parser.add_argument("--precision", choices=PRECISIONS, default="int8")
    add_models_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measures, writes the file and prints the figures."""
    engine = load_engine(arguments.precision, arguments.models, "litert")
    found = measure_external(arguments.folder, engine, Bootstrap())
    path = write_beyond(found, NOW, arguments.models)
    for row in (*screening_rows(found, None), *legs_rows(found, None)):
        sys.stdout.write("; ".join(map(str, row.values())) + "\n")
    sys.stdout.write(f"Written to {path}\n")
    return 0


def measure_external(folder: Path, engine: Engine, bootstrap: Bootstrap) -> Beyond:
    """What screening and the gate make of the films that labels.csv lists.

    Args:
        folder: of the films.
        engine: of `prediction.load_engine`.
        bootstrap: how intervals are drawn.

    Raises:
        LabelsError: labels.csv is missing or lacks a column, or no film of the kind "legs" with
            and without a fracture could be read.
    """
    rows = {row["file"]: row for row in read_labels(folder)}
    files = [
        LabelledFile(folder / name, name, row.get("fractured") == "1") for name, row in rows.items()
    ]
    judged = examine_cases(files, engine).judged
    legs = [case for case in judged if KINDS["legs"](rows[case.name])]
    truth = np.array([case.fractured for case in legs], bool)
    if truth.sum() < 4 or (~truth).sum() < 4:
        raise LabelsError(
            f"{folder} holds too few readable films of the source legs: at least 4 with "
            f"(fractured: 1) and 4 without a fracture (0) are needed, received {truth.sum()} and "
            f"{(~truth).sum()}."
        )
    outcomes = [(rows[case.name], case.outcome) for case in judged]
    models = {GATE: engine.networks[GATE].digest}
    if engine.screening is not None:
        models[SCREENING] = engine.screening.digest
    raw, groups = np.array([case.raw for case in legs]), group_cases(legs)
    return Beyond(
        source="Measured by `fracturelens evaluate-external` with the networks of this version.",
        precision=engine.precision,
        models=models,
        kinds=count_kinds(outcomes),
        legs=travel(raw, truth, groups, shipped_choice(engine), bootstrap),
    )


def count_kinds(outcomes: list[tuple[Row, Outcome]]) -> dict[str, Screened]:
    """Shares refused and cautioned of each kind of film that was met.

    Args:
        outcomes: for each film its row of labels.csv and what screening said.
    """
    said = {
        kind: Counter(outcome for row, outcome in outcomes if belongs(row))
        for kind, belongs in KINDS.items()
    }
    return {
        kind: Screened(
            counts.total(),
            share_of(counts[Outcome.REFUSE], counts.total()),
            share_of(counts[Outcome.CAUTION], counts.total()),
        )
        for kind, counts in said.items()
        if counts
    }


def travel(
    raw: np.ndarray, truth: np.ndarray, groups: np.ndarray, shipped: Chosen, bootstrap: Bootstrap
) -> Travel:
    """The gate on films of another hospital, as shipped and after calibration on half of them.

    Args:
        raw: its outputs, float (N,) in [0, 1].
        truth: labels, bool (N,).
        groups: int (N,), films that stay together.
        shipped: calibration and thresholds of the card.
        bootstrap: how intervals are drawn.
    """
    thresholds = Thresholds(shipped.doubtful, shipped.fracture, {})
    verdicts = [judge_gate(one, thresholds) for one in calibrated(raw, shipped.calibration)]
    half = choosing_half(truth, groups, SEED)
    chosen = choose(raw[half], truth[half])
    return Travel(
        figures=measure(raw, truth, groups, shipped, bootstrap),
        whole=_shares(verdicts, ~truth),
        broken=_shares(verdicts, truth),
        calibrated=measure(raw[~half], truth[~half], groups[~half], chosen, bootstrap),
        halves=draw_halves(raw, truth, groups),
    )


def draw_halves(raw: np.ndarray, truth: np.ndarray, groups: np.ndarray) -> Halves:
    """Calibrates on many halves and measures on the others; arguments as of `travel`."""
    rates = []
    for seed in range(HALVES):
        half = choosing_half(truth, groups, seed)
        chosen = choose(raw[half], truth[half])
        probability = calibrated(raw[~half], chosen.calibration)
        ill, well = probability[truth[~half]], probability[~truth[~half]]
        rates.append(
            {
                "sensitivity_doubtful": (ill >= chosen.doubtful).mean(),
                "specificity_doubtful": (well < chosen.doubtful).mean(),
                "sensitivity_fracture": (ill >= chosen.fracture).mean(),
                "specificity_fracture": (well < chosen.fracture).mean(),
                "doubtful_share": (
                    (probability >= chosen.doubtful) & (probability < chosen.fracture)
                ).mean(),
            }
        )
    columns = {key: np.array([one[key] for one in rates]) for key in rates[0]}
    kept = {key: values >= PROMISE for key, values in columns.items()}
    found_low, spared_low = kept["sensitivity_doubtful"], kept["specificity_doubtful"]
    found_high, spared_high = kept["sensitivity_fracture"], kept["specificity_fracture"]
    return Halves(
        HALVES,
        {key: _spread(values) for key, values in columns.items()},
        tiers=float((found_low & spared_high).mean()),
        one=float(((found_low & spared_low) | (found_high & spared_high)).mean()),
    )


def _spread(values: np.ndarray) -> Spread:
    low, high = np.quantile(values, (0.05, 0.95))
    return Spread(float(values.mean()), float(low), float(high))


def _shares(verdicts: list[Verdict], chosen: np.ndarray) -> dict[str, Estimate]:
    given = [verdict for verdict, one in zip(verdicts, chosen, strict=True) if one]
    return {str(verdict): share_of(given.count(verdict), len(given)) for verdict in Verdict}
