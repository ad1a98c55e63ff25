"""What a person saw in the worst cases of a network: read from saved_model/<name>/failures.json.

The file is written by hand after looking at the worst pictures on validation:
{"network_sha256", "false_negatives": {"looked_at", "kinds": {kind: pictures}},
"false_positives": the same, "before": {"false_negatives", "false_positives"}}. A picture may be
of several kinds. "before" is optional: the same count for the network that this one replaced.
"""

from pathlib import Path

from fracturelens.measured.evaluation import read_object
from fracturelens.measured.failure_cases import KINDS, titles_of
from fracturelens.networks.card import FILES, CardError, read_card

FAILURES_FILE = "failures.json"


def read_failures(name: str, folder: Path) -> dict | None:
    """The kinds of failures; None where nobody has looked at this very network's."""
    content = read_object(folder / name / FAILURES_FILE)
    try:
        known = read_card(name, folder).files.get(FILES["float32"])
    except CardError:
        return None
    return content if content and content.get("network_sha256") == known else None


def failure_rows(name: str, failures: dict) -> list[dict[str, str]]:
    """One row for each kind, the most frequent first; a column "Before" where that is known.

    Args:
        name: of the network.
        failures: of `read_failures`.
    """
    return [row for key in KINDS for row in _rows_of(titles_of(name)[key], key, failures)]


def _rows_of(title: str, key: str, failures: dict) -> list[dict[str, str]]:
    now, before = failures[key], failures.get("before", {}).get(key)
    kinds = now["kinds"] | {kind: now["kinds"].get(kind, 0) for kind in (before or now)["kinds"]}
    return [
        {"Cases": title, "Kind": kind, "Pictures": _share(count, now)}
        | ({"Before": _share(before["kinds"].get(kind, 0), before)} if before else {})
        for kind, count in sorted(kinds.items(), key=lambda item: -item[1])
    ]


def _share(count: int, looked: dict) -> str:
    return f"{count} of {looked['looked_at']}"
