"""The app's section of benchmarks/README.md: medians of the rounds, and the server's memory."""

import json

from training.documents.app_tables import NOT_RUN, app_markdown


def test_medians_and_memory(tmp_path):
    rounds = [{"verdict": time, "marks": 2 * time} for time in (9.0, 1.0, 2.0)]
    report = {
        "machine": {"processor": "a processor"},
        "date": "2026-11-26",
        "drops": {"12": rounds, "large": rounds[:1]},
        "people": 8,
        "films_each": 4,
        "memory_alone_mib": 700.4,
        "memory_with_people_mib": 1234.0,
    }
    path = tmp_path / "app.json"
    path.write_text(json.dumps(report))
    text = app_markdown(path)
    assert "| 12 | 2.0 | 4.0 |" in text and "| 1 of 3,000 x 4,000 pixels | 9.0 | 18.0 |" in text
    assert "median of 3; a processor, 2026-11-26" in text
    assert "700 MiB after these, 1,234 MiB with 8 browsers of 4 X-rays each" in text


def test_nothing_measured_yet(tmp_path):
    assert app_markdown(tmp_path / "none.json") == f"{NOT_RUN}\n"
