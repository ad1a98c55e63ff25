"""One evaluation as Markdown, for docs/results.md."""

from fracturelens.measured.figures import number, with_count
from fracturelens.measured.layout import (
    Baseline,
    Evaluation,
    Metrics,
    OperatingPoint,
    Part,
    Subgroup,
)
from fracturelens.measured.tables import Row, agreement_rows, ece_note, group_title, steadiness_rows
from fracturelens.measured.tiers import tier_choices
from fracturelens.measured.words import (
    BASELINES,
    COUNTED_OFTEN,
    OPERATING_POINTS,
    PRECISIONS,
    SPLITS,
    cross_fitting_note,
    label_of,
    notes_of,
    spelled,
    title_or_name,
)
from fracturelens.results import Verdict
from important_variables import title_of
from training.documents.markdown import table

STEADINESS = "Harmless changes of the files, after which the verdicts should be the same."
AGREEMENT = {
    Verdict.FRACTURE: "Regions that are painted",
    Verdict.DOUBTFUL: "Regions that are hints on doubtful X-rays",
}


def heading(evaluation: Evaluation) -> str:
    """What was measured, such as "Validation: Gate, INT8"."""
    split, precision = SPLITS[evaluation.split], PRECISIONS[evaluation.precision]
    return f"{split.capitalize()}: {title_of(evaluation.name)}, {precision}"


def evaluation_section(evaluation: Evaluation) -> str:
    """Figures beside the baselines, cross-fitted ones, thresholds, subgroups and agreement."""
    data, fitted = evaluation.data, evaluation.cross_fitted
    lines = [
        f"## {heading(evaluation)}",
        "",
        f"{data.images} X-rays, {data.fractured} fractured, {data.lesions} lesions, "
        f"{data.groups} groups. {notes_of(evaluation)[0]}",
        "",
        *_part(evaluation.part),
    ]
    if fitted:
        lines += ["", cross_fitting_note(fitted.folds), "", *_metrics(fitted.metrics)]
    for key, point in evaluation.operating_points.items():
        lines += ["", f"{_point_words(key, point)}", "", *_metrics(point.metrics)]
    if evaluation.operating_points and evaluation.part.pictures:
        lines += ["", "### Verdicts at other thresholds", "", *rows_table(tier_choices(evaluation))]
    if evaluation.steadiness:
        lines += ["", STEADINESS, "", *rows_table(steadiness_rows(evaluation.steadiness))]
    for name, part in evaluation.behind_gate.items():
        lines += ["", f"### Gate, then {title_or_name(name)}", "", *_part(part)]
    for verdict, counts in evaluation.agreement.items():
        words = AGREEMENT.get(Verdict(verdict), spelled(verdict))
        lines += ["", f"{words}. {COUNTED_OFTEN}", "", *rows_table(agreement_rows(counts))]
    return "\n".join(lines)


def rows_table(rows: list[Row]) -> list[str]:
    """Lines of a table whose rows name their columns; a cell that a row lacks stays empty."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return table(columns, ([row.get(column, "") for column in columns] for row in rows))


def _part(part: Part) -> list[str]:
    """Metrics beside the baselines, then subgroups."""
    rows = [
        [label_of(key), with_count(figure), *[_plain(rival, key) for rival in part.baselines]]
        for key, figure in part.metrics.items()
    ]
    rivals = [BASELINES.get(rival.key, spelled(rival.key)) for rival in part.baselines]
    lines = table(["figure", "value", *rivals], rows)
    if note := ece_note(part.metrics):
        lines += ["", note]
    if part.subgroups:
        lines += ["", *_subgroups(part.subgroups)]
    return lines


def _subgroups(groups: list[Subgroup]) -> list[str]:
    keys = list(groups[0].metrics)
    rows = [
        [group_title(group), group.n, group.fractured, *map(with_count, group.metrics.values())]
        for group in groups
    ]
    return table(["subgroup", "n", "fractured", *map(label_of, keys)], rows)


def _metrics(metrics: Metrics) -> list[str]:
    rows = ([label_of(key), with_count(figure)] for key, figure in metrics.items())
    return table(["figure", "value"], rows)


def _plain(rival: Baseline, key: str) -> str:
    figure = rival.metrics.get(key)
    return "" if figure is None else number(figure)


def _point_words(key: str, point: OperatingPoint) -> str:
    calls = f"TP {point.tp}, FP {point.fp}, FN {point.fn}, TN {point.tn}"
    title = OPERATING_POINTS.get(key, spelled(key))
    return f'Threshold of "{title}", {point.threshold:g}: {calls}.'
