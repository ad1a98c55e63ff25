"""Training curves against epochs, as a Vega-Lite chart."""

from collections.abc import Mapping

import streamlit as st

from app_pages.chart_parts import (
    GRAY,
    HEIGHT,
    LEGEND,
    LINE,
    NEAREST,
    PAGE,
    TOP,
    axis,
    text_near,
    value_line,
)
from important_variables import NETWORKS

DASHES = {"domain": ["validation", "train"], "range": [[1, 0], [5, 3]]}
SPLIT_LEGEND = {
    "orient": "bottom",  # beside the colors, it would be cut on a phone
    "symbolType": "stroke",
    "symbolSize": 400,
    "symbolStrokeColor": GRAY,
    "labelExpr": "datum.label + (datum.label === 'train' ? 'ing: dashed' : ': solid')",
}


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
    falls = bool(rows) and rows[0]["value"] > rows[-1]["value"]
    layers = [curves]
    for place, name in enumerate(shown):
        layers += _best(name, place, falls, early=_is_early(name, rows))
    for layer in layers:
        layer["encoding"]["color"] = color
    if baseline is not None:
        layers += _level(baseline)
    layers += _values_of_epoch(rows, at_top=not falls)
    layers.append(_under_pointer())  # the last: what lies above it would catch the pointer
    return {"height": HEIGHT, "data": {"values": rows}, "layer": layers}


def line_color(name: str) -> str:
    """The color of a network's curves on the page as it is shown, light or dark."""
    light, dark = NETWORKS[name].lines
    return dark if st.context.theme.type == "dark" else light


def _values_of_epoch(rows: list[dict[str, object]], at_top: bool) -> list[dict]:
    """The values of all curves at the epoch nearest to the pointer, away from its rule."""
    series = list(dict.fromkeys(str(row["series"]) for row in rows))
    lines = ["'Epoch ' + datum.epoch", *(value_line(_in_words(name), name) for name in series)]
    first, last = _epochs(rows)
    left = f"datum.epoch > {(first + last) / 2}"
    height = LINE * len(lines)
    y = {"value": TOP if at_top else {"expr": f"height - {height}"}}
    return text_near([_pivot()], lines, left, y)


def _in_words(series: str) -> str:
    """The name of a curve with the words of the legend."""
    return f"{series}ing" if series.endswith(" train") else series


def _line_encoding(domain: tuple[float, float] | None) -> dict:
    scale = {"zero": False} | ({"domain": list(domain)} if domain else {})
    return {
        "x": _epoch(),
        "y": axis(("value", None), scale),
        "strokeDash": {
            "field": "split",
            "type": "nominal",
            "title": None,
            "scale": DASHES,
            "legend": SPLIT_LEGEND,
        },
    }


def _epoch() -> dict:
    return axis(("epoch", "Epoch"), {"zero": False, "nice": False}) | {
        "axis": {"tickMinStep": 1, "grid": False}
    }


def _is_early(network: str, rows: list[dict[str, object]]) -> bool:
    """Whether the best epoch of a network lies in the left half of the chart."""
    best = [row["epoch"] for row in rows if row["best"] and row["network"] == network]
    return bool(best) and 2 * best[0] < _epochs(rows)[1]


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
    halo = mark | {"stroke": PAGE, "strokeWidth": 4}
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


def _under_pointer() -> dict:
    """A rule at the epoch nearest to the pointer."""
    near = {"param": "near", "empty": False, "value": 0.7}
    return {
        "transform": [_pivot()],
        "mark": {"type": "rule", "color": GRAY, "tooltip": None},
        "params": [{"name": "near", "select": NEAREST | {"fields": ["epoch"]}}],
        "encoding": {"x": _epoch(), "opacity": {"condition": near, "value": 0}},
    }


def _pivot() -> dict:
    """Makes one row of each epoch, with a column for each curve."""
    return {"pivot": "series", "value": "value", "groupby": ["epoch"]}


def _epochs(rows: list[dict[str, object]]) -> tuple[int, int]:
    """The first and the last; 0 and 0 without any."""
    epochs = [int(str(row["epoch"])) for row in rows] or [0]
    return min(epochs), max(epochs)


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
