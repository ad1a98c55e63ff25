"""Figures agree with what is counted by hand; rates of 0 and 1 keep an interval."""

import numpy as np
import pytest

from fracturelens.measured.bootstrap import Bootstrap
from fracturelens.networks.inference import Calibration
from fracturelens.screening.outcome import Outcome
from fracturelens.site.cases import Cases, SiteCase
from fracturelens.site.choose import Chosen
from fracturelens.site.figures import acceptance, measure

RAW = np.array([0.9, 0.6, 0.4, 0.7, 0.3, 0.2, 0.1, 0.05])
FRACTURED = np.arange(8) < 3
CHOSEN = Chosen(Calibration(), 0.35, 0.65)


@pytest.fixture
def figures():
    return measure(RAW, FRACTURED, np.arange(8), CHOSEN, Bootstrap(draws=200))


def test_counts_and_rates_by_hand(figures):
    doubtful, fracture = (figures.operating_points[key] for key in ("doubtful", "fracture"))
    assert (doubtful.tp, doubtful.fp, doubtful.fn, doubtful.tn) == (3, 1, 0, 4)
    assert (fracture.tp, fracture.fp, fracture.fn, fracture.tn) == (1, 1, 2, 4)
    assert figures.metrics["auroc"].value == pytest.approx(13 / 15)
    tiers = {key: (tier.images, tier.fractured) for key, tier in figures.tiers.items()}
    assert tiers == {"fracture": (2, 1), "doubtful": (2, 2), "no_fracture": (4, 0)}
    assert (figures.images, figures.fractured, figures.groups) == (8, 3, 8)


def test_a_rate_of_one_has_an_interval_all_the_same(figures):
    sure = figures.operating_points["doubtful"].metrics["sensitivity"]
    assert (sure.value, sure.high) == (1.0, 1.0) and sure.low == pytest.approx(0.4385, abs=1e-3)


def test_groups_need_not_be_numbered_without_gaps():
    found = measure(RAW, FRACTURED, np.arange(8) * 7, CHOSEN, Bootstrap(draws=20))
    assert found.groups == 8


def test_a_single_class_has_rates_and_no_ranking():
    found = measure(RAW[:3], FRACTURED[:3], np.arange(3), CHOSEN, Bootstrap(draws=20))
    assert found.metrics["auroc"].value is None
    assert found.operating_points["fracture"].metrics["specificity"].value is None


def test_acceptance_counts_outcomes():
    outcomes = [Outcome.REFUSE, Outcome.CAUTION, Outcome.CAUTION, Outcome.ACCEPT]
    cases = Cases([SiteCase("", None, "", True, "", "", 0.5, outcome) for outcome in outcomes])
    found = acceptance(cases)
    assert (found["refused"].value, found["cautioned"].value) == (0.25, 0.5)
