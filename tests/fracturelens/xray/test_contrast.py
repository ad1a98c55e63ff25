"""Which values become black and white: the picture's own range, without markers and hot pixels."""

import numpy as np
import pytest

from fracturelens.xray.contrast import (
    histogram,
    is_filled,
    look_up,
    natural_shares,
    picture_range,
    standard_of_gray,
)
from fracturelens.xray.levels import CODES, levels_of
from tests.helpers.films import deep, film

FILM = film()
DEEP = deep(FILM)
LEVELS = np.arange(65536.0)


def range_of(pixels) -> tuple[float, float]:
    return picture_range(LEVELS, histogram(pixels, 65536))


def with_values(pixels, *values):
    pixels = pixels.copy()
    for place, value in enumerate(values):
        pixels[0, place] = value
    return pixels


@pytest.mark.parametrize("values", [(), (65535,), (65535, 60000, 40000), (20000,) * 30])
def test_few_pixels_far_out_are_left_out(values):
    pixels = with_values(DEEP, *values)
    assert range_of(pixels) == (DEEP[1:].min(), DEEP[1:].max())


def test_a_marker_with_soft_edges_is_left_out():
    pixels = DEEP.copy()
    pixels[2:12, 2:12] = 65535
    pixels[2:12, 1] = np.linspace(8000, 60000, 10)
    assert range_of(pixels)[1] < 8000


def test_dark_pixels_far_out_are_left_out_too():
    pixels = DEEP + np.uint16(20_000)
    pixels[:1, :40] = 0
    assert range_of(pixels)[0] >= 20_000


def test_what_thins_out_gradually_is_the_picture():
    """A finger in a large dark field: the bulk is ground, and yet the bone counts."""
    pixels = np.full((200, 200), 40, np.uint16)
    pixels += np.random.default_rng(0).integers(0, 9, pixels.shape, dtype=np.uint16)
    pixels[90:115, 90:115] = np.linspace(60, 4000, 625).reshape(25, 25)
    assert range_of(pixels) == (40, 4000)


def test_nearly_all_alike_keeps_what_differs():
    pixels = np.full((100, 100), 7, np.uint16)
    pixels[:5, :5] = 900
    assert range_of(pixels) == (7, 900)


def test_the_order_of_the_values_does_not_matter():
    counts = histogram(DEEP, 65536)
    low, high = picture_range(LEVELS, counts)
    assert picture_range(-LEVELS, counts) == (-high, -low)


@pytest.mark.parametrize(
    ("span", "filled"), [((0, 255), True), ((10, 230), True), ((0, 180), False), ((90, 130), False)]
)
def test_a_scale_is_believed_that_the_picture_fills(span, filled):
    counts = np.zeros(256)
    counts[span[0] : span[1] + 1] = 10
    assert is_filled(np.arange(256.0), counts, (0, 255)) == filled


def test_a_declared_scale_comes_before_the_bits_in_use():
    values, counts = LEVELS[:4096], histogram(DEEP, 4096)
    declared = natural_shares(values, counts, (0, 4500))
    assert declared[4000] == pytest.approx(4000 / 4500)
    guessed = natural_shares(values, counts, (0, 65535))
    assert guessed[4000] == pytest.approx(4000 / 4095)


def test_eight_bits_with_contrast_are_not_touched():
    assert standard_of_gray(FILM) is None
    assert standard_of_gray(np.full((30, 30), 90, np.uint8)) is None, "blank"
    noise = np.random.default_rng(0).integers(90, 100, (30, 30)).astype(np.uint8)
    assert standard_of_gray(noise) is None, "nearly blank"
    narrow = standard_of_gray((60 + FILM // 3).astype(np.uint8))
    assert (narrow.min(), narrow.max()) == (0, 255)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_tables_are_looked_up(kind):
    table = np.random.default_rng(1).integers(0, 256, 65536).astype(np.uint8)[: 256 * 256]
    pixels = np.random.default_rng(2).integers(0, 256, (300, 40)).astype(kind)
    np.testing.assert_array_equal(look_up(pixels, table), table[pixels])
    np.testing.assert_array_equal(look_up(pixels, table[:256]), table[:256][pixels])


@pytest.mark.parametrize("kind", [np.uint16, ">u2", np.int16, np.int32, np.int64, np.uint32])
def test_whole_numbers_keep_their_values(kind):
    pixels = DEEP.astype(kind)
    levels = levels_of(pixels)
    np.testing.assert_array_equal(levels.values[levels.codes], pixels)


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.float16])
def test_reals_keep_their_values_to_a_step(kind):
    pixels = (DEEP * 0.001 - 1).astype(kind)
    levels = levels_of(pixels)
    assert levels.codes.dtype == np.uint16
    step = np.ptp(pixels.astype(float)) / (CODES - 1)
    assert np.abs(levels.values[levels.codes] - pixels).max() <= 0.51 * step


def test_one_absurd_value_does_not_cost_the_others_detail():
    pixels = DEEP.astype(np.float32)
    pixels[0, 0] = 1e30
    levels = levels_of(pixels)
    kept = levels.values[levels.codes][1:]
    assert np.abs(kept - DEEP[1:]).max() < 1
