"""What is watched after each epoch: part of val, and changed copies where views are changed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.tiny_training import TINY
from training.data.dataset import Xray
from training.fit.augmentation import Example
from training.fit.watched import as_watched, watched


@pytest.fixture
def examples():
    generator = np.random.default_rng(1)
    image = generator.integers(60, 180, (90, 70), dtype=np.uint8)
    square = np.array([[0.2, 0.2], [0.5, 0.2], [0.5, 0.5], [0.2, 0.5]])
    return [Example(image, (square,), True), Example(image[::-1].copy(), (), False)]


def test_all_fractures_and_a_quarter_of_the_others_are_watched():
    val = [Xray(f"{place}.jpg", Path(), "val", place % 3 == 0) for place in range(24)]
    chosen = watched(val)
    assert sum(xray.fractured for xray in chosen) == 8
    assert len(chosen) == 8 + 4


def test_pictures_are_watched_as_they_are_where_training_changes_nothing(examples):
    assert as_watched(examples, TINY) == examples


def test_changed_copies_are_watched_besides_the_same_in_every_run(examples):
    settings = replace(TINY, exports=0.5)
    seen, again = as_watched(examples, settings), as_watched(examples, settings)
    assert seen[:2] == examples and len(seen) == 4
    for copy, same, original in zip(seen[2:], again[2:], examples, strict=True):
        assert np.array_equal(copy.image, same.image)
        assert not np.array_equal(copy.image, original.image)
        assert copy.fractured == original.fractured
        assert len(copy.outlines) == len(original.outlines)


def test_contrast_is_stretched_where_the_card_will_ask_for_it(examples):
    for plain, seen in zip(
        examples, as_watched(examples, replace(TINY, stretch=True)), strict=True
    ):
        assert np.ptp(seen.image) == 255 > np.ptp(plain.image)
