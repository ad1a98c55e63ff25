"""What is found stands in words: how much, where, of which network."""

import pytest

from app_pages.dashboard.film_viewer.words import (
    agreement_words,
    network_caption,
    network_words,
    spacing_words,
    where,
)
from fracturelens.results import Finding
from fracturelens.xray.radiograph import PixelSpacing

LOWER_LEFT = Finding(1, (10, 250, 20, 20), 800, 0.888, 0.9, frozenset({"unet"}))
MIDDLE = Finding(2, (140, 140, 20, 20), 100, 0.11, 0.9, frozenset({"unet"}))


def words(*findings, hints=False):
    return network_words("unet", "", findings, 300, 300, hints)


def test_one_finding_is_told_with_its_place_and_share():
    assert words(LOWER_LEFT) == "U-Net: 1 finding, lower left, 0.89% of the film"


def test_several_findings_are_counted():
    assert words(LOWER_LEFT, MIDDLE) == (
        "U-Net: 2 findings, 1: lower left, 0.89% of the film; 2: center, 0.11% of the film"
    )


def test_hints_are_called_so_and_nothing_is_told_too():
    assert words(LOWER_LEFT, hints=True).startswith("U-Net: 1 hint, ")
    assert words() == "U-Net: no findings"


def test_a_precision_is_named_where_both_are_shown():
    assert network_caption("unet", "INT8", [MIDDLE], False) == "U-Net, INT8, sky blue: 1 finding"


def test_agreement_says_who_marks_each_place():
    told = agreement_words([((0, 0, 9, 9), "Both networks")], 300, 300, False)
    assert told == "Agreement of the networks: 1 finding, upper left (Both networks)"


@pytest.mark.parametrize(
    ("box", "place"),
    [
        ((0, 0, 2, 2), "upper left"),
        ((149, 0, 2, 2), "upper center"),
        ((298, 149, 2, 2), "middle right"),
        ((298, 398, 2, 2), "lower right"),
        ((149, 199, 2, 2), "center"),
    ],
)
def test_nine_fields_have_names(box, place):
    assert where(box, 400, 300) == place


def test_lengths_say_what_they_are():
    assert "in pixels" in spacing_words(None)
    assert "at the detector" in spacing_words(PixelSpacing(0.1, 0.1, "detector"))
