"""Outlines are fractions of the size that the COCO file states, whatever the picture's is."""

import numpy as np

from fracturelens.measured.annotations import COCO_FILE, read_outlines
from tests.helpers.small_fracatlas import BOX, FRACTURED, STATED, write_small_fracatlas


def test_outlines_are_fractions_of_the_stated_size(tmp_path):
    outlines = read_outlines(write_small_fracatlas(tmp_path) / COCO_FILE)
    assert set(outlines) == set(FRACTURED)
    (outline,) = outlines[FRACTURED[0]]
    corner = np.array(BOX[:2]) / (STATED["width"], STATED["height"])
    assert np.allclose(outline.min(axis=0), corner)
    assert outline.shape == (4, 2)
