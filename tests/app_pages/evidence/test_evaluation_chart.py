"""Evaluation curves as a Vega-Lite specification whose values show wherever the pointer is."""

import json

from app_pages.evidence.evaluation_chart import evaluation_chart
from fracturelens.measured.plots import Plot

ROWS = [
    {"fpr": x, "tpr": 0.5, "threshold": 0.9, "series": "gate", "order": place}
    for place, x in enumerate((0.0, 0.4))
]
MARK = {"name": "doubtful 0.100", "fpr": 0.4, "tpr": 0.5}


def roc(**changes):
    return Plot(
        "roc", "ROC", ("fpr", "False positive rate"), ("tpr", "Sensitivity"), ROWS, **changes
    )


def values_of(chart):
    """The expression of what is written about the point nearest to the pointer."""
    return chart["layer"][-2]["transform"][-1]["calculate"]


def test_the_point_nearest_to_the_pointer_tells_its_values_in_words():
    chart = evaluation_chart(roc())
    nearest = chart["layer"][-1]
    assert nearest["params"][0]["select"]["nearest"] is True
    words = values_of(chart)
    for title in ("False positive rate: ", "Sensitivity: ", "Threshold: "):
        assert title in words
    assert "series" not in words and "order" not in words
    json.dumps(chart, allow_nan=False)


def test_several_curves_are_told_apart_under_the_pointer():
    rows = [*ROWS, ROWS[0] | {"series": "other"}]
    plot = Plot("roc", "ROC", ("fpr", "FPR"), ("tpr", "TPR"), rows)
    chart = evaluation_chart(plot)
    assert "(datum.series)" in values_of(chart)
    assert chart["layer"][0]["encoding"]["color"]["legend"] is not None
    assert evaluation_chart(roc())["layer"][0]["encoding"]["color"]["legend"] is None


def test_chance_and_marks_lie_below_what_the_pointer_meets():
    chart = evaluation_chart(roc(diagonal=True, marks=(MARK,)))
    kinds = [layer["mark"]["type"] for layer in chart["layer"]]
    assert kinds == ["line", "line", "point", "text", "text", "text", "circle"]


def test_both_axes_run_from_0_to_1():
    encoding = evaluation_chart(roc())["layer"][0]["encoding"]
    assert encoding["x"]["scale"]["domain"] == encoding["y"]["scale"]["domain"] == [0, 1]
