"""One evaluation file as Markdown, for MODEL_CARD.md."""

from fracturelens.measured.tables import COUNTED_TWICE, POINTS, agreement_rows, ece_note
from important_variables import TITLES
from training.documents.markdown import table
from training.evaluate.evaluation import format_estimate

SPLIT_WORDS = {"val": "Validation", "test": "Test"}
AGREEMENT = {
    "agreement": "Regions that are painted",
    "agreement_doubtful": "Regions that are hints on doubtful X-rays",
}


def result(file: dict) -> str:
    """Figures, operating points, subgroups, baselines and agreement of one evaluation."""
    data = file["data"]
    lines = [
        f"### {SPLIT_WORDS[file['split']]}: {file['title']}, {file['precision']}",
        "",
        f"{data['images']} X-rays, {data['fractured']} fractured, {data['lesions']} lesions, "
        f"{data['groups']} groups. {file['notes'][0]}",
        "",
        *_figures(file, file["labels"]),
    ]
    for key, point in file.get("operating_points", {}).items():
        title = POINTS.get(key, key)
        lines += ["", f'Operating point "{title}", {point["threshold"]:g}: {_confusion(point)}', ""]
        lines += table(["figure", "value"], _rows(point["metrics"], file["labels"]))
    for name, part in file.get("networks", {}).items():
        lines += ["", f"#### Gate, then {TITLES[name]}", "", *_figures(part, file["labels"])]
    for key, title in AGREEMENT.items():
        if key in file:
            lines += ["", f"{title}. {COUNTED_TWICE}", "", *rows_table(agreement_rows(file[key]))]
    return "\n".join(lines)


def rows_table(rows: list[dict[str, str]]) -> list[str]:
    """Lines of a table whose rows name their columns; a cell that a row lacks stays empty."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return table(columns, ([row.get(column, "") for column in columns] for row in rows))


def _figures(part: dict, labels: dict) -> list[str]:
    """Metrics beside the baselines, then cross-fitted figures and subgroups."""
    rivals = part.get("baselines", [])
    rows = [
        [labels[key], format_estimate(entry), *[_plain(rival, key) for rival in rivals]]
        for key, entry in part["metrics"].items()
    ]
    lines = table(["figure", "value", *[rival["label"] for rival in rivals]], rows)
    if note := ece_note(part["metrics"]):
        lines += ["", note]
    if "cross_fitted" in part:
        lines += ["", part["cross_fitted"]["note"], ""]
        lines += table(["figure", "value"], _rows(part["cross_fitted"]["metrics"], labels))
    if part.get("subgroups"):
        lines += ["", *_subgroups(part["subgroups"], labels)]
    return lines


def _subgroups(groups: list[dict], labels: dict) -> list[str]:
    keys = list(groups[0]["metrics"])
    rows = [
        [f"{row['by']}: {row['value']}", str(row["n"]), str(row["fractured"]),
         *[format_estimate(row["metrics"][key]) for key in keys]]
        for row in groups
    ]  # fmt: skip
    return table(["subgroup", "n", "fractured", *[labels[key] for key in keys]], rows)


def _rows(metrics: dict, labels: dict) -> list[list[str]]:
    return [[labels[key], format_estimate(entry)] for key, entry in metrics.items()]


def _plain(rival: dict, key: str) -> str:
    value = rival["metrics"].get(key, {}).get("value")
    return "" if value is None else f"{value:.3f}"


def _confusion(point: dict) -> str:
    return ", ".join(f"{key.upper()} {point[key]}" for key in ("tp", "fp", "fn", "tn")) + "."
