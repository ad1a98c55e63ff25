import pytest

from app_pages.dashboard.verdict import agreement_legend, verdict_badge, verdict_card
from fracturelens.results import FracturePrediction, Verdict
from important_variables import Thresholds

POINTS = Thresholds(0.2, 0.6, {})


def judged(verdict, probability=0.5):
    return FracturePrediction(probability, verdict, POINTS)


def test_card_states_file_probability_and_points():
    card = verdict_card("wrist.png", 454, 373, judged(Verdict.DOUBTFUL, 0.4567))
    assert "373 x 454 px" in card
    assert "45.7%" in card
    assert "between the doubtful point of 20.0% and" in card.lower()
    assert 'style="left:20.00%;width:40.00%"' in card, "the doubtful zone"
    assert 'class="fl-marker" style="left:45.67%"' in card


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.FRACTURE, "At or above the fracture point of 60.0%"),
        (Verdict.NONE_SEEN, "Below 20.0%"),
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
    card = verdict_card("a", 1, 1, judged(Verdict.FRACTURE), refusal="This is a colour picture.")
    assert "Judged despite a refusal." in card and "This is a colour picture." in card
    assert "despite" not in verdict_card("a", 1, 1, judged(Verdict.FRACTURE))


def test_what_was_measured_stands_in_the_card():
    card = verdict_card("a", 1, 1, judged(Verdict.FRACTURE), counted="Of 9, 8.", table="<table>")
    assert "Of 9, 8." in card and "<table>" in card


def test_each_verdict_has_its_own_outline():
    classes = {verdict_badge(verdict).split('"')[1] for verdict in Verdict}
    assert classes == {"fl-badge fl-fracture", "fl-badge fl-doubtful", "fl-badge fl-none"}


def test_legend_names_what_it_is_given():
    assert "INT8 only" in agreement_legend("both precisions", "float32 only", "INT8 only")
