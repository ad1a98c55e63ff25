"""The verdict as HTML: words, probability, and a scale with both thresholds."""

from collections.abc import Iterable
from html import escape

from fracturelens.measured.words import VERDICTS
from fracturelens.results import FracturePrediction, Thresholds, Verdict
from fracturelens.xray.cautions import Caution, caution_words

SIGNS = {Verdict.FRACTURE: "fracture", Verdict.DOUBTFUL: "doubtful", Verdict.NO_FRACTURE: "none"}


def verdict_badge(verdict: Verdict) -> str:
    """A short label whose outline (solid, dotted, none) tells the verdict without color."""
    return f'<span class="fl-badge fl-{SIGNS[verdict]}">{VERDICTS[verdict]}</span>'


def verdict_card(
    name: str,
    height: int,
    width: int,
    prediction: FracturePrediction,
    *,
    counted: str = "",
    table: str = "",
    refusal: str = "",
    cautions: Iterable[Caution] = (),
) -> str:
    """The card above the pictures.

    Args:
        name: of the file, shown escaped.
        height: of the X-ray, pixels.
        width: of the X-ray, pixels.
        prediction: whose verdict, probability and thresholds are told.
        counted: how often the verdict was right where it was measured, a sentence.
        table: HTML of the measured thresholds.
        refusal: why the picture was refused, where the user had it analyzed anyway.
        cautions: what is unusual about the file.
    """
    verdict, thresholds = prediction.verdict, prediction.thresholds
    probability = prediction.gate_probability
    warned = (
        f'<p class="fl-verdict-refused"><strong>Analyzed although it was refused.</strong> '
        f"{escape(refusal)} The networks were never measured on such pictures.</p>"
        if refusal
        else ""
    )
    return (
        f'<section class="fl-verdict fl-{SIGNS[verdict]}" aria-label="Verdict">{warned}'
        f'<div class="fl-verdict-words"><p class="fl-verdict-file">{escape(name)} '
        f"<span>{width} x {height} px</span></p>"
        f'<p class="fl-verdict-headline">{VERDICTS[verdict]}</p>'
        f"<p>{_meaning(verdict, thresholds)} {counted}</p>{_cautions(cautions)}</div>"
        f'<div class="fl-verdict-scale"><p class="fl-verdict-number">{probability:.1%}'
        f"<span>gate's probability of a fracture</span></p>{_scale(probability, thresholds)}</div>"
        f"{table}</section>"
    )


def _cautions(cautions: Iterable[Caution]) -> str:
    items = "".join(f"<li>{escape(caution_words(caution))}</li>" for caution in cautions)
    return f'<ul class="fl-cautions">{items}</ul>' if items else ""


def _meaning(verdict: Verdict, thresholds: Thresholds) -> str:
    doubtful, fracture = thresholds.doubtful, thresholds.fracture
    if verdict is Verdict.FRACTURE:
        return f"At or above the fracture threshold of {fracture:.1%}."
    if verdict is Verdict.NO_FRACTURE:
        return f"Below {doubtful:.1%}. There may still be a fracture that the gate cannot see."
    return (
        f"Between the doubtful threshold of {doubtful:.1%} and the fracture threshold of "
        f"{fracture:.1%}: have it reviewed."
    )


def _scale(probability: float, thresholds: Thresholds) -> str:
    """A bar from 0 to 100 % with the thresholds as ticks and the probability as a marker."""
    doubtful, fracture = thresholds.doubtful, thresholds.fracture
    ticks = "".join(
        f'<i class="fl-tick" style="left:{100 * threshold:.2f}%"></i>'
        for threshold in sorted({doubtful, fracture})
    )
    zones = (
        f'<i class="fl-zone fl-zone-doubtful" style="left:{100 * doubtful:.2f}%;'
        f'width:{100 * (fracture - doubtful):.2f}%"></i>'
        f'<i class="fl-zone fl-zone-fracture" style="left:{100 * fracture:.2f}%;'
        f'width:{100 * (1 - fracture):.2f}%"></i>'
    )
    label = (
        f"Scale from 0 to 100 percent: probability {probability:.1%}, doubtful from "
        f"{doubtful:.1%}, fracture from {fracture:.1%}"
    )
    return (
        f'<div class="fl-scale" role="img" aria-label="{label}">{zones}{ticks}'
        f'<b class="fl-marker" style="left:{100 * probability:.2f}%"></b></div>'
        '<div class="fl-scale-ends"><span>0 %</span><span>100 %</span></div>'
    )
