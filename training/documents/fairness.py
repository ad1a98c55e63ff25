"""The section on bias and fairness: the main figures of all networks for each subgroup."""

from fracturelens.measured.evaluation import CASCADE
from fracturelens.measured.tables import with_interval
from important_variables import GATE, TITLES
from training.documents.markdown import table
from training.documents.results import SPLIT_WORDS

KEYS = {GATE: ("auroc", "sensitivity", "specificity")}
SEGMENTER_KEYS = ("lesion_recall_10",)
FEW = 20
"""Below so many fractures a figure says next to nothing."""
WORDS = """FracAtlas tells body part, view and hardware, and these subgroups were measured. It \
holds no age, sex, origin or patient number: whether the networks treat people differently in \
these cannot be measured here, and its X-rays come from one country. Known bias: nearly all \
pictures with metal hardware are fractured, so that hardware alone makes the gate suspicious; and \
what the annotators missed counts as whole."""


def fairness(files: list[dict]) -> str:
    """The section.

    Args:
        files: evaluations, the first of which names the split; float32 counts.
    """
    head = "## Bias and fairness"
    parts = {
        file["name"]: file
        for file in files
        if file["precision"] == "float32"
        and file["split"] == files[0]["split"]
        and file["name"] != CASCADE
        and file.get("subgroups")
    }
    if not parts:
        return f"{head}\n\n{WORDS}"
    split = SPLIT_WORDS[files[0]["split"]]
    text = (
        f"{split}, float32, 95 % intervals in brackets; sensitivity and specificity at the "
        f"doubtful point. Subgroups of fewer than {FEW} fractures, which say next to nothing: "
        f"{_few(next(iter(parts.values())))}."
    )
    return "\n".join([head, "", WORDS, "", text, "", *_table(parts)])


def _table(parts: dict[str, dict]) -> list[str]:
    """A row for each subgroup, the figures of every network side by side."""
    columns = [(name, key) for name in parts for key in KEYS.get(name, SEGMENTER_KEYS)]
    rows: dict[tuple[str, str], list[str]] = {}
    for name, part in parts.items():
        for group in part["subgroups"]:
            title = (f"{group['by']}: {group['value']}", group["n"], group["fractured"])
            cells = rows.setdefault(title, [])
            cells += [
                with_interval(group["metrics"].get(key), 2)
                for column, key in columns
                if column == name
            ]
    labels = next(iter(parts.values()))["labels"]
    head = [f"{TITLES[name]}: {labels.get(key, key)}" for name, key in columns]
    return table(["subgroup", "n", "fractured", *head], ([*t, *c] for t, c in rows.items()))


def _few(part: dict) -> str:
    groups = [group for group in part["subgroups"] if group["fractured"] < FEW]
    names = [f"{group['by']} {group['value']} ({group['fractured']})" for group in groups]
    return ", ".join(names) or "none"
