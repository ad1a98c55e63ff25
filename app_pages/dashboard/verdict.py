"""The verdict as HTML: words, probability, and a scale with both operating points."""

from html import escape

from fracturelens.results import FracturePrediction, Verdict
from important_variables import Thresholds

SIGNS = {Verdict.FRACTURE: "fracture", Verdict.DOUBTFUL: "doubtful", Verdict.NONE_SEEN: "none"}
HEADLINES = {
    Verdict.FRACTURE: "Fracture",
    Verdict.DOUBTFUL: "Doubtful",
    Verdict.NONE_SEEN: "No fracture seen",
}


def verdict_badge(verdict: Verdict) -> str:
    """A short label whose outline (solid, dotted, none) tells the verdict without colour."""
    return f'<span class="fl-badge fl-{SIGNS[verdict]}">{HEADLINES[verdict]}</span>'


def verdict_card(
    name: str,
    height: int,
    width: int,
    prediction: FracturePrediction,
    *,
    counted: str = "",
    table: str = "",
    refusal: str = "",
) -> str:
    """The card above the pictures.

    Args:
        name: of the file, shown escaped.
        height: of the X-ray, pixels.
        width: of the X-ray, pixels.
        prediction: whose verdict, probability and points are told.
        counted: how often the verdict was right where it was measured, a sentence.
        table: HTML of the measured operating points.
        refusal: why the picture was refused, where the user had it judged all the same.
    """
    verdict, points = prediction.verdict, prediction.thresholds
    probability = prediction.gate_probability
    warned = (
        f'<p class="fl-verdict-refused"><strong>Judged despite a refusal.</strong> '
        f"{escape(refusal)} The networks were never measured on such pictures.</p>"
        if refusal
        else ""
    )
    return (
        f'<section class="fl-verdict fl-{SIGNS[verdict]}" aria-label="Verdict">{warned}'
        f'<div class="fl-verdict-words"><p class="fl-verdict-file">{escape(name)} '
        f"<span>{width} x {height} px</span></p>"
        f'<p class="fl-verdict-headline">{HEADLINES[verdict]}</p>'
        f"<p>{_meaning(verdict, points)} {counted}</p></div>"
        f'<div class="fl-verdict-scale"><p class="fl-verdict-number">{probability:.1%}'
        f"<span>gate's probability of a fracture</span></p>{_scale(probability, points)}</div>"
        f"{table}</section>"
    )


def _meaning(verdict: Verdict, points: Thresholds) -> str:
    if verdict is Verdict.FRACTURE:
        return f"At or above the fracture point of {points.fracture:.1%}."
    if verdict is Verdict.NONE_SEEN:
        point = points.doubtful if points.doubtful < points.fracture else points.fracture
        return f"Below {point:.1%}. A fracture that the gate cannot see may still be there."
    return (
        f"Between the doubtful point of {points.doubtful:.1%} and the fracture point of "
        f"{points.fracture:.1%}: a person should look."
    )


def _scale(probability: float, points: Thresholds) -> str:
    """A bar from 0 to 100 % with the points as ticks and the probability as a marker."""
    ticks = "".join(
        f'<i class="fl-tick" style="left:{100 * point:.2f}%"></i>'
        for point in sorted({points.doubtful, points.fracture})
    )
    zones = (
        f'<i class="fl-zone fl-zone-doubtful" style="left:{100 * points.doubtful:.2f}%;'
        f'width:{100 * (points.fracture - points.doubtful):.2f}%"></i>'
        f'<i class="fl-zone fl-zone-fracture" style="left:{100 * points.fracture:.2f}%;'
        f'width:{100 * (1 - points.fracture):.2f}%"></i>'
    )
    label = (
        f"Scale from 0 to 100 percent: probability {probability:.1%}, doubtful from "
        f"{points.doubtful:.1%}, fracture from {points.fracture:.1%}"
    )
    return (
        f'<div class="fl-scale" role="img" aria-label="{label}">{zones}{ticks}'
        f'<b class="fl-marker" style="left:{100 * probability:.2f}%"></b></div>'
        '<div class="fl-scale-ends"><span>0 %</span><span>100 %</span></div>'
    )


def agreement_legend(
    both: str = "both networks",
    first: str = "encoder-decoder only",
    second: str = "U-Net only",
) -> str:
    """What the colours of the agreement view mean."""
    entries = (("both", both), ("first", first), ("second", second))
    items = "".join(f'<li><i class="fl-swatch fl-{kind}"></i>{text}</li>' for kind, text in entries)
    return f'<ul class="fl-legend">{items}</ul>'
