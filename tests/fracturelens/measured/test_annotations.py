"""Outlines are fractions of the size that the COCO file states, whatever the picture's is."""

import numpy as np
import pytest

from fracturelens.findings.regions import find_regions
from fracturelens.measured.annotations import (
    COCO_FILE,
    draw_outlines,
    lesion_masks,
    overlaps_with,
    read_outlines,
    trace_outlines,
)
from tests.helpers.small_fracatlas import BOX, FRACTURED, STATED, write_small_fracatlas

SQUARE = np.array([[0.25, 0.25], [0.5, 0.25], [0.5, 0.5], [0.25, 0.5]])
CORNER = SQUARE + 0.5


def test_outlines_are_fractions_of_the_stated_size(tmp_path):
    outlines = read_outlines(write_small_fracatlas(tmp_path) / COCO_FILE)
    assert set(outlines) == set(FRACTURED)
    (outline,) = outlines[FRACTURED[0]]
    corner = np.array(BOX[:2]) / (STATED["width"], STATED["height"])
    assert np.allclose(outline.min(axis=0), corner)
    assert outline.shape == (4, 2)


def test_lesions_are_filled_together_and_apart():
    together = draw_outlines((SQUARE, CORNER), 40, 80)
    assert together.shape == (40, 80) and set(np.unique(together)) == {0, 1}
    first, second = lesion_masks((SQUARE, CORNER), 40, 80)
    assert first.dtype == bool and not (first & second).any()
    assert np.array_equal(first | second, together > 0)
    assert first[10:20, 20:40].all() and not first[:10].any()


def test_lines_run_around_a_lesion():
    picture = np.zeros((40, 80, 3), np.uint8)
    trace_outlines(picture, (SQUARE,), (255, 0, 0), 1)
    drawn = picture[..., 0] > 0
    assert drawn[10, 20:40].all() and not drawn[13:17, 25:35].any()
    assert not picture[..., 1:].any()


def test_overlaps_of_a_region_with_each_lesion_by_hand():
    mask = np.zeros((40, 80), bool)
    mask[5:15, 20:30] = True
    [region], _ = find_regions(mask, mask.astype(np.float32))
    lesion = np.zeros_like(mask)
    lesion[10:20, 20:30] = True
    assert overlaps_with(region, [lesion, ~mask]) == pytest.approx([50 / 150, 0])
    assert overlaps_with(region, []).shape == (0,)
