"""The verdict line: words, what they meant where they were measured, and the probability.

verdict.js keeps it in one live region. Keys: `verdict` (container), `verdict_line` (component).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from app_pages.components import component
from fracturelens.measured.words import HEADLINES, VERDICTS
from fracturelens.results import Examination, FracturePrediction, Thresholds, Verdict
from fracturelens.xray.cautions import Caution, caution_words

SCRIPT = Path(__file__).with_name("verdict.js")
SIGNS = {Verdict.FRACTURE: "fracture", Verdict.DOUBTFUL: "doubtful", Verdict.NO_FRACTURE: "none"}
CUSTOM = "custom thresholds"
"""The badge of whatever was judged by other thresholds than the measured ones."""

WARNINGS = ("unlike", "inverted", "body_part", "child")
"""Cautions that speak against the verdict itself; they are told first."""


@dataclass(frozen=True)
class Heading:
    """What stands beside the verdict.

    Attributes:
        name: of the file, shown escaped.
        number: of the X-ray in the session.
        badges: short words, such as that the thresholds were changed.
        counted: what the verdict meant where it was measured, a sentence.
        study: what the study that it is a view of says, and what it adds; "" without one.
        shows: body part and side by its header; "" where that says nothing.
    """

    name: str
    number: int = 0
    badges: tuple[str, ...] = ()
    counted: str = ""
    study: str = ""
    shows: str = ""


def draw_verdict(heading: Heading, examination: Examination) -> None:
    """Draws the line.

    Args:
        heading: what stands beside the verdict.
        examination: judged.
    """
    verdict = examination.prediction.verdict
    component(SCRIPT)(
        key="verdict_line",
        data={
            "film": heading.number,
            "sign": SIGNS[verdict],
            "html": verdict_line(heading, examination),
        },
    )


def verdict_badge(verdict: Verdict) -> str:
    """A short label whose outline (solid, dotted, none) tells the verdict without color."""
    return f'<span class="fl-badge fl-{SIGNS[verdict]}">{VERDICTS[verdict]}</span>'


def verdict_line(heading: Heading, examination: Examination) -> str:
    """The line as HTML; arguments as of `draw_verdict`."""
    prediction, scores = examination.prediction, examination.scores
    probability, thresholds = prediction.gate_probability, prediction.thresholds
    badges = "".join(f'<span class="fl-tag">{escape(badge)}</span>' for badge in heading.badges)
    meaning = heading.counted or _meaning(prediction)
    return (
        f'<div class="fl-verdict-words"><h2 tabindex="-1">{HEADLINES[prediction.verdict]}</h2>'
        f'<p class="fl-verdict-file"><b>{escape(heading.name)}</b> '
        f"<span>{scores.width:,} x {scores.height:,} px</span>{_shows(heading.shows)}{badges}"
        "</p></div>"
        f'<div class="fl-verdict-scale"><p class="fl-verdict-number">{probability:.1%}'
        f"<span>probability of a fracture</span></p>{_scale(probability, thresholds)}</div>"
        f'<p class="fl-verdict-meaning">{meaning}</p>{_study(heading.study)}'
        f"{_refusal(examination)}{_cautions(examination.cautions)}"
    )


def _shows(words: str) -> str:
    return f"<span>{escape(words)}</span>" if words else ""


def _study(words: str) -> str:
    return f'<p class="fl-verdict-study">{escape(words)}</p>' if words else ""


def _refusal(examination: Examination) -> str:
    """That the networks were never measured on such a picture, where it had been refused."""
    if examination.refusal is None:
        return ""
    return (
        '<p class="fl-verdict-refused"><strong>Analyzed at your request.</strong> '
        f"{escape(examination.refusal.seen)} The networks were never measured on such pictures: "
        "do not rely on this verdict.</p>"
    )


def _cautions(cautions: Iterable[Caution]) -> str:
    """The first caution in full; more of them folded, so that they do not push out the X-ray."""
    ranked = sorted(cautions, key=lambda caution: caution.key not in WARNINGS)
    words = [escape(caution_words(caution)) for caution in ranked]
    if not words:
        return ""
    first, *others = words
    folded = ""
    if others:
        items = "".join(f"<li>{text}</li>" for text in others)
        what = "1 more caution" if len(others) == 1 else f"{len(others)} more cautions"
        folded = f"<details><summary>{what}</summary><ul>{items}</ul></details>"
    return f'<div class="fl-cautions"><p><strong>Caution.</strong> {first}</p>{folded}</div>'


def _meaning(prediction: FracturePrediction) -> str:
    """What the verdict means where nothing was measured of it."""
    thresholds = prediction.thresholds
    if prediction.verdict is Verdict.FRACTURE:
        return f"The probability is at or above the threshold of {thresholds.fracture:.1%}."
    if prediction.verdict is Verdict.NO_FRACTURE:
        return (
            f"The probability is below {thresholds.doubtful:.1%}. There may still be a fracture "
            "that the network cannot see."
        )
    return (
        f"The probability is between {thresholds.doubtful:.1%} and {thresholds.fracture:.1%}: too "
        "high to rule a fracture out, too low to report one."
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
        f"Scale from 0 to 100 percent: probability {probability:.1%}, unclear from "
        f"{doubtful:.1%}, possible fracture from {fracture:.1%}"
    )
    return (
        f'<div class="fl-scale" role="img" aria-label="{label}">{zones}{ticks}'
        f'<b class="fl-marker" style="left:{100 * probability:.2f}%"></b></div>'
    )
