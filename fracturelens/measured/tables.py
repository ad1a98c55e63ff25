"""Lays the figures of an evaluation out as tables, for the page and the documents; no Streamlit."""

import re
from collections.abc import Mapping

from fracturelens.measured.evaluation import interval, number, predictive_values
from fracturelens.networks.tiling import LOOKED_AT, Look

Row = dict[str, str]
LOWER_IS_BETTER = {
    "brier",
    "ece",
    "brier_raw",
    "ece_raw",
    "false_regions_per_image",
    "false_positive_share",
    "painted_unfractured",
    "false_share_of_paint",
}
SECTIONS = (
    ("Telling fractured X-rays from others", r"auroc|average_precision|accuracy"),
    ("Verdicts", r"segmented_share|painted_share|(sensitivity|specificity).*"),
    ("Are the probabilities true?", r"brier.*|ece.*"),
    ("Lesions found", r"lesion_recall_.*|froc_.*|box_map50.*"),
    ("False regions", r"lesion_precision_10|false_.*|painted_unfractured"),
    ("Overlap with the annotation", r"(dice|iou)_(mean|median)"),
    ("The same at the 256 pixels that the networks see", r"(dice|iou)_.*_256"),
    ("Over all X-rays, two empty masks counted as right", r"(dice|iou)_empty_one"),
    ("Other figures", r".*"),
)
"""Title of each group of figures and the keys that belong to it; the first that fits counts."""
LOOKS = {
    Look.WHOLE: (
        "The whole X-ray at once",
        f"The segmenters look at {LOOKED_AT}. Here they looked at the whole X-ray once, at "
        "thresholds that were chosen for windows.",
    ),
    Look.FLIPS: (
        "Averaged with the mirror image",
        "Here each network looked at the X-ray and at its mirror image too, and took the mean. The "
        "app does not.",
    ),
}
"""Other looks than the usual one: title and what it is."""

LOOK_KEYS = (
    "auroc",
    "average_precision",
    "brier",
    "dice_mean",
    "iou_mean",
    "lesion_recall_10",
    "froc_10_at_050",
    "false_regions_per_image",
)
EXCLUSIONS = {
    "label_conflict": "Contradictory labels: the same picture stands among both kinds",
    "truncated": "Damaged: the file ends too early",
    "duplicate": "Copy of another picture",
}
REGIONS = {
    "agreed": "Both networks mark it",
    "lone_encoder_decoder": "Only the encoder-decoder",
    "lone_unet": "Only the U-Net",
}
POINTS = {
    "doubtful": "Doubtful or more",
    "fracture": "Fracture",
    "half": "At one half",
}
CALLS = {
    "tp": "Fractured, called so",
    "fn": "Fractured, not called so",
    "fp": "Not fractured, called so",
    "tn": "Not fractured, not called so",
}
COUNTED_TWICE = (
    "A region agrees where one of the other network's overlaps it (IoU at least 0.1). What both "
    "mark counts twice, once for each network's region."
)
ECE_NOTE = (
    "The expected calibration error lies outside its own interval, and that is no mistake: it "
    "adds up gaps without their signs, so that chance only ever raises it, and each redrawn "
    "sample adds chance of its own. Read the interval's upper end as the worst to expect."
)


def with_interval(estimate: object, digits: int = 3) -> str:
    """An estimate as "0.412 (0.360 to 0.463)"; a dash where it is undefined."""
    span = interval(estimate, digits)
    return number(estimate) + (f" ({span})" if span else "")


def metric_sections(
    metrics: Mapping[str, object], labels: Mapping[str, str], baselines: list[dict]
) -> list[tuple[str, list[Row]]]:
    """Groups of figures with their titles, lesions before overlaps.

    Args:
        metrics: estimates by key.
        labels: words by key.
        baselines: entries of an evaluation's "baselines"; the best of them stands in each row.
    """
    groups: dict[str, list[Row]] = {title: [] for title, _ in SECTIONS}
    for key, estimate in metrics.items():
        row = {"Figure": labels.get(key, key.replace("_", " "))}
        row["Value (95 % interval)"] = with_interval(estimate)
        if baselines:
            row["Best trivial answer"] = trivial_answer(baselines, key)
        row["n"] = number(estimate.get("n")) if isinstance(estimate, Mapping) else ""
        groups[_section_of(key)].append(row)
    return [(title, rows) for title, rows in groups.items() if rows]


