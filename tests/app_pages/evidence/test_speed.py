"""The speed section says what was measured, what was aimed at, and what was missed."""

import json

import pytest
from streamlit.testing.v1 import AppTest

import app_pages.evidence.speed
from fracturelens.measured.speed import read_benchmark
from tests.helpers.benchmark_report import benchmark_report


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


def test_the_page_tells_of_files_that_were_not_timed(measured):
    told = [caption.value for caption in draw("cascade").caption]
    assert any("are not the ones that were timed" in text for text in told)


def test_the_page_tells_what_runs_here(measured, monkeypatch):
    told = [caption.value for caption in draw("cascade").caption]
    assert any(text.endswith("In use here for INT8: LiteRT for all networks.") for text in told)
    monkeypatch.setattr(app_pages.evidence.speed, "load_engine", lambda _: (None, {}))
    assert not any("In use here" in caption.value for caption in draw("cascade").caption)


def test_cascade_shows_claims_and_ways(measured):
    page = draw("cascade")
    assert len(page.table) == 4, "claims, ways, cascade and predict"
    assert page.get("vega_lite_chart")
    assert "Measured on Test, 2 cores" in page.caption[0].value


def test_network_shows_its_runs(measured):
    assert list(draw("unet").table[0].value["Runtime"]).count("LiteRT") == 3


def test_without_a_benchmark_the_page_names_the_command(monkeypatch):
    monkeypatch.setattr(app_pages.evidence.speed, "read_benchmark", lambda: None)
    assert "fracturelens benchmark" in draw("gate").info[0].value


def test_without_measured_ways_there_is_no_chart(measured, monkeypatch):
    monkeypatch.setattr(app_pages.evidence.speed, "read_ways", list)
    page = draw("cascade")
    assert len(page.table) == 3 and not page.get("vega_lite_chart")
