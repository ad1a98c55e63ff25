"""The speed section says what was measured, what was aimed at, and what was missed."""

import json

import pytest
from streamlit.testing.v1 import AppTest

import app_pages.evidence.speed
from fracturelens.measured.speed import (
    BEST_COLUMN,
    best_rates,
    cascade_rows,
    claim_rows,
    command_rows,
    is_met,
    read_benchmark,
    run_rows,
    stale_line,
)
from fracturelens.networks.card import ModelCard, write_card
from fracturelens.networks.inference import gate_inference
from important_variables import BENCHMARK, NETWORKS
from tests.helpers.app_helpers import benchmark_report


def draw(subject):
    def script(subject):
        from app_pages.evidence.speed import show_speed
        from important_variables import SAVED_MODELS

        show_speed(subject, SAVED_MODELS)

    page = AppTest.from_function(script, args=(subject,), default_timeout=60).run()
    assert not page.exception
    return page


@pytest.fixture
def measured(tmp_path, monkeypatch):
    path = tmp_path / "latest.json"
    path.write_text(json.dumps(benchmark_report()))
    reader = lambda: read_benchmark(path)  # noqa: E731
    monkeypatch.setattr(app_pages.evidence.speed, "read_benchmark", reader)


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


def test_every_way_of_a_picture_has_its_row():
    rows = cascade_rows(benchmark_report())
    assert len({(row["Runtime"], row["Number format"], row["Threads"]) for row in rows}) == 5
    assert rows[0]["Peak MB"] == "150" and rows[0]["Files MB"] == "5.00"


def test_the_best_rate_is_what_anything_reached():
    # The U-Net's 3 billion multiply-accumulates in 10 ms are more than the convolution's 200.
    assert best_rates(benchmark_report()) == {("int8", 1): 300.0, ("int8", 2): 300.0}
    rows = run_rows(benchmark_report(), "unet")
    found = {
        (row["Runtime"], row["Number format"], row["Threads"]): row[BEST_COLUMN] for row in rows
    }
    assert found["LiteRT", "int8", 2] == "100" and found["LiteRT", "int8", 1] == "50"
    assert found["OpenVINO", "int8", 2] == "80"
    assert found["LiteRT", "float32", 2] == ""  # no rate to compare with


def test_nothing_shipped_is_faster_than_the_best_rate():
    report = read_benchmark(BENCHMARK)
    shares = [row[BEST_COLUMN] for name in NETWORKS for row in run_rows(report, name)]
    numbers = [int(share) for share in shares if share]
    assert numbers and max(numbers) == 100


@pytest.fixture
def cards(tmp_path):
    """Cards of three networks, and the files that a benchmark of them would note."""
    files = {name: {"model.keras": name, "model_int8.tflite": "8" + name} for name in NETWORKS}
    for name, hashes in files.items():
        write_card(ModelCard(name, name, 0, gate_inference(64), files=hashes), tmp_path)
    return tmp_path, files


def test_nothing_is_stale_where_the_shipped_files_were_timed(cards):
    folder, files = cards
    assert stale_line(benchmark_report(files=files), folder) == ""


@pytest.mark.parametrize("file", ["model.keras", "model_int8.tflite"])
def test_another_file_than_the_timed_one_is_told(cards, file):
    folder, files = cards
    changed = files | {"unet": files["unet"] | {file: "other"}}
    told = stale_line(benchmark_report(files=changed), folder)
    assert told.startswith("The shipped files of U-Net are not the ones that were timed")


def test_the_page_tells_of_files_that_were_not_timed(measured):
    told = [caption.value for caption in draw("cascade").caption]
    assert any("are not the ones that were timed" in text for text in told)


def test_the_shipped_benchmark_names_its_files():
    files = read_benchmark(BENCHMARK)["files"]
    assert files.keys() == set(NETWORKS)
    assert all(len(digest) == 64 for entry in files.values() for digest in entry.values())


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
    monkeypatch.setattr(app_pages.evidence.speed, "read_benchmark", lambda: None)
    assert "fracturelens benchmark" in draw("gate").info[0].value
