"""A share's interval is Wilson's, also where none or all were met."""

import pytest

from fracturelens.measured.layout import Estimate
from fracturelens.measured.proportions import share_of


@pytest.mark.parametrize(
    ("some", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (4, 201, 0.0078, 0.05)],
)
def test_intervals_are_wilsons(some, of, low, high):
    """Expected values: statsmodels' proportion_confint(method="wilson")."""
    found = share_of(some, of)
    assert (found.low, found.high) == pytest.approx((low, high), abs=2e-4)
    assert (found.value, found.n) == (some / of, of)


def test_no_pictures_have_no_share():
    assert share_of(0, 0) == Estimate(None)
