"""docs/scale.md tells what was measured, and what a year needs by it."""

import json

import pytest

from training.documents.scale_tables import (
    END,
    NOT_RUN,
    START,
    Assumptions,
    scale_markdown,
    with_tables,
)

KIND = {
    "pixels": "1000 x 1000",
    "input_bytes": 2e6,
    "core_seconds": 0.36,
    "seconds": 0.5,
    "start_seconds": 1.0,
    "table_bytes": 1e3,
    "picture_bytes": 999e3,
    "files": 2.0,
}


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "scale.json"
    machine = {"processor": "a processor", "cores": 2}
    about = {"date": "2026-11-26", "machine": machine, "note": "Something else ran."}
    batch = {"predict_one": [4, 2], "ray_one": [3.8, 1.9], "predict_all": [6, 8], "ray_all": [9, 9]}
    memory = {"driver": 1000.4, "worker": 400.0, "all": 3000.0}
    parts = {
        "cost": {"films": [10, 50], "kinds": {"small": KIND}},
        "batch": {"films": 9, "rounds": 2, "films_per_second": batch,
                  "ray_share": {"one": 0.95, "all": 1.3125}},
        "nodes": {"films": 9, "nodes": 4, "films_per_second": {"1": 4.0, "2": 7.8, "4": 8.0}},
        "many": {"films": 10_000, "workers": 2, "seconds": 754.0, "peak_mb": memory,
                 "growth": {"driver": 1.01, "worker": 1.0, "all": 0.999}},
    }  # fmt: skip
    path.write_text(json.dumps({name: about | part for name, part in parts.items()}))
    return path


def test_what_was_measured_and_where(report):
    text = scale_markdown(report)
    assert "2026-11-26 on a processor, 2 cores" in text and "Something else ran.\n" in text
    assert "| Films a second | 2.0 |" in text


def test_each_part_has_its_table(report):
    text = scale_markdown(report)
    assert "| one thread, one worker | 3.00 | 2.85 | 95% |" in text
    assert "| all cores | 7.00 | 9.00 | 131% |" in text
    assert "| 2 | 7.80 | 1.95 |" in text and "share the machine's 2 cores" in text
    assert "10,000 films in 13 minutes" in text and "| the command | 1,000 | 1.01 |" in text


def test_a_part_that_was_not_measured_is_left_out(report):
    measured = json.loads(report.read_text())
    report.write_text(json.dumps({"nodes": measured["nodes"]}))
    text = scale_markdown(report)
    assert "| 2 | 7.80 | 1.95 |" in text and "What a year needs" not in text


def test_what_a_year_needs(report):
    """36 million core seconds are 10,000 hours, 1.14 cores all the year."""
    text = scale_markdown(report, Assumptions(busiest=1.0, busy=1.0))
    assert "| 100,000,000 | 1000 x 1000 | 10,000 | 1.14 | 200.00 | 100.00 | 6.3 |" in text
    text = scale_markdown(report, Assumptions(busiest=2.0, busy=0.5))
    assert "| 100,000,000 | 1000 x 1000 | 10,000 | 4.57 | 200.00 | 100.00 | 12.7 |" in text


def test_the_document_keeps_what_stands_around_the_tables(report, tmp_path):
    document = tmp_path / "scale.md"
    document.write_text(f"before\n{START}\nold\n{END}\nafter\n")
    text = with_tables(report, document)
    assert text.startswith(f"before\n{START}\n") and text.endswith(f"{END}\nafter\n")
    assert "old" not in text
    document.write_text(text)
    assert with_tables(report, document) == text


def test_nothing_measured_yet(tmp_path):
    assert scale_markdown(tmp_path / "none.json") == f"{NOT_RUN}\n"
