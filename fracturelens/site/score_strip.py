"""A drawing of all probabilities of a site: a dot for each X-ray, the thresholds as lines."""

from collections.abc import Mapping, Sequence

from fracturelens.measured.layout import OperatingPoint

WIDTH, ROW, MARGIN = 720, 76, 8
"""Of the drawing, in its own units: width, height of a row, empty rim."""
LANES = 9
"""Heights within a row over which dots are spread, so that they hide each other less."""
ROWS = {True: "Fractured", False: "Not fractured"}


def score_strip(pictures: Mapping[str, Sequence], points: Mapping[str, OperatingPoint]) -> str:
    """SVG: the fractured X-rays above, the others below, probability from left to right.

    Args:
        pictures: columns "probability" and "fractured" of an evaluation.
        points: whose thresholds are drawn.
    """
    rows = "".join(_row(place, fractured, pictures) for place, fractured in enumerate(ROWS))
    height = ROW * len(ROWS)
    lines = "".join(
        f'<line class="limit" x1="{_x(point.threshold):.1f}" x2="{_x(point.threshold):.1f}" y1="0" '
        f'y2="{height}"/>'
        for point in points.values()
    )
    words = ", ".join(f"{key} from {point.threshold:.1%}" for key, point in points.items())
    return (
        f'<figure class="strip"><svg viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="Probability of every X-ray; {words}">{lines}{rows}</svg>'
        "<figcaption>Each dot is an X-ray, from 0 % on the left to 100 % on the right; the lines "
        f"are the thresholds: {words}.</figcaption></figure>"
    )


def _row(place: int, fractured: bool, pictures: Mapping[str, Sequence]) -> str:
    """Dots of one kind, sorted by probability and dealt out over the lanes in turn."""
    chosen = sorted(
        probability
        for probability, truth in zip(pictures["probability"], pictures["fractured"], strict=True)
        if truth == fractured
    )
    top = place * ROW
    dots = "".join(
        f'<circle class="{"ill" if fractured else "well"}" cx="{_x(probability):.1f}" '
        f'cy="{top + 24 + (number % LANES) * 5}" r="3"/>'
        for number, probability in enumerate(chosen)
    )
    return f'<text x="{MARGIN}" y="{top + 14}">{ROWS[fractured]}</text>{dots}'


def _x(probability: float) -> float:
    return MARGIN + probability * (WIDTH - 2 * MARGIN)
