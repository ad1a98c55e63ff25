"""The verdict card: words, probability, thresholds, and what was measured."""

import pytest

from app_pages.dashboard.verdict import verdict_badge, verdict_card
from fracturelens.measured.words import VERDICTS
from fracturelens.results import FracturePrediction, Thresholds, Verdict
from fracturelens.xray.cautions import Caution

THRESHOLDS = Thresholds(0.2, 0.6, {})


def judged(verdict, probability=0.5):
    return FracturePrediction(probability, verdict, THRESHOLDS)


def test_card_states_file_probability_and_thresholds():
    card = verdict_card("wrist.png", 454, 373, judged(Verdict.DOUBTFUL, 0.4567))
    assert "373 x 454 px" in card
    assert "45.7%" in card
    assert "between the doubtful threshold of 20.0% and" in card.lower()
    assert 'style="left:20.00%;width:40.00%"' in card, "the doubtful zone"
    assert 'class="fl-marker" style="left:45.67%"' in card


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.FRACTURE, "At or above the fracture threshold of 60.0%"),
        (Verdict.NO_FRACTURE, "Below 20.0%"),
    ],
)
def test_card_explains_the_verdict(verdict, words):
    assert words in verdict_card("a", 1, 1, judged(verdict))


def test_names_are_escaped():
    card = verdict_card('<script>"x"', 1, 1, judged(Verdict.FRACTURE), refusal="<b>")
    assert "<script>" not in card
    assert "&lt;script&gt;" in card
    assert "&lt;b&gt;" in card


def test_a_refusal_that_was_set_aside_is_told():
    card = verdict_card("a", 1, 1, judged(Verdict.FRACTURE), refusal="This is a color picture.")
    assert "Analyzed although it was refused." in card and "This is a color picture." in card
    assert "refused" not in verdict_card("a", 1, 1, judged(Verdict.FRACTURE))


def test_what_was_measured_stands_in_the_card():
    card = verdict_card("a", 1, 1, judged(Verdict.FRACTURE), counted="Of 9, 8.", table="<table>")
    assert "Of 9, 8." in card and "<table>" in card


def test_each_verdict_has_its_own_outline():
    classes = {verdict_badge(verdict).split('"')[1] for verdict in Verdict}
    assert classes == {"fl-badge fl-fracture", "fl-badge fl-doubtful", "fl-badge fl-none"}


@pytest.mark.parametrize("verdict", Verdict)
def test_each_verdict_has_words(verdict):
    assert f">{VERDICTS[verdict]}</span>" in verdict_badge(verdict)
    assert f">{VERDICTS[verdict]}</p>" in verdict_card("a", 1, 1, judged(verdict))


def test_cautions_stand_beside_the_verdict_as_sentences():
    cautions = (Caution("inverted"), Caution("child", "7"))
    card = verdict_card("a", 1, 1, judged(Verdict.FRACTURE), cautions=cautions)
    assert card.count("<li>") == 2
    assert "looks like a negative" in card and "7 years old" in card
    assert "fl-cautions" not in verdict_card("a", 1, 1, judged(Verdict.FRACTURE))
