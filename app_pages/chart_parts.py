"""What the charts share: Vega-Lite specifications that tell the values nearest to the pointer.

The values are written into the chart: a tooltip would be gone as soon as a finger is lifted.
The charts are plain Vega-Lite 5: building them with Altair would cost a second of import and a
schema check for each chart at each rerun.
"""

HEIGHT = 340
TOP, LINE = 12, 16
"""Where text begins, and the height of its lines, pixels."""
PAGE = {"expr": "background"}
INK = {"expr": "luminance(background) > 0.5 ? '#16262e' : '#eef3f4'"}
"""Colors of the page and of text on it, light or dark."""
LEGEND = {"orient": "top", "symbolType": "stroke", "symbolOpacity": 1}
GRAY = "#80898d"
NEAREST = {
    "type": "point",
    "nearest": True,
    "on": "pointerover, pointerdown",
    "clear": "pointerout[event.pointerType === 'mouse']",
}
"""Chosen by hovering or by a tap; a finger leaves at once, and its choice stays."""


def text_near(transform: list[dict], lines: list[str], left: str, y: dict) -> list[dict]:
    """Lines of text for the point that is chosen, with a rim of the page's color.

    They stand at an edge of the chart: beside the point they would be cut where it is narrow.

    Args:
        transform: what makes the points of the chart's data.
        lines: an expression each.
        left: expression: whether the text stands at the left edge, instead of the right one.
        y: channel of its upper edge.

    Returns:
        Two layers, to be drawn below the one that has the parameter "near".
    """
    words = r" + '\n' + ".join(f"({line})" for line in lines)
    chosen = {"filter": {"param": "near", "empty": False}}
    mark = {"type": "text", "lineBreak": "\n", "lineHeight": LINE, "fontSize": 12, "color": INK}
    mark |= {"baseline": "top", "align": {"expr": f"{left} ? 'left' : 'right'"}}
    mark |= {"dx": {"expr": f"{left} ? 8 : -8"}, "tooltip": None}
    x = {"value": {"expr": f"{left} ? 0 : width"}}
    encoding = {"x": x, "y": y, "text": {"field": "words", "type": "nominal"}}
    return [
        {
            "transform": [*transform, chosen, {"calculate": words, "as": "words"}],
            "mark": mark | drawn,
            "encoding": encoding,
        }
        for drawn in ({"stroke": PAGE, "strokeWidth": 6}, {})
    ]


def value_line(title: str, key: str) -> str:
    """Expression of a line of text: a value by its name; empty where there is none."""
    return f"isValid(datum[{key!r}]) ? {title + ': '!r} + format(datum[{key!r}], '.4~f') : ''"


def axis(field: tuple[str, str | None], scale: dict) -> dict:
    """A quantitative axis: the key and the title of its values, and its scale."""
    return {
        "field": field[0],
        "type": "quantitative",
        "title": field[1],
        "scale": scale,
        "axis": {"tickCount": 5},
    }
