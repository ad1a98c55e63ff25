"""The batch's section of benchmarks/README.md."""

import json

from training.documents.batch_tables import NOT_RUN, batch_markdown


def test_seconds_share_and_memory(tmp_path):
    cost = {
        "files": [10, 50], "examine": 0.08, "write": 0.02, "seconds": 0.0625, "share": 0.8,
        "peak_mb": [200.2, 203.7],
    }  # fmt: skip
    report = {"machine": {"processor": "a processor"}, "date": "2026-11-26", "cores": 2}
    path = tmp_path / "batch.json"
    path.write_text(json.dumps(report | {"kinds": {"small": cost}}))
    text = batch_markdown(path)
    row = "| 454 x 373 PNG | 80 ms | 20 ms | 62 ms | 8.0 | 80% | 200 (10) / 204 (50) |"
    assert row in text and "2 cores of a processor, 2026-11-26" in text


def test_nothing_measured_yet(tmp_path):
    assert batch_markdown(tmp_path / "none.json") == f"{NOT_RUN}\n"
