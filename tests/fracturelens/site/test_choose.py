"""Halves keep groups whole and classes even; thresholds keep promises; too few are refused."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from fracturelens.networks.calibration import calibrated, logit
from fracturelens.site.choose import (
    CannotCalibrateError,
    choose,
    choosing_half,
    fit_platt,
    require_enough,
)


def drawn(apart, ill=12, well=45, seed=0):
    """Outputs of a gate whose log odds are normal in each class, `apart` spreads apart."""
    generator = np.random.default_rng(seed)
    odds = np.r_[generator.normal(apart, 1, ill), generator.normal(0, 1, well)] - apart / 2
    return 1 / (1 + np.exp(-odds)), np.arange(ill + well) < ill


def test_halves_are_even_in_each_class_seeded_and_keep_groups_whole():
    fractured = np.arange(60) < 23
    groups = np.arange(60) // 2
    half = choosing_half(fractured, groups, 1)
    assert (half == choosing_half(fractured, groups, 1)).all()
    assert (half != choosing_half(fractured, groups, 2)).any()
    assert all(len(set(half[groups == group])) == 1 for group in set(groups))
    assert abs(int(half[fractured].sum()) - int((~half)[fractured].sum())) <= 2
    assert abs(int(half.sum()) - int((~half).sum())) <= 4


def test_one_large_group_is_outweighed_by_others():
    groups = np.r_[np.zeros(10, int), np.arange(1, 21)]
    half = choosing_half(np.ones(30, bool), groups, 3)
    assert half.sum() == pytest.approx(15, abs=5)


@pytest.mark.parametrize(
    ("ill", "well", "told"), [(19, 40, "received 19 and 40"), (20, 19, "received 20 and 19")]
)
def test_too_few_are_refused_with_what_is_needed(ill, well, told):
    fractured = np.arange(ill + well) < ill
    with pytest.raises(CannotCalibrateError, match=f"20 fractured and 20 normal.*{told}"):
        require_enough(fractured, np.arange(ill + well))


def test_views_of_one_patient_count_once():
    fractured = np.arange(60) < 30
    require_enough(fractured, np.arange(60))
    with pytest.raises(CannotCalibrateError, match="received 10 and 30"):
        require_enough(fractured, np.where(fractured, np.arange(60) // 3, np.arange(60) + 60))


def test_platt_agrees_with_maximum_likelihood_where_there_are_many():
    raw, fractured = drawn(2.0, 4000, 4000)
    fitted = fit_platt(raw, fractured)
    expected = LogisticRegression(C=np.inf).fit(logit(raw)[:, None], fractured)
    assert fitted.slope == pytest.approx(expected.coef_[0, 0], rel=0.01)
    assert fitted.intercept == pytest.approx(expected.intercept_[0], abs=0.02)


def test_platt_stays_finite_where_the_classes_are_apart():
    raw = np.r_[np.full(12, 511 / 512), np.full(12, 1 / 512)]
    fitted = fit_platt(raw, raw > 0.5)
    assert 0 < fitted.slope < 10
    high, low = calibrated(np.array([511 / 512, 1 / 512]), fitted)
    assert high == pytest.approx(13 / 14, abs=0.001) and low == pytest.approx(1 / 14, abs=0.001)


@pytest.mark.parametrize("apart", [1.5, 2.5, 4.0, 6.0])
def test_thresholds_keep_their_promise_on_films_to_come(apart):
    """Over many small halves, 95 % of fractures are not cleared, 95 % of others not called."""
    kept = []
    for seed in range(100):
        chosen = choose(*drawn(apart, seed=seed))
        raw, fractured = drawn(apart, 1000, 1000, seed=seed + 1000)
        probability = calibrated(raw, chosen.calibration)
        kept.append(
            [
                (probability[fractured] >= chosen.doubtful).mean(),
                (probability[~fractured] < chosen.fracture).mean(),
            ]
        )
    sensitivity, specificity = np.mean(kept, axis=0)
    assert sensitivity >= 0.94 and specificity >= 0.94


def test_thresholds_that_cross_are_swapped():
    for apart in (1.5, 3.0, 9.0):
        chosen = choose(*drawn(apart))
        assert 0 < chosen.doubtful <= chosen.fracture < 1


def test_repeated_outputs_of_int8_leave_room_below():
    """All fractures at the highest output: the next one, a step lower, is still found."""
    raw, fractured = np.r_[np.full(12, 255 / 256), np.full(40, 0.1)], np.arange(52) < 12
    chosen = choose(raw, fractured)
    assert calibrated(np.array([254 / 256]), chosen.calibration)[0] > chosen.doubtful


def test_swapped_labels_are_refused():
    raw, fractured = drawn(4.0)
    with pytest.raises(CannotCalibrateError, match="labels are swapped"):
        choose(raw, ~fractured)
