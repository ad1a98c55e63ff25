"""Outlines enclose the pixels of their findings, and no others but holes."""

import cv2
import numpy as np
import pytest

from fracturelens.findings import outlines
from fracturelens.findings.numbering import number_findings
from fracturelens.findings.outlines import outlines_of
from fracturelens.findings.regions import find_regions
from fracturelens.results import Segmentation
from tests.helpers.polygons import polygon_mask


def segmented(mask):
    """Regions of a mask, and the segmentation that holds them."""
    regions, kept = find_regions(mask, np.ones(mask.shape, np.float32))
    findings = number_findings({"unet": regions}, mask.size)["unet"]
    return regions, Segmentation("unet", np.zeros((1, 1), np.float32), kept, findings)


def without_holes(mask):
    """A mask with its holes filled: all that cannot be reached from outside across edges."""
    outside = np.pad(~mask, 1, constant_values=True).astype(np.uint8)
    labels = cv2.connectedComponents(outside, connectivity=4)[1]
    return (labels != labels[0, 0])[1:-1, 1:-1]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_outlines_enclose_exactly_their_pixels(share):
    random = np.random.default_rng(7)
    for _ in range(60):
        mask = random.random(random.integers(1, 40, 2)) < share
        regions, segmentation = segmented(mask)
        found = outlines_of(segmentation)
        assert list(found) == list(segmentation.findings)
        by_box = {finding.box: corners for finding, corners in found.items()}
        for region in regions:
            whole = np.zeros(mask.shape, bool)
            x, y, width, height = region.box
            whole[y : y + height, x : x + width] = region.pixels
            drawn = polygon_mask(by_box[region.box], *mask.shape)
            assert np.array_equal(drawn, without_holes(whole))


def test_a_single_pixel_has_four_corners():
    mask = np.zeros((5, 6), bool)
    mask[2, 3] = True
    (corners,) = outlines_of(segmented(mask)[1]).values()
    assert corners.dtype == np.int32
    assert sorted(corners.tolist()) == [[3, 2], [3, 3], [4, 2], [4, 3]]


def test_too_many_corners_are_made_fewer(monkeypatch):
    monkeypatch.setattr(outlines, "MOST_CORNERS", 40)
    monkeypatch.setattr(outlines._simplified, "__defaults__", (40,))
    rows, columns = np.mgrid[:200, :200]
    mask = np.hypot(rows - 100, columns - 100) < 90
    (corners,) = outlines_of(segmented(mask)[1]).values()
    assert len(corners) <= 40
    again = np.zeros(mask.shape, np.uint8)
    cv2.fillPoly(again, [corners], 1)
    assert (again & mask).sum() / (again | mask).sum() > 0.97