def trivial_answer(baselines: list[dict], key: str) -> str:
    """The best answer that needs no network, with its name; a dash where none has the figure."""
    known = [
        (baseline["metrics"][key]["value"], baseline["label"])
        for baseline in baselines
        if baseline["metrics"].get(key, {}).get("value") is not None
    ]
    if not known:
        return "-"
    value, label = (min if key in LOWER_IS_BETTER else max)(known)
    return f"{value:.3f}, {label}"


def group_rows(groups: list[dict], labels: Mapping[str, str]) -> list[Row]:
    """A table of subgroups: one row each, one column for each metric."""
    rows = []
    for group in groups:
        fractured = f", {group['fractured']} fractured" if "fractured" in group else ""
        row = {"Subgroup": f"{group['by']}: {group['value']} ({group['n']} X-rays{fractured})"}
        for key, estimate in group.get("metrics", {}).items():
            row[labels.get(key, key)] = with_interval(estimate, 2)
        rows.append(row)
    return rows


def point_rows(points: Mapping[str, dict], prevalence: float) -> list[Row]:
    """What was measured at each operating point, a column each, and what a call means.

    Args:
        points: "operating_points" of an evaluation.
        prevalence: share of fractured X-rays, in [0, 1], that the predictive values are for.
    """
    columns = {POINTS.get(name, name): _point(point, prevalence) for name, point in points.items()}
    figures = dict.fromkeys(figure for column in columns.values() for figure in column)
    return [
        {"Figure": figure} | {name: column.get(figure, "-") for name, column in columns.items()}
        for figure in figures
    ]


def agreement_rows(regions: Mapping[str, dict]) -> list[Row]:
    """How many regions of each kind hold a fracture."""
    return [
        {
            "Region": REGIONS.get(name, name),
            "Regions": number(entry["regions"]),
            "Hold a fracture": number(entry["true"]),
            "Share (95 % interval)": with_interval(entry["precision"]),
        }
        for name, entry in regions.items()
    ]


def exclusion_rows(excluded: Mapping[str, int]) -> list[Row]:
    """What the data audit left out, the most frequent reason first."""
    return [
        {"Left out because": EXCLUSIONS.get(reason, reason), "X-rays": number(count)}
        for reason, count in sorted(excluded.items(), key=lambda item: -item[1])
        if count
    ]


def look_rows(
    usual: Mapping[str, object], other: Mapping[str, object], labels: Mapping[str, str], look: Look
) -> list[Row]:
    """The main figures as usual and with another look."""
    return [
        {
            "Figure": labels.get(key, key),
            "As usual": with_interval(usual[key]),
            LOOKS[look][0]: with_interval(other[key]),
        }
        for key in LOOK_KEYS
        if key in usual and key in other
    ]


def look_cost_words(cost: Mapping[str, float] | None) -> str:
    """What another look costs, one sentence; "" where it was not measured."""
    if not cost:
        return ""
    return (
        f"It takes {cost['look_ms']:.0f} instead of {cost['usual_ms']:.0f} milliseconds an "
        f"X-ray, {cost['look_ms'] / cost['usual_ms']:.1f} times as long (median of "
        f"{cost['images']} X-rays, where it was evaluated)."
    )


def ece_note(metrics: Mapping[str, object]) -> str:
    """Why a calibration error lies outside its interval; "" where it does not."""
    entry = metrics.get("ece")
    if not isinstance(entry, Mapping) or None in (entry.get("value"), entry.get("low")):
        return ""
    return "" if entry["low"] <= entry["value"] <= entry["high"] else ECE_NOTE


def _section_of(key: str) -> str:
    return next(title for title, pattern in SECTIONS if re.fullmatch(pattern, key))


def _point(point: Mapping[str, object], prevalence: float) -> Row:
    """One operating point: words and values."""
    metrics = point.get("metrics", {})
    column = {"Threshold": number(point.get("threshold"))}
    for key in ("sensitivity", "specificity"):
        column[key.capitalize()] = with_interval(metrics.get(key))
    known = [metrics.get(key, {}).get("value") for key in ("sensitivity", "specificity")]
    if None not in known:
        ppv, npv = predictive_values(*known, prevalence)
        column[f"PPV where {prevalence:.0%} are fractured"] = number(ppv)
        column[f"NPV where {prevalence:.0%} are fractured"] = number(npv)
    return column | {words: number(point[key]) for key, words in CALLS.items() if key in point}
