"""The section on bias and fairness: the main figures of all networks for each subgroup."""

from collections.abc import Sequence

from fracturelens.measured.figures import with_interval
from fracturelens.measured.layout import Evaluation, Subgroup
from fracturelens.measured.tables import group_title
from fracturelens.measured.words import PRECISIONS, SPLITS, label_of
from important_variables import CASCADE, GATE, title_of
from training.documents.markdown import table

KEYS = {GATE: ("auroc", "sensitivity", "specificity")}
SEGMENTER_KEYS = ("lesion_recall_10",)
FEW = 20
"""Below so many fractures a figure says next to nothing."""
WORDS = """FracAtlas tells body part, view and hardware, and these subgroups were measured. It \
holds no age, sex, origin or patient number: whether the networks treat people differently in \
these cannot be measured here, and its X-rays come from one country. Known bias: nearly all \
pictures with metal hardware are fractured, so hardware alone makes the gate suspicious; and \
what the annotators missed counts as not fractured."""


def fairness(evaluations: Sequence[Evaluation]) -> str:
    """The section.

    Args:
        evaluations: the first of which names the split; float32 counts.
    """
    head = "## Bias and fairness"
    found = {
        evaluation.name: evaluation
        for evaluation in evaluations
        if evaluation.precision == "float32"
        and evaluation.split == evaluations[0].split
        and evaluation.name != CASCADE
        and evaluation.part.subgroups
    }
    if not found:
        return f"{head}\n\n{WORDS}"
    groups = {name: evaluation.part.subgroups for name, evaluation in found.items()}
    split = SPLITS[evaluations[0].split].capitalize()
    text = (
        f"{split}, {PRECISIONS['float32']}, 95 % intervals in brackets; sensitivity and "
        f"specificity at the doubtful threshold. Subgroups of fewer than {FEW} fractures, which "
        f"say next to nothing: {_few(next(iter(groups.values())))}."
    )
    return "\n".join([head, "", WORDS, "", text, "", *_table(groups)])


def _table(groups: dict[str, list[Subgroup]]) -> list[str]:
    """A row for each subgroup, the figures of every network side by side."""
    columns = {name: KEYS.get(name, SEGMENTER_KEYS) for name in groups}
    rows: dict[tuple[str, int, int], list[str]] = {}
    for name, own in groups.items():
        for group in own:
            cells = rows.setdefault((group_title(group), group.n, group.fractured), [])
            cells += [with_interval(group.metrics.get(key), 2) for key in columns[name]]
    head = [f"{title_of(name)}: {label_of(key)}" for name in columns for key in columns[name]]
    return table(["subgroup", "n", "fractured", *head], ([*t, *c] for t, c in rows.items()))


def _few(groups: list[Subgroup]) -> str:
    small = [group for group in groups if group.fractured < FEW]
    return ", ".join(f"{group_title(group)} ({group.fractured})" for group in small) or "none"
