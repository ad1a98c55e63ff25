"""Vega-Lite charts with values under the pointer: training curves and evaluation curves.

The charts are plain Vega-Lite 5 specifications: building them with Altair would cost a second of
import and a schema check for each chart at each rerun.
"""

from collections.abc import Mapping

import streamlit as st

from fracturelens.measured.plots import Plot
from important_variables import NETWORKS

HEIGHT = 340
FEW_POINTS = 50
"""Curves of fewer points show them all; of more, only the one nearest to the pointer."""
DASHES = {"domain": ["validation", "train"], "range": [[1, 0], [5, 3]]}
UNIT = {"domain": [0, 1]}
LEGEND = {"orient": "top", "symbolType": "stroke", "symbolOpacity": 1}
GRAY = "#80898d"
NEAREST = {
    "type": "point",
    "nearest": True,
    "on": "pointerover, pointerdown",
    "clear": "pointerout[event.pointerType === 'mouse']",
}
"""Chosen by hovering or by a tap; a finger leaves at once, and its choice stays."""
SPLIT_LEGEND = {
    "orient": "top",
    "symbolType": "stroke",
    "symbolSize": 400,
    "symbolStrokeColor": GRAY,
    "labelExpr": "datum.label + (datum.label === 'train' ? 'ing: dashed' : ': solid')",
}
TIP_TITLES = {
    "threshold": "Threshold",
    "score": "Score of the region",
    "n": "X-rays in this bin",
}
"""Words for what a point holds besides its place."""


def curve_chart(
    rows: list[dict[str, object]],
    lines: Mapping[str, str],
    baseline: float | None,
    domain: tuple[float, float] | None = None,
) -> dict:
    """A measure against epochs: color tells the network, dashes the training split.

    Args:
        rows: from `histories.chart_rows`.
        lines: color of each network's curves, by its title.
        baseline: drawn as a level line, or None.
        domain: least and greatest value of the y axis, or None to fit the data.

    Returns:
        A Vega-Lite specification.
    """
    shown = [name for name in lines if any(row["network"] == name for row in rows)]
    curves = {"mark": {"type": "line", "strokeWidth": 2}, "encoding": _line_encoding(domain)}
    color = {
        "field": "network",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(lines), "range": list(lines.values())},
        "legend": LEGEND | {"values": shown},
    }
    layers = [curves, _under_pointer(rows)]
    falls = bool(rows) and rows[0]["value"] > rows[-1]["value"]
    for place, name in enumerate(shown):
        layers += _best(name, place, falls, early=_is_early(name, rows))
    for layer in layers[:1] + layers[2:]:
        layer["encoding"]["color"] = color
    if baseline is not None:
        layers += _level(baseline)
    return {"height": HEIGHT, "data": {"values": rows}, "layer": layers}


def line_color(name: str) -> str:
    """The color of a network's curves on the page as it is shown, light or dark."""
    light, dark = NETWORKS[name].lines
    return dark if st.context.theme.type == "dark" else light


def line_chart(plot: Plot) -> dict:
    """Curves of an evaluation, with the point nearest to the pointer in words.

    Args:
        plot: what to draw; what its points hold besides "order" shows under the pointer.

    Returns:
        A Vega-Lite specification.
    """
    encoding = {
        "x": _axis(plot.x, UNIT),
        "y": _axis(plot.y, UNIT),
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
        _nearest(plot, encoding),  # the last: what lies above it would catch the pointer
    ]
    return {"height": HEIGHT, "data": {"values": plot.rows}, "layer": layers}


def _nearest(plot: Plot, encoding: dict) -> dict:
    """All points of the curves, the one nearest to the pointer shown with its values."""
    titles = dict((plot.x, plot.y)) | TIP_TITLES
    shown = dict.fromkeys(key for row in plot.rows for key in row if key in titles)
    tips = [_tip(key, title=titles[key]) for key in shown]
    if len(plot.series) > 1:
        tips.insert(0, _tip("series", "nominal", "Curve"))
    near = {"param": "near", "empty": False, "value": 1}
    rest = 0.6 if len(plot.rows) < FEW_POINTS else 0
    return {
        "mark": {"type": "circle", "size": 90},
        "params": [{"name": "near", "select": NEAREST}],
        "encoding": encoding | {"tooltip": tips, "opacity": {"condition": near, "value": rest}},
    }


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


