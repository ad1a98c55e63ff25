"""Training curves: how each network learned, epoch by epoch, read from history.csv.

Keys: `curves_layout` (overlaid or apart), `curve_<column>` (charts of all segmenters),
`curve_<network>_<column>` (charts apart, and the gate's), `history_table_<network>`,
`read_best_<network>`, `notes_<network>` (expanders), `download_curves_png`,
`download_curves_csv`, `download_gate_curves_png`, `download_gate_curves_csv`, in the panels
`downloads_curves` and `downloads_gate_curves`.
"""

import streamlit as st

from app_pages.training_chart import curve_chart, line_color
from app_pages.widgets import footer, keyed_table, reading_table
from fracturelens.export.curves import histories_csv, histories_png
from fracturelens.measured.curves import baseline_of, chart_rows, curves_of, watched_words
from fracturelens.networks.card import read_cards
from fracturelens.networks.history import History, HistoryError, read_history
from important_variables import (
    GATE,
    NETWORKS,
    Curve,
    models_folder,
    segmenters,
    title_of,
    trained_here,
)

OVERLAID, APART = "overlaid", "apart"
COLUMNS = {"epoch": "Epoch", "seconds": "Seconds", "learning_rate": "Learning rate"}
"""Words for what every history holds; those of its measures stand in the network's spec."""
LAYOUTS = {OVERLAID: "Overlaid", APART: "Apart"}


def show() -> None:
    """Draws the page."""
    st.title("Training curves")
    st.caption(
        "Each point is one pass over the training X-rays (an epoch). Dashed lines show training, "
        "solid lines validation; the diamond marks the best epoch, and the notes say whether its "
        "weights alone are in use. Point at a chart, or tap it, to read its values."
    )
    _segmenters()
    _gate()
    footer()


def _segmenters() -> None:
    histories = _read(segmenters())
    if not histories:
        return
    _tell_what_was_watched(segmenters())
    layout = OVERLAID
    if len(histories) > 1:
        layout = st.segmented_control(
            "Networks",
            list(LAYOUTS),
            default=OVERLAID,
            required=True,
            format_func=LAYOUTS.get,
            key="curves_layout",
            persist_state="session",
        )
    if layout == APART:
        _apart(histories)
    else:
        _grid(histories, "curve")
    st.caption(
        "Training Dice can lie below validation Dice, because training is measured on views that "
        "were turned, cropped, blurred or made noisy, and validation on the X-rays as they are. "
        "Pixel accuracy is a weak figure: fractured pixels are so few that a network that paints "
        "nothing reaches the level line. Dice and IoU count fractured X-rays only."
    )
    _notes(segmenters())
    _tables(histories)
    _downloads(histories, "curves")


def _gate() -> None:
    st.header("Gate")
    histories = _read((GATE,))
    if histories:
        _tell_what_was_watched((GATE,))
        _grid(histories, f"curve_{GATE}")
        _notes((GATE,))
        _tables(histories)
        _downloads(histories, "gate_curves")


def _tell_what_was_watched(names: tuple[str, ...]) -> None:
    """Names the part of the validation X-rays that the validation curves are measured on."""
    sentences = dict.fromkeys(filter(None, map(watched_words, read_cards(names, models_folder()))))
    for sentence in sentences:
        st.caption(sentence)


def _notes(names: tuple[str, ...]) -> None:
    """What the cards say of the runs, e.g. why a curve jumps; folded away."""
    notes = [
        f"{title_of(card.name)}: {note}"
        for card in read_cards(names, models_folder())
        for note in card.training.get("notes", ())
    ]
    if notes:
        with st.expander("Notes on these runs", key=f"notes_{names[0]}"):
            st.markdown("\n".join(f"- {note}" for note in notes))


def _read(names: tuple[str, ...]) -> list[History]:
    """Histories that exist; a message for each other one."""
    histories = []
    for name in names:
        try:
            history = read_history(name, models_folder())
        except HistoryError as error:
            st.warning(f"**{title_of(name)}**: {error}", icon=":material/build:")
            continue
        if history is None:
            st.info(
                f"**{title_of(name)}** has no training history yet. "
                f"Run `fracturelens train {name}`."
                if name in trained_here()
                else f"**{title_of(name)}** was trained elsewhere and came without its history.",
                icon=":material/build:",
            )
        else:
            histories.append(history)
    return histories


