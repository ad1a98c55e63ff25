"""Altair charts with values under the pointer: training curves and evaluation curves."""

import altair as alt

HEIGHT = 260
DASHES = alt.Scale(domain=["validation", "train"], range=[[1, 0], [5, 3]])


def curve_chart(
    rows: list[dict[str, object]],
    networks: list[str],
    baseline: float | None,
    domain: tuple[float, float] | None = None,
) -> alt.LayerChart:
    """A measure against epochs: colour tells the network, dashes the training split.

    Args:
        rows: from `histories.chart_rows`.
        networks: titles in the order of the colours of the theme.
        baseline: drawn as a level line, or None.
        domain: least and greatest value of the y axis, or None to fit the data.
    """
    shown = [name for name in networks if any(row["network"] == name for row in rows)]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("epoch:Q", title="Epoch", axis=alt.Axis(tickMinStep=1, grid=False)),
        y=alt.Y("value:Q", title=None, scale=_scale(domain)),
        color=alt.Color(
            "network:N",
            title=None,
            scale=alt.Scale(domain=networks),
            legend=alt.Legend(values=shown, orient="top"),
        ),
    )
    dash = alt.StrokeDash(
        "split:N", title=None, scale=DASHES, legend=alt.Legend(orient="top", symbolType="stroke")
    )
    layers = [base.mark_line(strokeWidth=2).encode(strokeDash=dash), _under_pointer(rows)]
    layers += [mark for place, name in enumerate(shown) for mark in _best(base, name, place)]
    if baseline is not None:
        layers += _level(baseline)
    return alt.layer(*layers).properties(height=HEIGHT)


def line_chart(
    rows: list[dict[str, float]],
    x: tuple[str, str],
    y: tuple[str, str],
    *,
    series: list[str],
    diagonal: bool = False,
    unit_x: bool = True,
) -> alt.LayerChart:
    """Curves of an evaluation.

    Args:
        rows: points with the keys `x[0]`, `y[0]` and "series"; other keys show under the pointer.
        x: key and title of the horizontal axis.
        y: key and title of the vertical axis, 0 to 1.
        series: names in the order of the colours of the theme.
        diagonal: draw the line from (0, 0) to (1, 1): chance, or perfect calibration.
        unit_x: the horizontal axis runs from 0 to 1.
    """
    data = alt.Data(values=rows)
    unit = alt.Scale(domain=[0, 1])
    shown = [key for key in dict.fromkeys(key for row in rows for key in row) if key != "order"]
    tips = [alt.Tooltip(f"{key}:{'N' if key == 'series' else 'Q'}") for key in shown]
    chart = alt.Chart(data).encode(
        x=alt.X(f"{x[0]}:Q", title=x[1], scale=unit if unit_x else alt.Scale(zero=True)),
        y=alt.Y(f"{y[0]}:Q", title=y[1], scale=unit),
        color=alt.Color(
            "series:N",
            title=None,
            scale=alt.Scale(domain=series),
            legend=alt.Legend() if len(series) > 1 else None,
        ),
        order="order:Q",
    )
    layers = [
        chart.mark_line(strokeWidth=2),
        chart.mark_circle(size=60, opacity=0.01).encode(tooltip=tips),
    ]
    if diagonal:
        ends = alt.Data(values=[{"a": 0, "b": 0}, {"a": 1, "b": 1}])
        layers.insert(
            0,
            alt.Chart(ends).mark_line(color="gray", strokeDash=[4, 4]).encode(x="a:Q", y="b:Q"),
        )
    return alt.layer(*layers).properties(height=HEIGHT)


def _scale(domain: tuple[float, float] | None) -> alt.Scale:
    return alt.Scale(zero=False, **({"domain": domain} if domain else {}))


def _best(base: alt.Chart, network: str, place: int) -> list[alt.Chart]:
    """The best epoch of one network: a diamond, and its value in a line of its own at the top."""
    data = base.transform_filter(f"datum.best && datum.network == '{network}'")
    words = data.transform_calculate(
        words="'best epoch ' + datum.epoch + ': ' + format(datum.value, '.4~f')"
    )
    return [
        data.mark_point(size=120, filled=True, shape="diamond", opacity=1),
        data.mark_rule(strokeDash=[1, 3]).encode(y=alt.value(0), y2=alt.value(HEIGHT)),
        words.mark_text(align="right", dx=-5, fontWeight="bold").encode(
            y=alt.value(8 + 15 * place), text="words:N"
        ),
    ]


def _under_pointer(rows: list[dict[str, object]]) -> alt.Chart:
    """A rule at the epoch nearest to the pointer, with the values of all lines."""
    near = alt.selection_point(
        nearest=True, on="pointerover", clear="pointerout", fields=["epoch"], empty=False
    )
    series = list(dict.fromkeys(str(row["series"]) for row in rows))
    tips = [alt.Tooltip("epoch:Q", title="Epoch")]
    tips += [alt.Tooltip(name, type="quantitative", format=".4f") for name in series]
    return (
        alt.Chart(alt.Data(values=rows))
        .transform_pivot("series", value="value", groupby=["epoch"])
        .mark_rule(color="gray", strokeWidth=1)
        .encode(
            x="epoch:Q",
            opacity=alt.condition(near, alt.value(0.7), alt.value(0)),
            tooltip=tips,
        )
        .add_params(near)
    )


def _level(value: float) -> list[alt.Chart]:
    """A level line with its name."""
    chart = alt.Chart(alt.Data(values=[{"level": value, "name": f"always nothing: {value:.4f}"}]))
    return [
        chart.mark_rule(color="gray", strokeDash=[2, 2], strokeWidth=1.5).encode(y="level:Q"),
        chart.mark_text(color="gray", align="left", dy=-8, x=4).encode(y="level:Q", text="name:N"),
    ]