def _axis(field: tuple[str, str | None], scale: dict) -> dict:
    return {
        "field": field[0],
        "type": "quantitative",
        "title": field[1],
        "scale": scale,
        "axis": {"tickCount": 5},
    }


def _tip(field: str, kind: str = "quantitative", title: str | None = None) -> dict:
    tip = {"field": field, "type": kind} | ({"title": title} if title else {})
    return tip | ({"format": ".4~f"} if kind == "quantitative" else {})


def _line_encoding(domain: tuple[float, float] | None) -> dict:
    scale = {"zero": False} | ({"domain": list(domain)} if domain else {})
    return {
        "x": _epoch(),
        "y": _axis(("value", None), scale),
        "strokeDash": {
            "field": "split",
            "type": "nominal",
            "title": None,
            "scale": DASHES,
            "legend": SPLIT_LEGEND,
        },
    }


def _epoch() -> dict:
    return _axis(("epoch", "Epoch"), {"zero": False, "nice": False}) | {
        "axis": {"tickMinStep": 1, "grid": False}
    }


def _is_early(network: str, rows: list[dict[str, object]]) -> bool:
    """Whether the best epoch of a network lies in the left half of the chart."""
    best = [row["epoch"] for row in rows if row["best"] and row["network"] == network]
    return bool(best) and 2 * best[0] < max(row["epoch"] for row in rows)


def _best(network: str, place: int, falls: bool, early: bool) -> list[dict]:
    """The best epoch of one network: a diamond, a dotted line, and its value in a line of text.

    The text stands at the top where the curve falls, else at the bottom: out of its way; and to
    the right of an early epoch, lest it lie over the axis. A rim of the page's color keeps it
    readable where it crosses a line.
    """
    data = [{"filter": f"datum.best && datum.network == '{network}'"}]
    words = "'best epoch ' + datum.epoch + ': ' + format(datum.value, '.4~f')"
    y = {"field": "value", "type": "quantitative"}
    mark = {"type": "text", "fontWeight": "bold"}
    mark |= {"align": "left", "dx": 6} if early else {"align": "right", "dx": -6}
    halo = mark | {"stroke": {"expr": "background"}, "strokeWidth": 4}
    encoding = {
        "x": _epoch(),
        "y": {"value": {"expr": f"{'' if falls else 'height - '}{12 + 16 * place}"}},
        "text": {"field": "words", "type": "nominal"},
    }
    return [
        {
            "transform": data,
            "mark": {"type": "point", "size": 120, "filled": True, "shape": "diamond"},
            "encoding": {"x": _epoch(), "y": y, "opacity": {"value": 1}},
        },
        {
            "transform": data,
            "mark": {"type": "rule", "strokeDash": [1, 3]},
            "encoding": {"x": _epoch()},
        },
        *(
            {
                "transform": [*data, {"calculate": words, "as": "words"}],
                "mark": drawn,
                "encoding": encoding,
            }
            for drawn in (halo, mark)
        ),
    ]


def _under_pointer(rows: list[dict[str, object]]) -> dict:
    """A rule at the epoch nearest to the pointer, with the values of all lines."""
    series = list(dict.fromkeys(str(row["series"]) for row in rows))
    near = {"param": "near", "empty": False, "value": 0.7}
    return {
        "transform": [{"pivot": "series", "value": "value", "groupby": ["epoch"]}],
        "mark": {"type": "rule", "color": GRAY},
        "params": [{"name": "near", "select": NEAREST | {"fields": ["epoch"]}}],
        "encoding": {
            "x": _epoch(),
            "opacity": {"condition": near, "value": 0},
            "tooltip": [_tip("epoch"), *(_tip(name) for name in series)],
        },
    }


def _level(value: float) -> list[dict]:
    """A level line with its name: what answering "nothing" always reaches."""
    data = {"values": [{"level": value, "name": f"always nothing: {value:.4f}"}]}
    y = {"field": "level", "type": "quantitative"}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "color": GRAY, "strokeDash": [2, 2], "strokeWidth": 1.5},
            "encoding": {"y": y},
        },
        {
            "data": data,
            "mark": {"type": "text", "color": GRAY, "align": "left", "dy": -8},
            "encoding": {"x": {"value": 4}, "y": y, "text": {"field": "name", "type": "nominal"}},
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
