"""Connected regions of a mask."""

import cv2
import numpy as np
import pytest

from fracturelens.findings.regions import find_regions

EVEN = np.full((40, 60), 0.5, np.float32)


def random_mask(seed: int) -> np.ndarray:
    coarse = np.random.default_rng(seed).random((12, 17), np.float32)
    return cv2.resize(coarse, (60, 40)) > 0.55


@pytest.mark.parametrize("seed", range(20))
def test_regions_equal_opencvs_own_statistics(seed):
    mask = random_mask(seed)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    expected = {(*map(int, stats[label]),) for label in range(1, count) if stats[label][4] >= 24}
    regions, kept = find_regions(mask, EVEN, smallest=24)
    assert {(*region.box, region.area) for region in regions} == expected
    np.testing.assert_array_equal(kept, (stats[:, 4] >= 24)[labels] & mask)


def test_a_region_within_a_hole_of_another_is_one_of_its_own():
    mask = np.zeros((40, 60), bool)
    mask[5:30, 5:30] = True
    mask[8:27, 8:27] = False
    mask[15:20, 15:20] = True
    boxes = [region.box for region in find_regions(mask, EVEN)[0]]
    assert sorted(boxes) == [(5, 5, 25, 25), (15, 15, 5, 5)]


def test_corners_join_and_single_pixels_count():
    mask = np.zeros((40, 60), bool)
    mask[[0, 1, 39], [0, 1, 59]] = True
    found = {(region.box, region.area) for region in find_regions(mask, EVEN)[0]}
    assert found == {((0, 0, 2, 2), 2), ((59, 39, 1, 1), 1)}


def test_mean_is_of_the_regions_own_pixels_and_boxes_begin_at_the_corner():
    mask = np.zeros((40, 60), bool)
    mask[3, 4:8] = mask[3:9, 4] = True
    probability = np.where(mask, np.float32(0.75), np.float32(0.1))
    probability[3, 7] = 1
    [region], _ = find_regions(mask, probability, corner=(100, 200))
    assert region.box == (104, 203, 4, 6)
    assert region.mean == pytest.approx((8 * 0.75 + 1) / 9)
    np.testing.assert_array_equal(region.pixels, mask[3:9, 4:8])


def test_an_empty_mask_has_none():
    regions, kept = find_regions(np.zeros((0, 0), bool), np.zeros((0, 0), np.float32))
    assert regions == [] and kept.shape == (0, 0)


def test_regions_at_the_edges_of_a_large_picture_keep_their_place():
    probability = np.zeros((300, 200), np.float32)
    probability[0:4, 0:3], probability[290:300, 150:200], probability[100, 100] = 0.8, 0.9, 0.7
    regions, _ = find_regions(probability > 0.5, probability, smallest=5)
    assert {(one.box, one.area) for one in regions} == {
        ((150, 290, 50, 10), 500),
        ((0, 0, 3, 4), 12),
    }
