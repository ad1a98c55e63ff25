"""Curves of an evaluation, as a Vega-Lite chart."""

from app_pages.chart_parts import (
    GRAY,
    HEIGHT,
    LEGEND,
    LINE,
    NEAREST,
    TOP,
    axis,
    text_near,
    value_line,
)
from fracturelens.measured.plots import Plot

FEW_POINTS = 50
"""Curves of fewer points show them all; of more, only the one nearest to the pointer."""
UNIT = {"domain": [0, 1]}
TIP_TITLES = {
    "threshold": "Threshold",
    "score": "Score of the region",
    "n": "X-rays in this bin",
}
"""Words for what a point holds besides its place."""


def evaluation_chart(plot: Plot) -> dict:
    """Curves of an evaluation, with the point nearest to the pointer in words.

    Args:
        plot: what to draw; what its points hold besides "order" shows under the pointer.

    Returns:
        A Vega-Lite specification.
    """
    encoding = {
        "x": axis(plot.x, UNIT),
        "y": axis(plot.y, UNIT),
        "color": {
            "field": "series",
            "type": "nominal",
            "title": None,
            "scale": {"domain": plot.series},
            "legend": LEGEND if len(plot.series) > 1 else None,
        },
        "order": {"field": "order", "type": "quantitative"},
    }
    layers = [
        *([_diagonal()] if plot.diagonal else []),
        {"mark": {"type": "line", "strokeWidth": 2}, "encoding": encoding},
        *(layer for mark in plot.marks for layer in _mark(mark, plot.x[0], plot.y[0])),
        *_values_of_point(plot),
        _nearest(plot, encoding),  # the last: what lies above it would catch the pointer
    ]
    return {"height": HEIGHT, "data": {"values": plot.rows}, "layer": layers}


def _nearest(plot: Plot, encoding: dict) -> dict:
    """All points of the curves; the one nearest to the pointer is seen."""
    near = {"param": "near", "empty": False, "value": 1}
    rest = 0.6 if len(plot.rows) < FEW_POINTS else 0
    return {
        "mark": {"type": "circle", "size": 90, "tooltip": None},
        "params": [{"name": "near", "select": NEAREST}],
        "encoding": encoding | {"opacity": {"condition": near, "value": rest}},
    }


def _values_of_point(plot: Plot) -> list[dict]:
    """The values of the point nearest to the pointer, away from it."""
    titles = dict((plot.x, plot.y)) | TIP_TITLES
    shown = dict.fromkeys(key for row in plot.rows for key in row if key in titles)
    lines = [value_line(titles[key], key) for key in shown]
    if len(plot.series) > 1:
        lines.insert(0, "datum.series")
    left, low = f"datum[{plot.x[0]!r}] > 0.5", f"datum[{plot.y[0]!r}] > 0.5"
    y = {"expr": f"{low} ? height - {LINE * len(lines)} : {TOP}"}
    return text_near([], lines, left, {"value": y})


def _mark(mark: dict, x: str, y: str) -> list[dict]:
    """A diamond with its name beside it, on the side where there is room."""
    left = mark[x] > 0.5
    encoding = {
        "x": {"field": x, "type": "quantitative"},
        "y": {"field": y, "type": "quantitative"},
    }
    return [
        {
            "data": {"values": [mark]},
            "mark": {"type": "point", "shape": "diamond", "size": 130, "filled": True}
            | {"color": GRAY, "opacity": 1},
            "encoding": encoding,
        },
        {
            "data": {"values": [mark]},
            "mark": {"type": "text", "align": "right" if left else "left", "color": GRAY}
            | {"dx": -9 if left else 9, "dy": 18, "fontWeight": "bold"},
            "encoding": encoding | {"text": {"field": "name", "type": "nominal"}},
        },
    ]


def _diagonal() -> dict:
    ends = [{"across": 0, "up": 0}, {"across": 1, "up": 1}]
    return {
        "data": {"values": ends},
        "mark": {"type": "line", "color": GRAY, "strokeDash": [4, 4]},
        "encoding": {
            "x": {"field": "across", "type": "quantitative"},
            "y": {"field": "up", "type": "quantitative"},
        },
    }
