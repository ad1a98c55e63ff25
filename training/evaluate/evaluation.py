"""`evaluate`: measures a network or the cascade on one split and writes its evaluation file."""

import argparse
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from create_segmentation_model import load_model
from fracturelens.measured.bootstrap import Bootstrap, group_weights
from fracturelens.measured.conditions import Data, ModeCost
from fracturelens.measured.figures import with_count
from fracturelens.measured.layout import Evaluation, write_evaluation
from fracturelens.networks.brought import networks_in
from fracturelens.networks.card import FILES
from fracturelens.networks.inference import Calibration
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import Mode
from important_variables import CASCADE, GATE, NETWORKS
from prediction import thresholds_of
from training.data.dataset import FracAtlasError, Xray, read_fracatlas, read_splits, usable
from training.evaluate.bootstrap import GROUP_RULE, patient_groups
from training.evaluate.calibration import CHOSEN_ON, UncalibratedError, require_chosen
from training.evaluate.mode_cost import mode_cost
from training.evaluate.scores import SCORES, score_split
from training.evaluate.sections import (
    Evidence,
    gate_case,
    measure_cascade,
    measure_network,
    thresholds_used,
)
from training.evaluate.steadiness import measure_steadiness
from training.options import add_data_option, add_models_option

TOLD_ERRORS = (FracAtlasError, UncalibratedError)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens evaluate`."""
    parser.add_argument("name", choices=(*NETWORKS, CASCADE))
    add_data_option(parser)
    parser.add_argument("--split", choices=("val", "test"), default="val")
    parser.add_argument("--precision", choices=tuple(FILES), default="float32")
    parser.add_argument(
        "--flips",
        dest="mode",
        action="store_const",
        const=Mode.FLIPS,
        help="average each output with that of the mirrored picture",
    )
    parser.add_argument(
        "--whole",
        dest="mode",
        action="store_const",
        const=Mode.WHOLE,
        help="ask about the whole picture at once, not about tiles",
    )
    parser.add_argument(
        "--steadiness",
        action="store_true",
        help="measure what harmless changes of the files do to a gate, too: 13 times the work",
    )
    parser.set_defaults(mode=Mode.USUAL)
    add_models_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Evaluates, writes the file and prints the figures."""
    names = networks_in(arguments.models) if arguments.name == CASCADE else (arguments.name,)
    predictors = {n: load_model(n, arguments.precision, arguments.models) for n in names}
    xrays = read_fracatlas(arguments.data)
    evaluation = evaluate(
        predictors,
        xrays,
        arguments.split,
        arguments.mode,
        Bootstrap(),
        steadiness=arguments.steadiness,
    )
    path = write_evaluation(evaluation, arguments.models)
    sys.stdout.write(f"{summary(evaluation)}Written to {path}\n")
    return 0


def evaluate(
    predictors: Mapping[str, Predictor],
    xrays: list[Xray],
    split: str,
    mode: Mode,
    bootstrap: Bootstrap,
    cache: Path = SCORES,
    steadiness: bool = False,
) -> Evaluation:
    """The evaluation of one network, or of the cascade where several are given.

    Args:
        predictors: loaded networks by name, of one precision, with thresholds in their cards.
        xrays: every picture of FracAtlas on disk; the usable ones of `split` are measured, those
            of train fit the baselines.
        split: "val" or "test".
        mode: how the networks are asked.
        bootstrap: how intervals are drawn.
        cache: folder of raw scores.
        steadiness: measure a gate on harmlessly changed files too; without effect on others and
            in other modes than the usual one.

    Raises:
        FracAtlasError: no picture of the split is on disk.
        UncalibratedError: a card holds no thresholds.
    """
    evidence = _evidence(predictors, xrays, split, mode, bootstrap, cache)
    name = CASCADE if len(predictors) > 1 else next(iter(predictors))
    steady = {}
    if steadiness and name == GATE and mode is Mode.USUAL:
        steady = measure_steadiness(predictors[GATE], gate_case(evidence), split, cache)
    return Evaluation(
        name=name,
        split=split,
        precision=_precision(predictors),
        mode=str(mode),
        models={name: network.digest for name, network in predictors.items()},
        data=_describe(xrays, evidence, split),
        thresholds=thresholds_used(evidence),
        bootstrap=bootstrap.record(GROUP_RULE),
        chosen_here=evidence.chosen_here,
        steadiness=steady,
        mode_cost=_cost(predictors, evidence.xrays, mode),
        **(measure_cascade if name == CASCADE else measure_network)(evidence),
    )


def summary(evaluation: Evaluation) -> str:
    """The figures of an evaluation as lines of text, with intervals."""
    parts = {evaluation.name: evaluation.part, **evaluation.behind_gate}
    lines = []
    for name, part in parts.items():
        lines.append(f"{name}, {evaluation.split}, {evaluation.precision}")
        lines += [f"  {key:24} {with_count(figure)}" for key, figure in part.metrics.items()]
    for change, steady in evaluation.steadiness.items():
        lines.append(f"  {change:24} {with_count(steady['verdicts_changed'])}")
    return "\n".join(lines) + "\n"


def _evidence(
    predictors: Mapping[str, Predictor],
    xrays: list[Xray],
    split: str,
    mode: Mode,
    bootstrap: Bootstrap,
    cache: Path,
) -> Evidence:
    """What `evaluate` computes from; arguments and errors are its own."""
    chosen, precision = usable(xrays, split), _precision(predictors)
    if not chosen:
        raise FracAtlasError(
            f"No usable picture of the split {split!r} is on disk, so there is nothing to "
            "measure. Name the folder of the whole of FracAtlas with --data."
        )
    cards = {name: network.card for name, network in predictors.items()}
    for card in cards.values():
        require_chosen(card, precision)
    groups = patient_groups(chosen)
    return Evidence(
        train=usable(xrays, "train"),
        xrays=chosen,
        scores={n: score_split(p, chosen, split, mode, cache) for n, p in predictors.items()},
        thresholds=thresholds_of(cards, precision),
        calibration=cards[GATE].calibration_at(precision) if GATE in cards else Calibration(),
        groups=groups,
        weights=group_weights(groups, bootstrap),
        chosen_here=split == CHOSEN_ON,
    )


def _precision(predictors: Mapping[str, Predictor]) -> str:
    return next(iter(predictors.values())).precision


def _cost(predictors: Mapping[str, Predictor], chosen: list[Xray], mode: Mode) -> ModeCost | None:
    """What another mode than the usual one costs; None for that."""
    return None if mode is Mode.USUAL else mode_cost(predictors.values(), chosen, mode)


def _describe(xrays: list[Xray], evidence: Evidence, split: str) -> Data:
    """Counts of what was measured, left out and absent."""
    on_disk = {xray.image_id for xray in xrays}
    rows = [row for row in read_splits() if row[0] == split]
    reasons = [reason.split("_of_")[0] for _, _, reason in rows if reason]
    return Data(
        images=len(evidence.xrays),
        fractured=int(np.sum([xray.fractured for xray in evidence.xrays])),
        lesions=sum(len(xray.polygons) for xray in evidence.xrays),
        groups=int(evidence.groups.max()) + 1,
        excluded=dict(Counter(reasons)),
        absent=sum(image_id not in on_disk for _, image_id, _ in rows),
    )
