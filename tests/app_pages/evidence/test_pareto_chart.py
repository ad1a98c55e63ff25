"""Dice against time as a Vega-Lite specification."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from app_pages.evidence.pareto_chart import pareto_chart
from fracturelens.measured.layout import Estimate
from fracturelens.measured.pareto import Way
from important_variables import NETWORKS

QUICK = Way("unet", "litert", "int8", 2, "usual", 10.0, Estimate(0.3), 1, 1, on_front=True)
SLOW = replace(QUICK, precision="float32", milliseconds=90.0, dice=Estimate(0.5))


@pytest.fixture
def chart(monkeypatch):
    monkeypatch.setattr("streamlit.context", SimpleNamespace(theme=SimpleNamespace(type="dark")))
    return pareto_chart([QUICK, SLOW])


def test_a_point_for_each_way_and_a_line_through_the_best(chart):
    front, *_, points = chart["layer"]
    assert [row["dice"] for row in chart["data"]["values"]] == [0.3, 0.5]
    assert front["transform"] == [{"filter": "datum.front"}]
    assert points["encoding"]["x"]["scale"]["type"] == "log"
    json.dumps(chart, allow_nan=False)


def test_colors_are_those_of_the_networks(chart):
    scale = chart["layer"][-1]["encoding"]["color"]["scale"]
    assert scale["domain"] == ["U-Net"]
    assert scale["range"] == [NETWORKS["unet"].lines[1]]


def test_the_point_under_the_pointer_is_told_in_words(chart):
    words = chart["layer"][-2]["transform"][-1]["calculate"]
    assert all(part in words for part in ("datum.network", "datum.way", "' ms, Dice '"))
    assert chart["layer"][-1]["params"][0]["select"]["nearest"] is True
