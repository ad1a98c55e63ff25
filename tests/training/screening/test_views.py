"""Views: the first of each picture is the picture, the others are changed, always the same way."""

from functools import partial

import numpy as np
import pytest

from fracturelens.screening.network import stretched_square
from training.screening.pictures import Picture, stretched
from training.screening.views import FEWEST, MOST, draw_views, plan_views, views_of

GRAY = np.tile(np.linspace(0, 255, 80), (60, 1)).astype(np.uint8)


def constant(rng):
    return GRAY


def picture(name, kind="limb", source="here", draw=constant):
    return Picture(kind, source, name, draw)


@pytest.mark.parametrize(("pictures", "views"), [(1, MOST), (20, 20), (5000, FEWEST)])
def test_small_sources_get_more_views_of_each_picture(pictures, views):
    assert views_of(pictures) == views


def test_the_first_view_is_the_picture_itself():
    views = plan_views([picture("a"), picture("b", "chest")], seed=1)
    assert [view.number for view in views] == [*range(MOST), *range(MOST)]
    drawn = list(draw_views(views[:2], 32))
    assert np.array_equal(drawn[0], np.rint(stretched_square(GRAY, 32) * 255))
    assert not np.array_equal(drawn[0], drawn[1])


def test_views_are_the_same_in_every_run_and_differ_by_seed():
    pictures = [picture(name) for name in "abcdefgh"]
    runs = [np.stack(list(draw_views(plan_views(pictures, seed)[:90], 24))) for seed in (1, 1, 2)]
    assert np.array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])


def test_a_picture_that_is_drawn_anew_differs_from_view_to_view():
    drawn = picture("noise", draw=lambda rng: rng.integers(0, 256, (40, 40), np.uint8))
    first, second = draw_views(plan_views([drawn] * 300, seed=3)[:8:FEWEST], 24)
    assert not np.array_equal(first, second)


def test_errors_of_a_thread_are_not_lost():
    def broken(rng, why):
        raise ValueError(why)

    with pytest.raises(ValueError, match="no such picture"):
        list(
            draw_views(
                plan_views([picture("a", draw=partial(broken, why="no such picture"))], 0), 8
            )
        )


def test_numbers_of_any_range_are_stretched():
    gray = stretched(np.linspace(-3000, 9000, 10_000).reshape(100, 100))
    assert gray.dtype == np.uint8 and (gray.min(), gray.max()) == (0, 255)
    assert stretched(np.zeros((5, 5))).max() == 0
