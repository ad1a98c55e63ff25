"""What a person saw in the worst cases of a network: read from saved_model/<name>/failures.json.

The file is written by hand after looking at the worst pictures on validation:
{"network_sha256", "false_negatives": {"looked_at", "kinds": {kind: pictures}},
"false_positives": the same}. A picture may be of several kinds.
"""

from pathlib import Path

from app_pages.evaluations import read_object
from create_segmentation_model import FILES
from model_card import CardError, read_card

FAILURES_FILE = "failures.json"
TITLES = {"false_negatives": "Missed", "false_positives": "False alarms"}


def read_failures(name: str, folder: Path) -> dict | None:
    """The kinds of failures; None where nobody has looked at this very network's."""
    content = read_object(folder / name / FAILURES_FILE)
    try:
        known = read_card(name, folder).files.get(FILES["float32"])
    except CardError:
        return None
    return content if content and content.get("network_sha256") == known else None


def failure_rows(failures: dict) -> list[dict[str, object]]:
    """One row for each kind, the most frequent first, misses before false alarms."""
    return [
        {"Failure": title, "Kind": kind, "Pictures": f"{count} of {failures[key]['looked_at']}"}
        for key, title in TITLES.items()
        for kind, count in sorted(failures[key]["kinds"].items(), key=lambda item: -item[1])
    ]
