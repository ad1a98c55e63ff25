"""The synthetic samples that our own code drew."""

import json
from pathlib import Path

SAMPLES_FILE = "samples.json"


def read_samples(folder: Path) -> list[dict]:
    """Entries of samples.json whose picture is there; none where the file is absent.

    Each has "file" and "mask" (names within the folder), "broken" (bool) and "description".
    """
    path = folder / SAMPLES_FILE
    if not path.is_file():
        return []
    entries = json.loads(path.read_text(encoding="utf-8"))
    return [entry for entry in entries if (folder / entry["file"]).is_file()]
