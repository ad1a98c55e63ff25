"""Charts are Vega-Lite specifications whose values show wherever the pointer is."""

import json
from types import SimpleNamespace

import pytest

from app_pages.charts import curve_chart, line_chart, line_color
from fracturelens.measured.curves import chart_rows
from fracturelens.measured.plots import Plot
from fracturelens.networks.history import read_history
from important_variables import NETWORKS, Curve
from tests.helpers.app_helpers import write_history

DICE = Curve("dice_positives", "Dice")
LINES = {"Encoder-decoder": "#d55e00", "U-Net": "#0072b2"}
ROWS = [
    {"fpr": x, "tpr": 0.5, "threshold": 0.9, "series": "gate", "order": place}
    for place, x in enumerate((0.0, 0.4))
]
MARK = {"name": "doubtful 0.100", "fpr": 0.4, "tpr": 0.5}


def roc(**changes):
    return Plot(
        "roc", "ROC", ("fpr", "False positive rate"), ("tpr", "Sensitivity"), ROWS, **changes
    )


@pytest.fixture
def history(tmp_path):
    write_history(tmp_path, "unet", [0.1, 0.4, 0.3])
    return read_history("unet", tmp_path)


def test_curve_chart_draws_lines_best_epoch_and_baseline(history):
    rows = chart_rows([history], DICE)
    chart = curve_chart(rows, LINES, 0.99, (0, 1))
    marks = [layer["mark"]["type"] for layer in chart["layer"]]
    assert marks == ["line", "rule", "point", "rule", "text", "text", "rule", "text"]
    line, pointer = chart["layer"][:2]
    legend = line["encoding"]["strokeDash"]["legend"]["labelExpr"]
    assert "dashed" in legend and "solid" in legend
    assert "mouse" in pointer["params"][0]["select"]["clear"], "a tap is not cleared at once"
    scale = line["encoding"]["color"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True)) == LINES
    assert line["encoding"]["color"]["legend"]["values"] == ["U-Net"]
    assert line["encoding"]["y"]["scale"]["domain"] == [0, 1]
    assert [tip["field"] for tip in pointer["encoding"]["tooltip"]] == [
        "epoch",
        "U-Net, train",
        "U-Net, validation",
    ]
    json.dumps(chart, allow_nan=False)
    assert len(curve_chart(rows, LINES, None)["layer"]) == 6


@pytest.mark.parametrize(
    ("dice", "side"), [([0.4, 0.3, 0.2, 0.1], "left"), ([0.1, 0.2, 0.3, 0.4], "right")]
)
def test_the_words_on_the_best_epoch_keep_off_the_axis(tmp_path, dice, side):
    write_history(tmp_path, "unet", dice)
    chart = curve_chart(chart_rows([read_history("unet", tmp_path)], DICE), LINES, None)
    halo, words = [layer["mark"] for layer in chart["layer"] if layer["mark"]["type"] == "text"]
    assert halo["align"] == words["align"] == side
    assert halo["stroke"] == {"expr": "background"} and "stroke" not in words


def test_the_point_nearest_to_the_pointer_tells_its_values_in_words():
    chart = line_chart(roc())
    nearest = chart["layer"][-1]
    assert nearest["params"][0]["select"]["nearest"] is True
    tips = [(tip["field"], tip["title"]) for tip in nearest["encoding"]["tooltip"]]
    assert tips == [
        ("fpr", "False positive rate"),
        ("tpr", "Sensitivity"),
        ("threshold", "Threshold"),
    ]
    json.dumps(chart, allow_nan=False)


def test_several_curves_are_told_apart_under_the_pointer():
    rows = [*ROWS, ROWS[0] | {"series": "other"}]
    plot = Plot("roc", "ROC", ("fpr", "FPR"), ("tpr", "TPR"), rows)
    chart = line_chart(plot)
    tips = chart["layer"][-1]["encoding"]["tooltip"]
    assert tips[0] == {"field": "series", "type": "nominal", "title": "Curve"}
    assert chart["layer"][0]["encoding"]["color"]["legend"] is not None
    assert line_chart(roc())["layer"][0]["encoding"]["color"]["legend"] is None


def test_chance_and_marks_lie_below_what_the_pointer_meets():
    chart = line_chart(roc(diagonal=True, marks=(MARK,)))
    kinds = [layer["mark"]["type"] for layer in chart["layer"]]
    assert kinds == ["line", "line", "point", "text", "circle"]


def test_both_axes_run_from_0_to_1():
    encoding = line_chart(roc())["layer"][0]["encoding"]
    assert encoding["x"]["scale"]["domain"] == encoding["y"]["scale"]["domain"] == [0, 1]


@pytest.mark.parametrize(("theme", "place"), [("light", 0), ("dark", 1), (None, 0)])
def test_lines_have_the_colors_of_the_spec_for_the_page(monkeypatch, theme, place):
    context = SimpleNamespace(theme=SimpleNamespace(type=theme))
    monkeypatch.setattr("streamlit.context", context)
    assert [line_color(name) for name in NETWORKS] == [
        spec.lines[place] for spec in NETWORKS.values()
    ]
