"""Measures a network or the cascade on one split and writes its evaluation_<split>.json.

Layout, version 1 (the Evidence page, the README and MODEL_CARD.md read it; keys stay).
An `Estimate` is {"value", "low", "high", "n"}: the figure, its 95 % bootstrap interval, and the
number of cases behind it (pictures, lesions or regions); null where it is undefined.

Every file, saved_model/<network or cascade>/evaluation_<split>[_int8][_whole|_flips].json:
    layout       1
    name, title, split ("val" | "test"), precision ("float32" | "int8"), look ("usual" |
                 "whole" | "flips", see networks/tiling.py)
    models       {network: SHA-256 of the file that was measured}
    data         {"images", "fractured", "lesions", "groups", "excluded": {reason: n},
                 "absent": pictures of the split that are not on disk}
    thresholds   {"doubtful", "fracture", "mask": {network: t}, "min_lesion_share"}: those used
                 (a file of one network holds only its own)
    bootstrap    {"draws", "seed", "level", "groups": what a group is, in words}
    notes        [sentence, ...] to be shown with the figures
    look_cost    {"images", "usual_ms", "look_ms"}: median milliseconds of a picture as usual and
                 with this look, on so many pictures; only where the look is another
    labels       {metric key: words}, for every key of every `metrics` below

gate:
    metrics           {key: Estimate}: auroc, average_precision, brier, ece, brier_raw, ece_raw
                      (before calibration), accuracy (at the fracture point)
    operating_points  {"doubtful" | "fracture" | "half": {"threshold", "tp", "fp", "fn", "tn",
                      "metrics": {sensitivity, specificity, ppv, npv, accuracy: Estimate}}}
    tiers             {"fracture" | "doubtful" | "no fracture seen": {"images", "fractured"}}
    curves            {"roc": {"fpr", "tpr", "threshold"}, "precision_recall": {"recall",
                      "precision", "threshold"}, "reliability" and "reliability_raw":
                      {"low", "high", "predicted", "observed", "n"}}: lists of equal length
    subgroups         [{"by", "value", "n", "fractured", "metrics": {auroc, average_precision,
                      sensitivity, specificity (at the doubtful point)}}]
    baselines         [{"key", "label", "metrics": as above}]: always_negative, size_and_format,
                      body_part_and_view
    cross_fitted      {"folds", "note", "metrics": {sensitivity_doubtful, specificity_doubtful,
                      sensitivity_fracture, specificity_fracture, brier, ece}}; val only
    worst             {"false_negatives", "false_positives": [{"image_id", "probability",
                      "verdict"}]}: the lowest-scored fractures and the highest-scored pictures
                      without one, whatever the verdict, worst first, at most 40 each

encoder_decoder, unet:
    metrics           at the picture's own resolution: dice_mean, dice_median, iou_mean,
                      iou_median (fractured pictures); the same with _256 (letterboxed to 256 px);
                      dice_empty_one, iou_empty_one (all pictures, two empty masks count 1);
                      false_positive_share (mean share of the picture painted wrongly),
                      painted_unfractured (share of unfractured pictures with any region),
                      false_share_of_paint (painted pixels that are false, all pictures together);
                      lesion_recall_10, _30, _50 (IoU with the region at least 0.1, 0.3, 0.5),
                      lesion_precision_10 (regions that find a lesion), false_regions_per_image;
                      froc_10_at_025, _at_050, _at_100 and froc_30_..., froc_50_... (lesion recall
                      at 0.25, 0.5, 1 false regions per picture);
                      box_map50_fractured, box_map50
    curves            {"froc": {"10" | "30" | "50": {"false_per_image", "recall", "score"}}: one
                      point for each lesion found; the first (nothing shown) and the last
                      (everything shown) have the score null,
                      "dice_by_threshold": {"threshold", "dice"}}
    subgroups         [... "metrics": {dice_mean, lesion_recall_10, false_regions_per_image}]
    baselines         [...]: empty_mask, centred_blob
    cross_fitted      {"folds", "note", "metrics": {dice_mean}}; val only
    worst             {"false_negatives": [{"image_id", "dice", "found", "lesions"}],
                      "false_positives": [{"image_id", "score", "regions",
                      "painted_share"}]}: fractures of the lowest Dice, pictures without a
                      fracture whose painted regions score highest; the score of a region is its
                      mean probability

cascade:
    networks          {network: {"metrics", "curves", "subgroups", "baselines", "worst"} as for a
                      segmenter, with an empty mask wherever the gate's verdict is not
                      "fracture"; a region's score is its mean times the gate's probability, and
                      the FROC curve goes on over the doubtful pictures, whose regions are
                      dotted hints; each worst case has the gate's "verdict"}
    metrics           {"segmented_share" (pictures that reach the segmenters), "painted_share"
                      (pictures whose verdict is fracture), "sensitivity",
                      "specificity" (verdict doubtful or fracture, as against none seen)}
    agreement         {"agreed" | "lone_encoder_decoder" | "lone_unet":
                      {"regions", "true", "precision": Estimate}}: a region agrees when one of the
                      other network's overlaps it with IoU >= 0.1; true = finds a lesion (IoU 0.1)
    agreement_doubtful  the same for the hints on doubtful pictures
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from create_segmentation_model import load_model
from fracturelens.measured.evaluation import CASCADE, evaluation_path
from fracturelens.networks.card import FILES
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import Look
from important_variables import NETWORKS, SAVED_MODELS, TITLES, fracatlas_folder
from training.data.dataset import FracAtlasError, Xray, read_fracatlas, read_splits, usable
from training.evaluate.bootstrap import Bootstrap, group_weights, patient_groups
from training.evaluate.calibration import CHOSEN_ON
from training.evaluate.scores import SCORES, score_split
from training.evaluate.sections import (
    LABELS,
    Evidence,
    UncalibratedError,
    card_thresholds,
    cascade_sections,
    single_sections,
    used_thresholds,
)
from training.evaluate.tiling_cost import look_cost

LAYOUT = 1
DECIMALS = 6
TOLD_ERRORS = (FracAtlasError, UncalibratedError)
NOTES = (
    "Ceiling: 31 pictures were annotated twice; the two annotations agree at Dice 0.69 (mean), "
    "0.78 (median).",
    "FracAtlas has no patient ids: intervals are drawn over groups of consecutive pictures.",
    "Excluded pictures and duplicates are not counted.",
)
OPTIMISTIC = (
    "Calibration and thresholds were chosen on these very pictures, so figures at those points "
    "are optimistic; the cross-fitted figures of the single networks are not."
)
HONEST = "Calibration and thresholds were chosen on val; nothing was chosen on these pictures."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `command_line.py evaluate`."""
    parser.add_argument("name", choices=(*NETWORKS, CASCADE))
    parser.add_argument("--data", type=Path, default=fracatlas_folder(),
                        help="folder of FracAtlas (default: %(default)s)")  # fmt: skip
    parser.add_argument("--split", choices=("val", "test"), default="val")
    parser.add_argument("--precision", choices=tuple(FILES), default="float32")
    parser.add_argument("--flips", dest="look", action="store_const", const=Look.FLIPS,
                        help="average each output with that of the mirrored picture")  # fmt: skip
    parser.add_argument("--whole", dest="look", action="store_const", const=Look.WHOLE,
                        help="look at the whole picture at once, not at windows")  # fmt: skip
    parser.set_defaults(look=Look.USUAL)
    parser.add_argument("--models", type=Path, default=SAVED_MODELS,
                        help="folder of the networks (default: %(default)s)")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Evaluates, writes the file and prints the headline figures."""
    names = NETWORKS if arguments.name == CASCADE else (arguments.name,)
    predictors = {n: load_model(n, arguments.precision, arguments.models) for n in names}
    report = evaluate(
        predictors, read_fracatlas(arguments.data), arguments.split, arguments.look, Bootstrap()
    )
    path = write_evaluation(report, arguments.models)
    sys.stdout.write(f"{summary(report)}Written to {path}\n")
    return 0


def evaluate(
    predictors: dict[str, Predictor],
    xrays: list[Xray],
    split: str,
    look: Look,
    bootstrap: Bootstrap,
    cache: Path = SCORES,
) -> dict:
    """The evaluation of one network, or of the cascade where all three are given.

    Args:
        predictors: loaded networks by name, of one precision, with thresholds in their cards.
        xrays: every picture of FracAtlas on disk; the usable ones of `split` are measured, those
            of train fit the baselines.
        split: "val" or "test".
        look: how the networks are asked.
        bootstrap: how intervals are drawn.
        cache: folder of raw scores.

    Returns:
        JSON-ready, laid out as this module's docstring says.

    Raises:
        FracAtlasError: no picture of the split is on disk.
        UncalibratedError: a card holds no thresholds.
    """
    chosen = usable(xrays, split)
    if not chosen:
        raise FracAtlasError(
            f"No usable picture of the split {split!r} is on disk, so there is nothing to "
            "measure. Name the folder of the whole of FracAtlas with --data."
        )
    groups = patient_groups(chosen)
    evidence = Evidence(
        train=usable(xrays, "train"),
        xrays=chosen,
        scores={n: score_split(p, chosen, split, look, cache) for n, p in predictors.items()},
        thresholds={name: card_thresholds(p.card, p.precision) for name, p in predictors.items()},
        groups=groups,
        weights=group_weights(groups, bootstrap),
        cross_fit=split == CHOSEN_ON,
    )
    name = CASCADE if len(predictors) > 1 else next(iter(predictors))
    sections = cascade_sections if name == CASCADE else single_sections
    return {
        **_preamble(name, predictors, split, look),
        "data": _describe_data(xrays, evidence, split),
        "thresholds": used_thresholds(evidence.thresholds),
        "bootstrap": bootstrap.describe(),
        **_cost(predictors, chosen, look),
        "notes": [OPTIMISTIC if evidence.cross_fit else HONEST, *NOTES],
        "labels": LABELS,
        **sections(evidence),
    }


def write_evaluation(report: dict, folder: Path = SAVED_MODELS) -> Path:
    """Writes a report beside its card; returns the path."""
    what = (report["name"], report["split"], Path(folder), report["precision"])
    path = evaluation_path(*what, Look(report["look"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_rounded(report), indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def summary(report: dict) -> str:
    """The figures of a report as lines of text, with intervals."""
    blocks = {report["name"]: report["metrics"]}
    blocks |= {name: part["metrics"] for name, part in report.get("networks", {}).items()}
    lines = []
    for block, metrics in blocks.items():
        lines.append(f"{block}, {report['split']}, {report['precision']}")
        lines += [f"  {key:24} {format_estimate(entry)}" for key, entry in metrics.items()]
    return "\n".join(lines) + "\n"


def format_estimate(entry: dict) -> str:
    """As "0.412 (0.360 to 0.463), n = 104", or "undefined"."""
    if entry["value"] is None:
        return "undefined"
    interval = "" if entry["low"] is None else f" ({entry['low']:.3f} to {entry['high']:.3f})"
    return f"{entry['value']:.3f}{interval}, n = {entry['n']}"


def _preamble(name: str, predictors: dict[str, Predictor], split: str, look: Look) -> dict:
    """What was measured."""
    precision = next(iter(predictors.values())).precision
    return {
        "layout": LAYOUT,
        "name": name,
        "title": TITLES.get(name, "Cascade: gate, then segmenters"),
        "split": split,
        "precision": precision,
        "look": str(look),
        "models": {n: p.card.files[FILES[precision]] for n, p in predictors.items()},
    }


def _cost(predictors: dict[str, Predictor], chosen: list[Xray], look: Look) -> dict:
    """What another look than the usual one costs; {} for that."""
    if look is Look.USUAL:
        return {}
    return {"look_cost": look_cost(predictors.values(), chosen, look)}


def _rounded(node):
    """The same JSON tree with reals of at most `DECIMALS` places."""
    if isinstance(node, dict):
        return {key: _rounded(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_rounded(value) for value in node]
    return round(node, DECIMALS) if isinstance(node, float) else node


def _describe_data(xrays: list[Xray], evidence: Evidence, split: str) -> dict:
    """Counts of what was measured, left out and absent."""
    on_disk = {xray.image_id for xray in xrays}
    rows = [row for row in read_splits() if row[0] == split]
    reasons = [reason.split("_of_")[0] for _, _, reason in rows if reason]
    return {
        "images": len(evidence.xrays),
        "fractured": int(evidence.fractured.sum()),
        "lesions": sum(len(xray.polygons) for xray in evidence.xrays),
        "groups": int(evidence.groups.max()) + 1,
        "excluded": dict(Counter(reasons)),
        "absent": sum(image_id not in on_disk for _, image_id, _ in rows),
    }
