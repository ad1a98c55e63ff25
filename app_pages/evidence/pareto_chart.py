"""Dice against time for every way to mark an X-ray, as a Vega-Lite chart."""

from collections.abc import Sequence

from app_pages.chart_parts import GRAY, HEIGHT, LEGEND, NEAREST, TOP, axis, text_near
from app_pages.training_chart import line_color
from fracturelens.measured.pareto import Way
from fracturelens.measured.words import title_or_name

X = ("milliseconds", "Milliseconds for one X-ray")
Y = ("dice", "Dice on fractured X-rays")
ROOM = 0.5
"""Above the highest point, for the words of the one under the pointer: share of what is drawn."""
EXTRA = 60
"""Height that the second legend takes, pixels."""
SHAPES = {"domain": ["int8", "float32"], "range": ["circle", "square"]}
SHAPE_LEGEND = {
    "orient": "bottom",
    "symbolFillColor": GRAY,
    "symbolStrokeColor": GRAY,
    "labelExpr": "datum.label === 'int8' ? 'INT8: circle' : 'float32: square'",
}


def pareto_chart(ways: Sequence[Way]) -> dict:
    """A point for each way, a line through those that no quicker one reaches.

    Args:
        ways: the quickest first, at least one.

    Returns:
        A Vega-Lite specification.
    """
    rows = [_row(way) for way in ways]
    names = list(dict.fromkeys(way.network for way in ways))
    times, dices = ([float(str(row[key])) for row in rows] for key in (X[0], Y[0]))
    x = axis(X, {"type": "log", "nice": False, "domain": [min(times) * 0.8, max(times) * 1.25]})
    span = max(max(dices) - min(dices), 0.05)
    ends = [min(dices) - 0.1 * span, max(dices) + ROOM * span]
    y = axis(Y, {"zero": False, "nice": False, "domain": ends})
    encoding = {
        "x": x,
        "y": y,
        "color": {
            "field": "network",
            "type": "nominal",
            "title": None,
            "scale": {
                "domain": [title_or_name(name) for name in names],
                "range": [line_color(name) for name in names],
            },
            "legend": LEGEND | {"symbolType": "circle"},
        },
        "shape": {
            "field": "precision",
            "type": "nominal",
            "title": None,
            "scale": SHAPES,
            "legend": SHAPE_LEGEND,
        },
    }
    layers = [_front(x, y), *_words(rows), _nearest(encoding)]
    return {"height": HEIGHT + EXTRA, "data": {"values": rows}, "layer": layers}


def _row(way: Way) -> dict[str, object]:
    return {
        "network": title_or_name(way.network),
        "precision": way.precision,
        "way": way.words,
        "milliseconds": round(way.milliseconds, 2),
        "dice": way.dice.value,
        "front": way.on_front,
    }


def _front(x: dict, y: dict) -> dict:
    """Steps from each best way to the next: what can be had at each time."""
    return {
        "transform": [{"filter": "datum.front"}],
        "mark": {"type": "line", "interpolate": "step-after", "color": GRAY, "strokeDash": [4, 4]},
        "encoding": {"x": x, "y": y},
    }


def _words(rows: list[dict]) -> list[dict]:
    """The way nearest to the pointer, above all points."""
    middle = (rows[0]["milliseconds"] * rows[-1]["milliseconds"]) ** 0.5
    lines = [
        "datum.network",
        "datum.way",
        "format(datum.milliseconds, '.1f') + ' ms, Dice ' + format(datum.dice, '.3f')",
    ]
    return text_near([], lines, f"datum.milliseconds > {middle}", {"value": TOP})


def _nearest(encoding: dict) -> dict:
    """All points; the one nearest to the pointer is larger."""
    near = {"param": "near", "empty": False, "value": 220}
    return {
        "mark": {"type": "point", "filled": True, "opacity": 0.9, "tooltip": None},
        "params": [{"name": "near", "select": NEAREST}],
        "encoding": encoding | {"size": {"condition": near, "value": 80}},
    }
