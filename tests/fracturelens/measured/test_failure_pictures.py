"""Worst cases are drawn with the annotation and the paint, each in its color."""

import json

import cv2
import numpy as np
import pytest

from fracturelens.measured.failure_pictures import (
    SIDE,
    Case,
    draw_case,
    fracatlas_case,
    paint_words,
    sample_case,
)
from fracturelens.results import FracturePrediction, Segmentation, Thresholds, Verdict
from fracturelens.xray.samples import read_samples
from important_variables import NETWORKS, SAMPLES, SEVERAL_MARK
from tests.helpers.app_helpers import THIRD, pixels
from tests.helpers.small_fracatlas import FRACTURED, OTHERS, write_small_fracatlas

SQUARE = np.array([[0.25, 0.25], [0.5, 0.25], [0.5, 0.5], [0.25, 0.5]])
CASE = Case(np.full((100, 200), 90, np.uint8), (SQUARE,))


def painted(*boxes, network="unet"):
    mask = np.zeros((100, 200), bool)
    for top, left, side in boxes:
        mask[top : top + side, left : left + side] = True
    return Segmentation(network, np.zeros((2, 2), np.float32), mask, ())


def prediction(found, is_painted=True):
    points = Thresholds(0.2, 0.6, {"unet": 0.5})
    return FracturePrediction(0.9, Verdict.FRACTURE, points, {found.network: found}, is_painted)


def amount(picture, color):
    """Pixels whose hue is that of a color."""
    gap = np.abs(picture.astype(int) - color).max(axis=2)
    return int((gap < 40).sum())


def test_annotation_and_paint_have_their_own_colors():
    blank = pixels(draw_case(CASE, prediction(painted())))
    assert max(blank.shape) == SIDE
    full = pixels(draw_case(CASE, prediction(painted((60, 120, 30)))))
    tint = np.add(np.multiply(NETWORKS["unet"].mark, 0.55), 90 * 0.45)
    assert amount(full, SEVERAL_MARK) > 100
    assert amount(full, tint) > amount(blank, tint) + 2000
    assert (CASE.pixels == 90).all(), "the X-ray itself is not altered"


def test_a_third_network_paints_in_the_color_of_its_spec(monkeypatch):
    monkeypatch.setitem(NETWORKS, "third", THIRD)
    picture = pixels(draw_case(CASE, prediction(painted((60, 120, 30), network="third"))))
    assert amount(picture, np.add(np.multiply(THIRD.mark, 0.55), 90 * 0.45)) > 2000


def test_hints_are_not_drawn():
    found = painted((60, 120, 30))
    hints = pixels(draw_case(CASE, prediction(found, is_painted=False)))
    assert np.array_equal(hints, pixels(draw_case(CASE, prediction(painted()))))


@pytest.mark.parametrize(
    ("boxes", "words"),
    [
        ([(25, 50, 25)], "fracture found"),
        ([(25, 50, 25), (80, 150, 10), (5, 5, 5)], "fracture found, 2 false regions"),
        ([(80, 150, 10)], "fracture not found, 1 false region"),
        ([], "fracture not found"),
    ],
)
def test_what_the_paint_is_worth_is_told(boxes, words):
    assert paint_words(CASE, painted(*boxes)) == words


def test_an_empty_mask_on_whole_bones_is_right():
    assert paint_words(Case(CASE.pixels, ()), painted()) == "nothing painted, rightly"


def test_xrays_of_fracatlas_come_with_their_outlines(tmp_path):
    folder = write_small_fracatlas(tmp_path)
    assert len(fracatlas_case(folder, FRACTURED[0]).outlines) == 1
    assert fracatlas_case(folder, OTHERS[0]).outlines == ()
    with pytest.raises(FileNotFoundError, match="not in this copy of FracAtlas"):
        fracatlas_case(folder, "../../dataset.csv")


def test_outlines_of_a_sample_are_those_of_its_mask(tmp_path):
    mask = np.zeros((100, 200), np.uint8)
    mask[25:50, 50:100] = 255
    cv2.imwrite(str(tmp_path / "mask.png"), mask)
    cv2.imwrite(str(tmp_path / "xray.png"), CASE.pixels)
    entry = {"file": "xray.png", "mask": "mask.png"}
    (tmp_path / "samples.json").write_text(json.dumps([entry]))
    [known] = read_samples(tmp_path)
    (outline,) = sample_case(tmp_path, known).outlines
    assert np.allclose(outline.min(axis=0), 0.25, atol=0.01)
    assert np.allclose(outline.max(axis=0), 0.5, atol=0.01)


def test_shipped_samples_hold_outlines_where_they_are_broken():
    for entry in read_samples(SAMPLES):
        assert bool(sample_case(SAMPLES, entry).outlines) == entry["broken"]
