"""Intervals are drawn over whole groups, and are as wide as theory says."""

import numpy as np
import pytest

from fracturelens.measured.bootstrap import Bootstrap, estimate, group_weights, median, ratio
from fracturelens.measured.layout import Estimate


def test_draws_keep_groups_whole_and_are_seeded():
    groups = np.array([0, 0, 1, 2, 2, 2])
    weights = group_weights(groups, Bootstrap(draws=50, seed=3))
    assert weights.shape == (51, 6) and (weights[0] == 1).all()
    assert (weights[:, 0] == weights[:, 1]).all() and (weights[:, 3] == weights[:, 5]).all()
    assert (weights[1:, [0, 2, 3]].sum(axis=1) == 3).all()
    assert np.array_equal(weights, group_weights(groups, Bootstrap(draws=50, seed=3)))
    assert not np.array_equal(weights, group_weights(groups, Bootstrap(draws=50, seed=4)))


def test_interval_of_a_mean_matches_its_standard_error():
    values = np.random.default_rng(0).normal(5, 2, 400)
    weights = group_weights(np.arange(400), Bootstrap(draws=4000))
    found = estimate(ratio(values, np.ones(400)), weights, 400)
    error = values.std() / 20
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.02)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.02)


def test_whole_groups_widen_the_interval():
    values = np.repeat(np.random.default_rng(1).normal(size=50), 6)
    alone = group_weights(np.arange(300), Bootstrap(draws=500))
    grouped = group_weights(np.repeat(np.arange(50), 6), Bootstrap(draws=500))
    narrow, wide = (estimate(ratio(values, np.ones(300)), w, 300) for w in (alone, grouped))
    assert wide.high - wide.low > 1.8 * (narrow.high - narrow.low)


def test_undefined_figures_are_null():
    weights = group_weights(np.arange(4), Bootstrap(draws=20))
    found = estimate(ratio(np.zeros(4), np.zeros(4)), weights, 0)
    assert found == Estimate(None)


@pytest.mark.parametrize("count", [1, 4, 5])
def test_weighted_median_is_the_median_of_repeated_values(count):
    generator = np.random.default_rng(count)
    values, weights = generator.random(count + 2), generator.integers(0, 4, (30, count + 2))
    chosen = np.r_[np.ones(count, bool), False, False]
    weights[:, 0] += 1
    found = median(values, chosen)(weights.astype(np.float32))
    expected = [np.median(np.repeat(values[chosen], row[chosen])) for row in weights]
    assert found == pytest.approx(expected)
    assert np.isnan(median(values, np.zeros(count + 2, bool))(weights)).all()


def test_settings_are_recorded_with_the_rule_for_groups():
    record = Bootstrap(draws=50, seed=3).record("one group for each patient")
    assert (record.draws, record.seed, record.level) == (50, 3, 0.95)
    assert record.groups == "one group for each patient"
