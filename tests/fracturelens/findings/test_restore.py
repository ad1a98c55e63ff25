"""The restored part is the same part of the whole restored map; nothing high lies outside it."""

import cv2
import numpy as np
import pytest

from fracturelens.findings.restore import BLOCK, restore_above, restore_probability
from fracturelens.xray.letterbox import Letterbox, letterbox_image


@pytest.mark.parametrize(("height", "width"), [(2880, 2304), (373, 454), (128, 128), (90, 61)])
@pytest.mark.parametrize("seed", range(5))
def test_part_of_the_whole(height, width, seed):
    random = np.random.default_rng(seed)
    probability = np.zeros((256, 256), np.float32)
    for _ in range(3):
        y, x = random.integers(0, 240, 2)
        probability[y : y + 9, x : x + 14] = random.random((9, 14), np.float32)
    threshold = float(random.uniform(0.2, 0.9))
    whole = restore_probability(probability, height, width)
    (rows, columns), part = restore_above(probability, height, width, threshold)
    np.testing.assert_allclose(part, whole[rows, columns], atol=2e-6)
    outside = whole.copy()
    outside[rows, columns] = 0
    assert outside.max() < threshold
    assert part.size < whole.size


def test_edges_and_corners_are_reached():
    probability = np.zeros((256, 256), np.float32)
    probability[[0, -1], [0, -1]] = 1
    (rows, columns), part = restore_above(probability, 600, 600, 0.5)
    assert (rows, columns) == (slice(0, 600), slice(0, 600))
    assert part[0, 0] == part[-1, -1] == 1


def test_nothing_high_gives_nothing():
    window, part = restore_above(np.full((256, 256), 0.3, np.float32), 500, 400, 0.5)
    assert part.shape == (0, 0) and np.zeros((500, 400))[window].size == 0


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_blocks_of_columns_join_without_a_seam(extra):
    probability = np.random.default_rng(5).random((256, 256), np.float32)
    width = 2 * BLOCK + extra
    (rows, columns), part = restore_above(probability, 300, width, 0.01)
    whole = restore_probability(probability, 300, width)
    np.testing.assert_allclose(part, whole[rows, columns], atol=2e-6)


@pytest.mark.parametrize(("height", "width"), [(454, 373), (373, 454), (60, 200), (256, 256)])
def test_a_probability_comes_back_where_the_picture_had_it(height, width):
    rows, columns = np.indices((height, width))
    spot = (np.hypot(rows - height * 0.3, columns - width * 0.7) < 12).astype(np.float32)
    letterboxed = letterbox_image(spot, 256, cv2.INTER_AREA)
    letterboxed.setflags(write=False)
    restored = restore_probability(letterboxed, height, width)
    assert restored.shape == (height, width)
    assert restored.dtype == np.float32
    assert 0 <= restored.min() and restored.max() <= 1
    found = np.argwhere(restored > 0.5).mean(axis=0)
    np.testing.assert_allclose(found, [height * 0.3, width * 0.7], atol=1.0)


def test_padding_never_leaks_into_the_restored_picture():
    letterboxed = np.ones((256, 256), np.float32)
    letterboxed[Letterbox(454, 373, 256).inner] = 0
    assert restore_probability(letterboxed, 454, 373).max() == 0
