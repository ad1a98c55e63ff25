"""Every key has its words, and figures are called optimistic where they are."""

from dataclasses import replace

import pytest

from fracturelens.measured.keys import froc_key, recall_key
from fracturelens.measured.words import (
    LABELS,
    SHORT_LABELS,
    cross_fitting_note,
    label_of,
    marked_by,
    notes_of,
    title_or_name,
)
from important_variables import NETWORKS
from tests.helpers.app_helpers import THIRD
from tests.helpers.evaluations import GATE_EVALUATION


def test_figures_at_thresholds_chosen_here_are_called_optimistic():
    assert "optimistic" in notes_of(GATE_EVALUATION)[0]
    honest = notes_of(replace(GATE_EVALUATION, chosen_here=False))
    assert "nothing was chosen" in honest[0] and len(honest) > 1


def test_keys_of_several_limits_have_words():
    assert (recall_key(0.1), froc_key(0.3, 0.25)) == ("lesion_recall_10", "froc_30_at_025")
    assert label_of("froc_30_at_025") == (
        "Lesion recall at 0.25 false regions per picture (IoU >= 0.3)"
    )
    assert label_of("new_figure") == "new figure"
    assert "5-fold" in cross_fitting_note(5)


def test_headlines_of_all_networks_have_words():
    for spec in NETWORKS.values():
        assert set(spec.headline) <= LABELS.keys() | SHORT_LABELS.keys()
    assert title_or_name("unet") == "U-Net" and title_or_name("gone") == "gone"


BOTH, ALL = ("encoder_decoder", "unet"), ("encoder_decoder", "unet", "third")


@pytest.mark.parametrize(
    ("marking", "ran", "words"),
    [
        (("unet",), ("unet",), "U-Net, no other ran"),
        (("unet",), BOTH, "U-Net only"),
        (BOTH, BOTH, "Both networks"),
        (("third",), ALL, "Third only"),
        (("third", "unet"), ALL, "U-Net and Third"),
        (ALL, ALL, "All networks"),
        (ALL, (*ALL, "fourth"), "Encoder-decoder, U-Net and Third"),
        (("gone",), ("gone", "unet"), "gone only"),
    ],
)
def test_who_marks_a_place_is_told_by_who_ran(networks, marking, ran, words):
    networks["third"] = THIRD
    assert marked_by(frozenset(marking), frozenset(ran)) == words
