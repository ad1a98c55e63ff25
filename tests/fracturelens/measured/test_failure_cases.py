"""Worst cases are told for what they are: a low score is not yet a miss."""

import pytest

from fracturelens.measured.failure_cases import case_words, count_words, titles_of
from fracturelens.measured.layout import WorstCase
from important_variables import NETWORKS
from tests.helpers.app_helpers import THIRD


def case(**fields):
    return WorstCase("IMG0000001.jpg", **fields)


def test_low_scores_are_not_called_misses():
    verdicts = ["no_fracture", "doubtful", "doubtful", "fracture"]
    cases = [case(probability=0.1, verdict=verdict) for verdict in verdicts]
    assert count_words(cases) == (
        "4 X-rays: called “no fracture found” 1, called “unclear” 2, called “possible fracture” 1."
    )
    titles = " ".join([*titles_of("gate").values(), *titles_of("unet").values()])
    assert "Missed" not in titles and "alarm" not in titles


def test_segmenters_count_what_was_found_and_what_was_false():
    missed = [case(dice=0.0, found=0, lesions=1), case(dice=0.2, found=1, lesions=2)]
    assert count_words(missed) == "2 X-rays: no lesion found on 1, some found on 1."
    painted = [case(score=0.9, regions=2, painted_share=0.01)] * 3
    assert count_words(painted) == "3 X-rays: 6 false regions painted."
    assert count_words([case()]) == "1 X-rays."


def test_a_third_network_has_the_titles_of_its_role(monkeypatch):
    monkeypatch.setitem(NETWORKS, "third", THIRD)
    assert titles_of("third") == titles_of("unet") != titles_of("gate")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"probability": 0.0123, "verdict": "doubtful"}, "probability 1.2%, called “unclear”"),
        ({"dice": 0.0, "found": 0, "lesions": 1}, "the lesion was not found, Dice 0.00"),
        ({"dice": 0.0, "found": 0, "lesions": 2}, "the 2 lesions were not found, Dice 0.00"),
        ({"dice": 0.31, "found": 1, "lesions": 2}, "1 of 2 lesions found, Dice 0.31"),
        ({"score": 0.9, "regions": 1, "painted_share": 0.013}, "1 false region, 1.3% of the X-ray"),
    ],
)
def test_a_case_is_told_in_words(fields, words):
    assert case_words(case(**fields)) == words
