"""Tiles put together again are the film, pixel for pixel; presets follow its grays."""

import numpy as np
import pytest

from app_pages.dashboard.film_viewer.levels import TILE, levels_of, windows_of
from tests.helpers.app_helpers import pixels
from tests.helpers.films import film


def put_together(level):
    """The level's tiles as one picture, as the browser lays them."""
    columns = -(-level.width // TILE)
    tiles = [pixels(tile) for tile in level.tiles]
    rows = [np.hstack(tiles[at : at + columns]) for at in range(0, len(tiles), columns)]
    return np.vstack(rows)


@pytest.mark.parametrize("size", [(454, 373), (1024, 1024), (1500, 2049)])
def test_the_first_level_is_the_film_itself(size):
    drawn = film(*size)
    first = levels_of(drawn)[0]
    assert (first.height, first.width) == size
    assert np.array_equal(put_together(first), drawn)


def test_each_level_is_half_of_the_one_before_and_the_last_is_one_tile():
    levels = levels_of(film(4000, 3000))
    assert [(one.width, one.height) for one in levels] == [(3000, 4000), (1500, 2000), (750, 1000)]
    assert [len(one.tiles) for one in levels] == [12, 4, 1]
    for level in levels:
        assert put_together(level).shape == (level.height, level.width)


def test_a_small_film_is_one_tile():
    [level] = levels_of(film())
    assert len(level.tiles) == 1


def test_presets_are_the_films_own_grays():
    drawn = film(400, 300)
    presets = {title: (low, high) for title, low, high in windows_of(drawn)}
    assert presets["Full range"] == (0, 255)
    assert presets["Auto"][1] == pytest.approx(np.percentile(drawn, 99.5), abs=3)
    assert presets["Soft tissue"][1] <= presets["Bone"][1]
    assert presets["Bone"][0] == pytest.approx(np.median(drawn[drawn > 0]), abs=3)


@pytest.mark.parametrize("gray", [0, 7, 255])
def test_a_film_of_one_gray_has_presets_with_a_width(gray):
    presets = windows_of(np.full((50, 40), gray, np.uint8))
    assert presets[0][0] == "Full range"
    assert all(low < high for _, low, high in presets)
