"""The speed section says what was measured, what was aimed at, and what was missed."""

import json

import pytest
from streamlit.testing.v1 import AppTest

import app_pages.evidence_speed
from app_pages.evidence_speed import claim_rows, command_rows, is_met, read_benchmark, run_rows
from tests.app_helpers import benchmark_report


def draw(subject):
    def script(subject):
        from app_pages.evidence_speed import show_speed

        show_speed(subject)

    page = AppTest.from_function(script, args=(subject,), default_timeout=60).run()
    assert not page.exception
    return page


@pytest.fixture
def measured(tmp_path, monkeypatch):
    path = tmp_path / "latest.json"
    path.write_text(json.dumps(benchmark_report()))
    reader = lambda: read_benchmark(path)  # noqa: E731
    monkeypatch.setattr(app_pages.evidence_speed, "read_benchmark", reader)


def test_missed_targets_are_called_missed():
    assert [row["Met"] for row in claim_rows(benchmark_report())] == ["yes", "no"]


@pytest.mark.parametrize(
    ("value", "target", "met"),
    [(8.0, "at least 8", True), (7.9, "at least 8", False), (1.1, "at most 1.1", True),
     (1.11, "at most 1.1", False)],
)  # fmt: skip
def test_targets_are_bounds(value, target, met):
    assert is_met({"value": value, "target": target}) is met


def test_rows_hold_every_run_and_every_command():
    report = benchmark_report()
    assert len(run_rows(report, "unet")) == 6
    assert [row["X-rays"] for row in command_rows(report)][1:3] == [
        "one of 2304 x 2880 pixels",
        "10 of 454 x 373 pixels",
    ]


@pytest.mark.parametrize("content", ["", "{}", "[1", None])
def test_no_whole_report_is_none(tmp_path, content):
    path = tmp_path / "latest.json"
    if content is not None:
        path.write_text(content)
    assert read_benchmark(path) is None


def test_cascade_shows_claims_and_ways(measured):
    page = draw("cascade")
    assert len(page.table) == 3
    assert "Measured on Test, 2 cores" in page.caption[0].value


def test_network_shows_its_runs(measured):
    assert list(draw("unet").table[0].value["Runtime"]).count("LiteRT") == 3


def test_without_a_benchmark_the_page_names_the_command(monkeypatch):
    monkeypatch.setattr(app_pages.evidence_speed, "read_benchmark", lambda: None)
    assert "command_line.py benchmark" in draw("gate").info[0].value
