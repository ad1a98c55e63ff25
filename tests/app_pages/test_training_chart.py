"""Training curves as a Vega-Lite specification whose values show wherever the pointer is."""

import json
from types import SimpleNamespace

import pytest

from app_pages.training_chart import curve_chart, line_color
from fracturelens.measured.curves import chart_rows
from fracturelens.networks.history import read_history
from important_variables import NETWORKS, Curve
from tests.helpers.app_helpers import write_history

DICE = Curve("dice_positives", "Dice")
LINES = {"Encoder-decoder": "#d55e00", "U-Net": "#0072b2"}


@pytest.fixture
def history(tmp_path):
    write_history(tmp_path, "unet", [0.1, 0.4, 0.3])
    return read_history("unet", tmp_path)


def test_curve_chart_draws_lines_best_epoch_and_baseline(history):
    rows = chart_rows([history], DICE)
    chart = curve_chart(rows, LINES, 0.99, (0, 1))
    marks = [layer["mark"]["type"] for layer in chart["layer"]]
    best, level, values = ["point", "rule", "text", "text"], ["rule", "text"], ["text", "text"]
    assert marks == ["line", *best, *level, *values, "rule"]
    line, pointer = chart["layer"][0], chart["layer"][-1]
    legend = line["encoding"]["strokeDash"]["legend"]["labelExpr"]
    assert "dashed" in legend and "solid" in legend
    assert "mouse" in pointer["params"][0]["select"]["clear"], "a tap is not cleared at once"
    scale = line["encoding"]["color"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True)) == LINES
    assert line["encoding"]["color"]["legend"]["values"] == ["U-Net"]
    assert line["encoding"]["y"]["scale"]["domain"] == [0, 1]
    words = chart["layer"][-2]["transform"][-1]["calculate"]
    assert "U-Net, training: " in words and "U-Net, validation: " in words
    json.dumps(chart, allow_nan=False)
    assert len(curve_chart(rows, LINES, None)["layer"]) == 8


@pytest.mark.parametrize(
    ("dice", "side"), [([0.4, 0.3, 0.2, 0.1], "left"), ([0.1, 0.2, 0.3, 0.4], "right")]
)
def test_the_words_on_the_best_epoch_keep_off_the_axis(tmp_path, dice, side):
    write_history(tmp_path, "unet", dice)
    chart = curve_chart(chart_rows([read_history("unet", tmp_path)], DICE), LINES, None)
    halo, words = [layer["mark"] for layer in chart["layer"] if layer["mark"]["type"] == "text"][:2]
    assert halo["align"] == words["align"] == side
    assert halo["stroke"] == {"expr": "background"} and "stroke" not in words


@pytest.mark.parametrize(("theme", "place"), [("light", 0), ("dark", 1), (None, 0)])
def test_lines_have_the_colors_of_the_spec_for_the_page(monkeypatch, theme, place):
    context = SimpleNamespace(theme=SimpleNamespace(type=theme))
    monkeypatch.setattr("streamlit.context", context)
    assert [line_color(name) for name in NETWORKS] == [
        spec.lines[place] for spec in NETWORKS.values()
    ]
