"""Lays the figures of an evaluation out as tables, for the page and the documents alike."""

import re
from collections.abc import Iterable, Mapping, Sequence

from fracturelens.measured.conditions import ModeCost
from fracturelens.measured.figures import number, predictive_values, with_interval
from fracturelens.measured.layout import (
    Baseline,
    Metrics,
    OperatingPoint,
    RegionCount,
    Subgroup,
    Tier,
)
from fracturelens.measured.words import (
    BASELINES,
    CHANGES,
    ECE_NOTE,
    EXCLUSIONS,
    MODES,
    OPERATING_POINTS,
    VERDICTS,
    label_of,
    marked_by,
    spelled,
)
from fracturelens.networks.tiling import Mode

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
    ("The same at 256 x 256 pixels", r"(dice|iou)_.*_256"),
    ("Over all X-rays, two empty masks counted as right", r"(dice|iou)_empty_one"),
    ("Other figures", r".*"),
)
"""Title of each group of figures and the keys that belong to it; the first that fits counts."""
MODE_KEYS = (
    "auroc",
    "average_precision",
    "brier",
    "dice_mean",
    "iou_mean",
    "lesion_recall_10",
    "froc_10_at_050",
    "false_regions_per_image",
)
CALLS = {
    "tp": "Fractured, called so",
    "fn": "Fractured, not called so",
    "fp": "Not fractured, called so",
    "tn": "Not fractured, not called so",
}


def steadiness_rows(steadiness: Mapping[str, Metrics]) -> list[Row]:
    """What each harmless change does to a gate; `steadiness` as `Evaluation` has it."""
    return [
        {
            "Change of the file": CHANGES.get(change, spelled(change)),
            "Verdicts that change": with_interval(found["verdicts_changed"]),
            "Probability moves by at most, in 95% of X-rays": number(
                found["probability_moved"].value
            ),
        }
        for change, found in steadiness.items()
    ]


def metric_sections(
    metrics: Metrics, baselines: Iterable[Baseline] = ()
) -> list[tuple[str, list[Row]]]:
    """Groups of figures with their titles, lesions before overlaps.

    Args:
        metrics: estimates by key.
        baselines: trivial answers; the best of them stands in each row.
    """
    baselines = tuple(baselines)
    groups: dict[str, list[Row]] = {title: [] for title, _ in SECTIONS}
    for key, figure in metrics.items():
        row = {"Figure": label_of(key), "Value (95 % interval)": with_interval(figure)}
        if baselines:
            row["Best trivial answer"] = trivial_answer(baselines, key)
        groups[_section_of(key)].append(row | {"n": number(figure.n)})
    return [(title, rows) for title, rows in groups.items() if rows]


def trivial_answer(baselines: Iterable[Baseline], key: str) -> str:
    """The best answer that needs no network, with its name; a dash where none has the figure."""
    known = [
        (figure.value, BASELINES.get(baseline.key, spelled(baseline.key)))
        for baseline in baselines
        if (figure := baseline.metrics.get(key)) and figure.value is not None
    ]
    if not known:
        return "-"
    value, label = (min if key in LOWER_IS_BETTER else max)(known)
    return f"{value:.3f}, {label}"


def group_rows(groups: Iterable[Subgroup]) -> list[Row]:
    """A table of subgroups: one row each, one column for each metric."""
    return [
        {"Subgroup": f"{group_title(group)} ({group.n} X-rays, {group.fractured} fractured)"}
        | {label_of(key): with_interval(figure, 2) for key, figure in group.metrics.items()}
        for group in groups
    ]


def group_title(group: Subgroup) -> str:
    """A subgroup as "body part: hand"."""
    return f"{spelled(group.by)}: {spelled(group.value)}"


def point_rows(points: Mapping[str, OperatingPoint], prevalence: float) -> list[Row]:
    """What was measured at each operating point, a column each, and what a call means.

    Args:
        points: of the gate's evaluation.
        prevalence: share of fractured X-rays, in [0, 1], that the predictive values are for.
    """
    columns = {
        OPERATING_POINTS.get(name, spelled(name)): _point(point, prevalence)
        for name, point in points.items()
    }
    figures = dict.fromkeys(figure for column in columns.values() for figure in column)
    return [
        {"Figure": figure} | {name: column.get(figure, "-") for name, column in columns.items()}
        for figure in figures
    ]


def tier_rows(tiers: Mapping[str, Tier]) -> list[Row]:
    """How many X-rays got each verdict, and how many of them are fractured."""
    return [
        {
            "Verdict": VERDICTS.get(verdict, spelled(verdict)),
            "X-rays": number(tier.images),
            "of them fractured": number(tier.fractured),
        }
        for verdict, tier in tiers.items()
    ]


def agreement_rows(counts: Sequence[RegionCount]) -> list[Row]:
    """How many regions of each kind hold a fracture."""
    ran = {name for count in counts for name in count.networks}
    return [
        {
            "Marked by": marked_by(count.networks, ran),
            "Regions": number(count.regions),
            "Hold a fracture": number(count.true),
            "Share (95 % interval)": with_interval(count.precision),
        }
        for count in counts
    ]


def exclusion_rows(excluded: Mapping[str, int]) -> list[Row]:
    """What the data audit left out, the most frequent reason first."""
    return [
        {"Left out because": EXCLUSIONS.get(reason, spelled(reason)), "X-rays": number(count)}
        for reason, count in sorted(excluded.items(), key=lambda item: -item[1])
        if count
    ]


def mode_rows(usual: Metrics, other: Metrics, mode: Mode) -> list[Row]:
    """The main figures as usual and in another mode."""
    return [
        {
            "Figure": label_of(key),
            "As usual": with_interval(usual[key]),
            MODES[mode][0]: with_interval(other[key]),
        }
        for key in MODE_KEYS
        if key in usual and key in other
    ]


def mode_cost_words(cost: ModeCost | None) -> str:
    """What another mode costs, one sentence; "" where it was not measured."""
    if cost is None:
        return ""
    return (
        f"It takes {cost.mode_ms:.0f} instead of {cost.usual_ms:.0f} milliseconds an X-ray, "
        f"{cost.mode_ms / cost.usual_ms:.1f} times as long (median of {cost.images} X-rays, where "
        "it was evaluated)."
    )


def ece_note(metrics: Metrics) -> str:
    """Why a calibration error lies outside its interval; "" where it does not."""
    figure = metrics.get("ece")
    if figure is None or figure.value is None or figure.low is None or figure.high is None:
        return ""
    return "" if figure.low <= figure.value <= figure.high else ECE_NOTE


def _section_of(key: str) -> str:
    return next(title for title, pattern in SECTIONS if re.fullmatch(pattern, key))


def _point(point: OperatingPoint, prevalence: float) -> Row:
    """One operating point: words and values."""
    rates = [point.metrics.get(key) for key in ("sensitivity", "specificity")]
    column = {
        "Threshold": number(point.threshold),
        "Sensitivity": with_interval(rates[0]),
        "Specificity": with_interval(rates[1]),
    }
    known = [rate.value for rate in rates if rate and rate.value is not None]
    if len(known) == len(rates):
        ppv, npv = predictive_values(known[0], known[1], prevalence)
        column[f"PPV where {prevalence:.0%} are fractured"] = number(ppv)
        column[f"NPV where {prevalence:.0%} are fractured"] = number(npv)
    return column | {words: number(getattr(point, key)) for key, words in CALLS.items()}
