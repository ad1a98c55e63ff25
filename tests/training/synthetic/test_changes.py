"""Random changes: the same for one seed, never broken, and each does what it says."""

import numpy as np
import pytest

from training.synthetic.changes import change_picture
from training.synthetic.marks import (
    add_bars,
    add_cast,
    add_letters,
    add_metal,
    set_beside,
)

GRAY = np.tile(np.linspace(20, 160, 90), (120, 1)).astype(np.uint8)


@pytest.mark.parametrize("shape", [(120, 90), (17, 400), (1500, 40)])
def test_any_picture_stays_a_picture_through_every_change(shape):
    rng = np.random.default_rng(0)
    gray = rng.integers(0, 256, shape, np.uint8)
    kept = gray.copy()
    for seed in range(60):
        changed = change_picture(gray, np.random.default_rng(seed))
        assert changed.dtype == np.uint8 and changed.ndim == 2 and min(changed.shape) >= 10
    assert np.array_equal(gray, kept)


def test_a_seed_settles_the_change_and_another_one_changes_it():
    first, again, other = (change_picture(GRAY, np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert first.shape != other.shape or not np.array_equal(first, other)


def test_without_crops_the_whole_picture_remains():
    """Its darkest and its brightest column are found again where no crop is allowed."""
    wide = [change_picture(GRAY, np.random.default_rng(seed), 1.0).size for seed in range(40)]
    cut = [change_picture(GRAY, np.random.default_rng(seed), 0.3).size for seed in range(40)]
    assert np.median(cut) < np.median(wide)


@pytest.mark.parametrize("mark", [add_letters, add_metal])
def test_marks_brighten_a_small_part_and_leave_the_original(mark):
    kept = GRAY.copy()
    changed = mark(GRAY, np.random.default_rng(2))
    touched = changed != GRAY
    assert np.array_equal(GRAY, kept)
    assert changed.shape == GRAY.shape and 0 < touched.mean() < 0.5
    assert changed[touched].mean() > GRAY[touched].mean()


def test_a_cast_brightens_the_limb_more_than_the_ground():
    gray = np.full((200, 150), 10, np.uint8)
    gray[:, 50:100] = 90
    more = add_cast(gray, np.random.default_rng(1)).astype(int) - gray
    assert more[:, 60:90].mean() > 10 and more[:, 60:90].mean() > 2 * more[:, :10].mean()


def test_bars_only_add_to_the_picture():
    for seed in range(30):
        barred = add_bars(GRAY, np.random.default_rng(seed))
        inside = np.lib.stride_tricks.sliding_window_view(barred, GRAY.shape)
        assert (inside == GRAY).all(axis=(2, 3)).any()


def test_two_views_lie_beside_each_other():
    doubled = set_beside(GRAY, np.random.default_rng(0))
    assert doubled.shape[0] == 120 and doubled.shape[1] >= 180
    assert np.array_equal(doubled[:, :90], GRAY)
