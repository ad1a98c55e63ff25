"""The verdict line: words, probability, what was measured, cautions."""

from dataclasses import replace

import pytest

from app_pages.dashboard.verdict import Heading, verdict_badge, verdict_line
from fracturelens.measured.words import HEADLINES, VERDICTS
from fracturelens.results import Examination, FracturePrediction, Scores, Thresholds, Verdict
from fracturelens.screening.words import Refusal
from fracturelens.xray.cautions import Caution

THRESHOLDS = Thresholds(0.2, 0.6, {})
WRIST = Heading("wrist.png", 3)


def judged(verdict=Verdict.FRACTURE, probability=0.5, **changes):
    prediction = FracturePrediction(probability, verdict, THRESHOLDS)
    found = Examination(scores=Scores(454, 1373, probability), prediction=prediction)
    return replace(found, **changes)


def test_line_states_file_probability_and_thresholds():
    line = verdict_line(WRIST, judged(Verdict.DOUBTFUL, 0.4567))
    assert "1,373 x 454 px" in line and "<b>wrist.png</b>" in line
    assert "<span>Wrist, left</span>" in verdict_line(replace(WRIST, shows="Wrist, left"), judged())
    assert "45.7%" in line
    assert "between 20.0% and 60.0%" in line
    assert 'style="left:20.00%;width:40.00%"' in line, "the doubtful zone"
    assert 'class="fl-marker" style="left:45.67%"' in line


@pytest.mark.parametrize("verdict", Verdict)
def test_each_verdict_is_a_heading_that_takes_the_focus(verdict):
    assert f'<h2 tabindex="-1">{HEADLINES[verdict]}</h2>' in verdict_line(WRIST, judged(verdict))
    assert f">{VERDICTS[verdict]}</span>" in verdict_badge(verdict)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.FRACTURE, "at or above the threshold of 60.0%"),
        (Verdict.NO_FRACTURE, "below 20.0%"),
    ],
)
def test_what_was_measured_stands_instead_of_thresholds(verdict, words):
    assert words in verdict_line(WRIST, judged(verdict))
    line = verdict_line(replace(WRIST, counted="Of 9, 8."), judged(verdict))
    assert "Of 9, 8." in line and words not in line


def test_names_are_escaped():
    hostile = Heading('<script>"x"', badges=("<i>",), shows="<u>")
    line = verdict_line(hostile, judged(refusal=Refusal("page", "<b>", "")))
    assert "<script>" not in line and "<i>" not in line and "<u>" not in line
    assert "&lt;script&gt;" in line and "&lt;b&gt;" in line


def test_a_refusal_that_was_set_aside_is_told():
    line = verdict_line(WRIST, judged(refusal=Refusal("color", "This is a color picture.")))
    assert "Analyzed at your request." in line and "This is a color picture." in line
    assert "request" not in verdict_line(WRIST, judged())


def test_each_verdict_has_its_own_outline():
    classes = {verdict_badge(verdict).split('"')[1] for verdict in Verdict}
    assert classes == {"fl-badge fl-fracture", "fl-badge fl-doubtful", "fl-badge fl-none"}


def test_the_gravest_caution_stands_in_full_the_others_folded():
    cautions = (Caution("reduced"), Caution("photo"), Caution("child", "7"))
    line = verdict_line(WRIST, judged(cautions=cautions))
    shown, folded = line.split("<details>")
    assert "7 years old" in shown and "2 more cautions" in folded
    assert folded.count("<li>") == 2
    assert "<details>" not in verdict_line(WRIST, judged(cautions=cautions[:1]))
    assert "fl-cautions" not in verdict_line(WRIST, judged())
