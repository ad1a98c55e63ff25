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
    "seconds": {"predict": 0.5, "ray_1": 0.5, "ray_2": 0.25},
    "start_seconds": {"predict": 1.0, "ray_1": 10.0, "ray_2": 10.0},
    "table_bytes": 1e3,
    "picture_bytes": 999e3,
    "files": 2.0,
}


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "scale.json"
    content = {
        "date": "2026-11-26",
        "machine": {"processor": "a processor", "cores": 2},
        "note": "Something else ran.",
        "films": [10, 50],
        "kinds": {"small": KIND},
    }
    path.write_text(json.dumps(content))
    return path


def test_what_was_measured_and_where(report):
    text = scale_markdown(report)
    assert "2026-11-26 on a processor, 2 cores" in text and "Something else ran.\n" in text
    assert "| Films a second, `predict`, one thread | 2.0 |" in text
    assert "| Films a second, Ray, 2 workers | 4.0 |" in text


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
