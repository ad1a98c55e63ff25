"""Three outcomes: header and exact checks first, then the network's limits."""

from dataclasses import replace

import numpy as np
import pytest

from fracturelens.screening.outcome import Outcome
from fracturelens.screening.screen import screen
from fracturelens.xray.radiograph import DicomSource, Radiograph
from fracturelens.xray.read import decode_xray
from important_variables import SAMPLES
from tests.helpers.fixed_screening import CLASSES, screening_that_says

FILM = decode_xray((SAMPLES / "hand_whole.png").read_bytes())


def outcome_of(**shares):
    found = screen(FILM, screening_that_says(**shares))
    return found.outcome, found.kind


@pytest.mark.parametrize(
    ("shares", "outcome", "kind"),
    [
        ({"limb": 0.95, "chest": 0.05}, Outcome.ACCEPT, "limb"),
        ({"limb": 0.4, "girdle": 0.55, "chest": 0.05}, Outcome.ACCEPT, "girdle"),
        ({"limb": 0.5, "chest": 0.5}, Outcome.CAUTION, "chest"),
        ({"limb": 0.5, "chest": 0.25, "page": 0.25}, Outcome.CAUTION, "unlike"),
        ({"limb": 0.85, "negative": 0.15}, Outcome.CAUTION, "unlike"),
        ({"limb": 0.1, "chest": 0.9}, Outcome.REFUSE, "chest"),
        ({"limb": 0.1, "chest": 0.45, "page": 0.45}, Outcome.REFUSE, "unlike"),
        ({"negative": 0.99, "limb": 0.01}, Outcome.REFUSE, "negative"),
    ],
)
def test_the_limits_make_three_outcomes_and_the_classes_the_kind(shares, outcome, kind):
    assert outcome_of(**shares) == (outcome, kind)


def test_the_probability_is_that_of_the_known_classes_together():
    found = screen(FILM, screening_that_says(limb=0.5, girdle=0.2, chest=0.3))
    assert found.probability == pytest.approx(0.7, abs=1e-4)
    assert tuple(found.probabilities) == CLASSES
    assert sum(found.probabilities.values()) == pytest.approx(1)


def never(batch):
    raise AssertionError("the network was asked")


def test_header_and_exact_checks_speak_before_the_network():
    unasked = screening_that_says(never)
    scan = replace(FILM, source=DicomSource("MR", "KNEE"))
    found = screen(scan, unasked)
    assert (found.outcome, found.kind) == (Outcome.REFUSE, "header")
    assert "an MRI scan" in found.detail and found.probability is None
    blank = screen(Radiograph(np.zeros((60, 60), np.uint8)), unasked)
    assert (blank.outcome, blank.kind) == (Outcome.REFUSE, "blank")
    shades = screen(Radiograph(np.kron(np.eye(4), np.full((9, 9), 255)).astype(np.uint8)), unasked)
    assert (shades.kind, shades.detail) == ("shades", "2")


def test_without_a_network_only_the_exact_checks_speak():
    found = screen(FILM, None)
    assert (found.outcome, found.kind, found.probability) == (Outcome.ACCEPT, "", None)
    assert screen(Radiograph(np.zeros((50, 50), np.uint8)), None).kind == "blank"
