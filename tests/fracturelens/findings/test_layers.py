"""Layers hold each marked pixel once, and the masks come back from their runs."""

import numpy as np
import pytest

from fracturelens.findings.layers import (
    SEVERAL,
    agreement_layers,
    mask_of_runs,
    network_layer,
    run_lengths,
)
from fracturelens.findings.regions import find_regions
from fracturelens.results import Finding, Segmentation

SHAPE = (60, 80)


def segmentation(mask, network="unet"):
    regions, _ = find_regions(mask, mask.astype(np.float32))
    found = [
        Finding(number, region.box, region.area, 1.0, 1.0, frozenset({network}))
        for number, region in enumerate(regions, 1)
    ]
    return Segmentation(network, mask.astype(np.float32), mask, tuple(found))


def drawn(patches):
    """How often each pixel of a layer is painted."""
    times = np.zeros(SHAPE, int)
    for patch in patches:
        x, y, width, height = patch.box
        times[y : y + height, x : x + width] += mask_of_runs(patch.runs, height, width)
    return times


def ring_around_a_dot():
    """Two findings, the box of one within that of the other."""
    mask = np.zeros(SHAPE, bool)
    mask[10:40, 20:50] = True
    mask[14:36, 24:46] = False
    mask[24:27, 33:36] = True
    return mask


@pytest.mark.parametrize("seed", range(8))
def test_a_mask_comes_back_from_its_runs(seed):
    rng = np.random.default_rng(seed)
    mask = rng.random(rng.integers(1, 40, 2)) < rng.random()
    runs = run_lengths(mask)
    assert np.array_equal(mask_of_runs(runs, *mask.shape), mask)
    assert all(run > 0 for run in runs[1:]), "a run is as long as it can be"


def test_the_first_run_is_of_pixels_that_are_not_marked():
    assert run_lengths(np.array([[True, False]])) == (0, 1, 1)
    assert run_lengths(np.array([[False, True]])) == (1, 1)
    assert run_lengths(np.zeros((2, 3), bool)) == (6,)


def test_runs_of_another_size_are_no_mask():
    with pytest.raises(ValueError, match="add up to 3 pixels, not to 2 x 2"):
        mask_of_runs((1, 2), 2, 2)


def test_a_layer_paints_each_marked_pixel_once():
    mask = ring_around_a_dot()
    mask[50:55, 70:78] = True
    patches = network_layer(segmentation(mask))
    assert np.array_equal(drawn(patches), mask.astype(int))
    assert len(patches) == 2, "the ring and the dot share one"


def test_boxes_that_meet_through_a_third_share_a_patch():
    mask = np.zeros(SHAPE, bool)
    mask[10:12, 5:60] = True  # a bar above, and below it a hook whose box reaches the bar's
    mask[14, 5:20] = mask[8:15, 62] = mask[14, 40:63] = True
    assert np.array_equal(drawn(network_layer(segmentation(mask))), mask.astype(int))


def test_agreement_tells_alone_from_together():
    first, second = np.zeros(SHAPE, bool), ring_around_a_dot()
    first[10:30, 20:30] = True
    found = {
        "encoder_decoder": segmentation(first, "encoder_decoder"),
        "unet": segmentation(second),
    }
    layers = {name: drawn(patches) for name, patches in agreement_layers(found).items()}
    assert np.array_equal(layers[SEVERAL], (first & second).astype(int))
    assert np.array_equal(layers["encoder_decoder"], (first & ~second).astype(int))
    assert np.array_equal(layers["unet"], (second & ~first).astype(int))


def test_nothing_marked_gives_no_patch():
    empty = segmentation(np.zeros(SHAPE, bool))
    assert network_layer(empty) == []
    assert agreement_layers({"unet": empty}) == {SEVERAL: [], "unet": []}
