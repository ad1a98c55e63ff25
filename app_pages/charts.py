"""Vega-Lite charts with values under the pointer: training curves and evaluation curves.

The charts are plain Vega-Lite 5 specifications: building them with Altair would cost a second of
import and a schema check for each chart at each rerun.
"""

HEIGHT = 340
FEW_POINTS = 50
"""Curves of fewer points show them; of more, only their line."""
DASHES = {"domain": ["validation", "train"], "range": [[1, 0], [5, 3]]}
UNIT = {"domain": [0, 1]}
LEGEND = {"orient": "top", "symbolType": "stroke", "symbolOpacity": 1}
GRAY = "#80898d"


def curve_chart(
    rows: list[dict[str, object]],
    networks: list[str],
    baseline: float | None,
    domain: tuple[float, float] | None = None,
) -> dict:
    """A measure against epochs: colour tells the network, dashes the training split.

    Args:
        rows: from `histories.chart_rows`.
        networks: titles in the order of the colours of the theme.
        baseline: drawn as a level line, or None.
        domain: least and greatest value of the y axis, or None to fit the data.

    Returns:
        A Vega-Lite specification.
    """
    shown = [name for name in networks if any(row["network"] == name for row in rows)]
    lines = {"mark": {"type": "line", "strokeWidth": 2}, "encoding": _line_encoding(domain)}
    colour = {
        "field": "network",
        "type": "nominal",
        "title": None,
        "scale": {"domain": networks},
        "legend": LEGEND | {"values": shown},
    }
    layers = [lines, _under_pointer(rows)]
    falls = bool(rows) and rows[0]["value"] > rows[-1]["value"]
    layers += [mark for place, name in enumerate(shown) for mark in _best(name, place, falls)]
    for layer in layers[:1] + layers[2:]:
        layer["encoding"]["color"] = colour
    if baseline is not None:
        layers += _level(baseline)
    return {"height": HEIGHT, "data": {"values": rows}, "layer": layers}


def line_chart(
    rows: list[dict[str, object]],
    x: tuple[str, str],
    y: tuple[str, str],
    *,
    diagonal: bool = False,
    unit_x: bool = True,
) -> dict:
    """Curves of an evaluation.

    Args:
        rows: points with the keys `x[0]`, `y[0]`, "series" and "order"; all but the last show
            under the pointer.
        x: key and title of the horizontal axis.
        y: key and title of the vertical axis, 0 to 1.
        diagonal: draw the line from (0, 0) to (1, 1): chance, or perfect calibration.
        unit_x: the horizontal axis runs from 0 to 1.

    Returns:
        A Vega-Lite specification.
    """
    series = list(dict.fromkeys(row["series"] for row in rows))
    shown = [key for key in dict.fromkeys(key for row in rows for key in row) if key != "order"]
    tips = [_tip(key, "nominal" if key == "series" else "quantitative") for key in shown]
    encoding = {
        "x": _axis(x, UNIT if unit_x else {"zero": True}),
        "y": _axis(y, UNIT),
        "color": {
            "field": "series",
            "type": "nominal",
            "title": None,
            "scale": {"domain": series},
            "legend": LEGEND if len(series) > 1 else None,
        },
        "order": {"field": "order", "type": "quantitative"},
    }
    opacity = 1 if len(rows) < FEW_POINTS else 0.01
    points = {"mark": {"type": "circle", "size": 70, "opacity": opacity}}
    layers = [
        {"mark": {"type": "line", "strokeWidth": 2}, "encoding": encoding},
        points | {"encoding": encoding | {"tooltip": tips}},
    ]
    if diagonal:
        layers.insert(0, _diagonal())
    return {"height": HEIGHT, "data": {"values": rows}, "layer": layers}


def _axis(field: tuple[str, str | None], scale: dict) -> dict:
    return {
        "field": field[0],
        "type": "quantitative",
        "title": field[1],
        "scale": scale,
        "axis": {"tickCount": 5},
    }


def _tip(field: str, kind: str = "quantitative") -> dict:
    return {"field": field, "type": kind} | ({"format": ".4~f"} if kind == "quantitative" else {})


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
            "legend": None,
        },
    }


def _epoch() -> dict:
    return _axis(("epoch", "Epoch"), {"zero": False, "nice": False}) | {
        "axis": {"tickMinStep": 1, "grid": False}
    }


def _best(network: str, place: int, falls: bool) -> list[dict]:
    """The best epoch of one network: a diamond, a dotted line, and its value in a line of text.

    The text stands at the top where the curve falls, else at the bottom: out of its way.
    """
    data = [{"filter": f"datum.best && datum.network == '{network}'"}]
    words = "'best epoch ' + datum.epoch + ': ' + format(datum.value, '.4~f')"
    y = {"field": "value", "type": "quantitative"}
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
        {
            "transform": [*data, {"calculate": words, "as": "words"}],
            "mark": {"type": "text", "align": "right", "dx": -6, "fontWeight": "bold"},
            "encoding": {
                "x": _epoch(),
                "y": {"value": {"expr": f"{'' if falls else 'height - '}{12 + 16 * place}"}},
                "text": {"field": "words", "type": "nominal"},
            },
        },
    ]


def _under_pointer(rows: list[dict[str, object]]) -> dict:
    """A rule at the epoch nearest to the pointer, with the values of all lines."""
    series = list(dict.fromkeys(str(row["series"]) for row in rows))
    select = {
        "type": "point",
        "fields": ["epoch"],
        "nearest": True,
        "on": "pointerover",
        "clear": "pointerout",
    }
    near = {"param": "near", "empty": False, "value": 0.7}
    return {
        "transform": [{"pivot": "series", "value": "value", "groupby": ["epoch"]}],
        "mark": {"type": "rule", "color": GRAY},
        "params": [{"name": "near", "select": select}],
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