def _grid(histories: list[History], key: str) -> None:
    """The charts of all measures, two in a row, the networks in one chart."""
    columns = st.columns(2, gap="large")
    for place, curve in enumerate(curves_of(histories)):
        with columns[place % 2]:
            _chart(histories, curve, f"{key}_{curve.column}")


def _apart(histories: list[History]) -> None:
    """A column for each network, the same y axis for the same measure."""
    for curve in curves_of(histories):
        values = [float(row["value"]) for row in chart_rows(histories, curve)]
        domain = (min(values), max(values)) if values else None
        for column, history in zip(st.columns(len(histories), gap="large"), histories, strict=True):
            with column:
                _chart([history], curve, f"curve_{history.name}_{curve.column}", domain)


def _chart(
    histories: list[History], curve: Curve, key: str, domain: tuple[float, float] | None = None
) -> None:
    rows = chart_rows(histories, curve)
    if not rows:
        return
    names = " and ".join(title_of(history.name) for history in histories)
    st.markdown(f"**{curve.title}**" if len(histories) > 1 else f"**{curve.title}**, {names}")
    lines = {title_of(history.name): line_color(history.name) for history in histories}
    chart = curve_chart(rows, lines, baseline_of(histories, curve), domain)
    with st.container(key=key):
        st.vega_lite_chart(spec=chart, alt=f"{curve.title} of {names} against epochs")


def _tables(histories: list[History]) -> None:
    """The epoch that is kept, a column for each network, then every epoch."""
    columns = {title_of(history.name): _best_epoch(history) for history in histories}
    figures = dict.fromkeys(figure for column in columns.values() for figure in column)
    rows = [
        {"Figure": figure} | {title: column.get(figure, "-") for title, column in columns.items()}
        for figure in figures
    ]
    reading_table(rows, f"best_{histories[0].name}")
    for history in histories:
        with st.expander(f"Every epoch: {title_of(history.name)}"):
            keyed_table(_named(history), f"history_table_{history.name}")


def _best_epoch(history: History) -> dict[str, str]:
    """Words and values of the best epoch."""
    best = history.best
    minutes = sum(row.get("seconds", 0) for row in history.rows) / 60
    return {
        "Best epoch": f"{history.best_epoch} of {len(history.rows)}",
        **{
            f"{curve.title}, validation": f"{best[f'val_{curve.column}']:.4f}"
            for curve in NETWORKS[history.name].curves
            if f"val_{curve.column}" in best
        },
        "Minutes": f"{minutes:.0f}",
    }


def _named(history: History) -> list[dict[str, object]]:
    """All epochs, with words for the columns of history.csv."""
    words = dict(COLUMNS)
    for curve in NETWORKS[history.name].curves:
        title = curve.title.partition(",")[0]
        words |= {curve.column: f"{title}, training", f"val_{curve.column}": f"{title}, validation"}
        if curve.baseline:
            words[curve.baseline] = f"{title}, always nothing"
    return [{words.get(key, key): value for key, value in row.items()} for row in history.rows]


def _downloads(histories: list[History], key: str) -> None:
    """The curves as files; bytes, since Streamlit loses what a click makes."""
    panel = st.popover(
        "Save curves", icon=":material/download:", key=f"downloads_{key}", on_change="rerun"
    )
    if not panel.open:
        return
    files = (
        ("png", "image/png", _png(str(histories), histories)),
        ("csv", "text/csv", histories_csv(histories)),
    )
    with panel:
        for kind, mime, data in files:
            st.download_button(
                f"Curves ({kind.upper()})",
                data,
                f"fracturelens_{key}.{kind}",
                mime,
                key=f"download_{key}_{kind}",
                on_click="ignore",
                icon=":material/download:",
            )


@st.cache_data(max_entries=4, show_spinner="Drawing the curves…")
def _png(rows: str, _histories: list[History]) -> bytes:
    return histories_png(_histories)
