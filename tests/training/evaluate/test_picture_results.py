from pathlib import Path

import numpy as np
import pytest

from fracturelens.findings.regions import find_regions
from fracturelens.findings.restore import restore_probability
from fracturelens.xray.letterbox import letterbox_image
from training.data.dataset import Xray
from training.evaluate.picture_results import Overlap, measure_picture, ranked_regions

SQUARE = np.array([[0.25, 0.25], [0.5, 0.25], [0.5, 0.5], [0.25, 0.5]])


def xray(*polygons):
    return Xray("IMG0000001.jpg", Path(), "val", bool(polygons), polygons=polygons)


def blobs():
    """Three even regions of 0.9, 0.4 and 0.2 and one speck of 0.9, 100 x 100 pixels."""
    probability = np.zeros((100, 100), np.float32)
    probability[10:20, 10:20] = 0.9
    probability[40:50, 40:50] = 0.4
    probability[70:80, 70:80] = 0.2
    probability[90, 10] = 0.9
    return probability


def test_overlap_by_hand():
    overlap = Overlap(shared=2, true=4, painted=6, pixels=100)
    assert (overlap.dice, overlap.iou) == (0.4, 0.25)
    empty = Overlap(0, 0, 0, 100)
    assert np.isnan(empty.dice) and np.isnan(empty.iou)


def test_lower_levels_add_only_regions_that_hold_none_found_before():
    regions, shown = ranked_regions(blobs(), [], 0.6, 0.001)  # cuts: 0.6, 0.33, 0.14, 0.05
    assert [round(region.score, 1) for region in regions] == [0.9, 0.4, 0.2]
    assert [region.shown for region in regions] == [True, False, False]
    assert shown.sum() == 100


def test_the_curve_goes_on_to_what_int8_can_just_tell_from_nothing():
    faint = blobs()
    faint[20:30, 60:70] = 2 / 256
    scores = [region.score for region in ranked_regions(faint, [], 0.6, 0.001)[0]]
    assert scores[-1] == pytest.approx(2 / 256)


def test_shown_regions_are_the_findings_of_the_user():
    probability = np.random.default_rng(1).random((60, 80)).astype(np.float32)
    mask = probability >= 0.7
    ours, painted = ranked_regions(probability, [], 0.7, 0.001)
    theirs, kept = find_regions(mask, probability, smallest=0.001 * mask.size)
    shown = {region.box for region in ours if region.shown}
    assert shown == {region.box for region in theirs} and len(theirs) > 5
    assert np.array_equal(painted, kept)


def test_score_is_the_mean_inside_so_that_equal_peaks_do_not_tie():
    probability = np.zeros((100, 100), np.float32)
    probability[10:20, 10:20], probability[40:50, 40:50] = 0.6, 0.8
    probability[15, 15] = probability[45, 45] = 0.99
    regions, _ = ranked_regions(probability, [], 0.5, 0.001)
    assert sorted(region.score for region in regions) == pytest.approx([0.6039, 0.8019])


def test_overlaps_by_hand():
    lesion = np.zeros((100, 100), bool)
    lesion[10:20, 15:25] = True
    region = ranked_regions(blobs(), [lesion], 0.6, 0.001)[0][0]
    assert region.overlaps.tolist() == pytest.approx([50 / 150])
    assert region.box_overlaps.tolist() == pytest.approx([50 / 150])


def test_scores_carry_the_gates_weight():
    regions, shown = ranked_regions(blobs(), [], 0.6, 0.001, weight=0.5)
    assert regions[0].score == pytest.approx(0.45) and regions[0].shown
    assert shown.any()


@pytest.mark.parametrize("size", [(256, 256), (300, 200), (200, 400)])
def test_a_perfect_map_is_perfect_at_both_resolutions(size):
    picture = xray(SQUARE)
    truth = np.zeros(size, np.float32)
    height, width = size
    truth[height // 4 : height // 2, width // 4 : width // 2] = 1
    probability = letterbox_image(truth, 256, 1)
    result = measure_picture(picture, size, probability, 0.5, 0.0001)
    assert result.lesions == 1 and result.regions[0].overlaps[0] > 0.9
    assert result.own.dice > 0.95 and result.square.dice > 0.95
    assert result.own.painted == (restore_probability(probability, *size) >= 0.5).sum()


def test_an_empty_map_on_a_whole_bone():
    result = measure_picture(xray(), (30, 40), np.zeros((256, 256), np.float32), 0.5, 0.0)
    assert result.regions == () and np.isnan(result.own.dice)
    assert result.own.pixels == 1200


def test_networks_of_other_input_sizes_are_compared_at_256_pixels():
    map_of_64 = np.zeros((64, 64), np.float32)
    map_of_64[16:32, 16:32] = 1
    result = measure_picture(xray(SQUARE), (200, 200), map_of_64, 0.5, 0.0)
    assert result.square.pixels == 256 * 256
    assert result.square.dice > 0.95 and result.own.dice > 0.95
