"""Views of an X-ray: the rectangle, the marks in it, and the colors that tell who marks."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from fracturelens.findings.numbering import number_findings
from fracturelens.findings.overlay import overlay_mask, ring_findings
from fracturelens.findings.regions import find_regions
from fracturelens.findings.views import (
    Ink,
    View,
    draw_agreement,
    draw_network,
    draw_original,
    encode_jpeg,
    full_overlay,
    ink_of,
    mark_color,
    thumbnail,
    view_mask,
    whole,
)
from fracturelens.results import Finding, FracturePrediction, Segmentation, Thresholds, Verdict
from important_variables import NETWORKS, SEVERAL_MARK, segmenters
from tests.helpers.app_helpers import THIRD, findings_of, pixels

HEIGHT, WIDTH = 120, 80
SOLID = Ink(0.5, dotted=False)
FINDING = Finding(1, (66, 10, 10, 20), 200, 2.08, 0.9, frozenset({"unet"}))
COLORS = {name: NETWORKS[name].mark for name in ("encoder_decoder", "unet")}


def segmentation(network="unet", rows=slice(10, 30), columns=slice(60, 70)):
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[rows, columns] = True
    return Segmentation(network, mask.astype(np.float32), mask, findings_of(mask))


@pytest.fixture
def image():
    return np.random.default_rng(1).integers(0, 255, (HEIGHT, WIDTH), np.uint8)


def predicted(verdict, painted=True, **segmentations):
    """What the networks marked, numbered as the real ones are; by default the same place."""
    masks = segmentations or dict.fromkeys(COLORS, (slice(10, 30), slice(60, 70)))
    found = {name: segmentation(name, *place) for name, place in masks.items()}
    regions = {name: find_regions(one.mask, one.probability)[0] for name, one in found.items()}
    numbered = number_findings(regions, HEIGHT * WIDTH)
    found = {name: replace(one, findings=numbered[name]) for name, one in found.items()}
    thresholds = Thresholds(0.2, 0.6, dict.fromkeys(found, 0.5))
    return FracturePrediction(0.9, verdict, thresholds, found, painted)


def test_drawings_have_one_size_and_leave_what_they_are_made_of_alone(image):
    before = image.copy()
    view = View(20, 5, 60, 90)
    prediction = predicted(Verdict.FRACTURE)
    original = draw_original(image, view)
    untouched = original.copy()
    drawings = [
        original,
        draw_network(original, prediction.segmentations["unet"], view, SOLID),
        draw_agreement(original, prediction, view, SOLID),
    ]
    assert {drawing.shape for drawing in drawings} == {(900, 600, 3)}
    assert {drawing.dtype for drawing in drawings} == {np.dtype(np.uint8)}
    np.testing.assert_array_equal(image, before)
    np.testing.assert_array_equal(original, untouched)


def test_the_original_is_gray_and_shows_its_view(image):
    drawn = draw_original(image, View(20, 30, 20, 30))
    assert (drawn == drawn[..., :1]).all()
    shown = cv2.resize(drawn[..., 0], (20, 30), interpolation=cv2.INTER_AREA)
    part = image[30:60, 20:40]
    assert np.corrcoef(shown.ravel(), part.ravel())[0, 1] > 0.95


def test_a_network_is_drawn_in_its_color_with_a_ring():
    view = whole(HEIGHT, WIDTH)
    black = draw_original(np.zeros((HEIGHT, WIDTH), np.uint8), view)
    solid = draw_network(black, segmentation(), view, SOLID)
    scale = 900 / HEIGHT
    center = solid[round(20 * scale), round(65 * scale)]
    np.testing.assert_array_equal(center, np.rint(np.array(COLORS["unet"]) / 2))
    ring = np.all(solid == COLORS["unet"], axis=2)
    assert ring.any()
    dotted = draw_network(black, segmentation(), view, Ink(0.5, dotted=True))
    assert 0 < np.all(dotted == COLORS["unet"], axis=2).sum() < ring.sum()


def test_a_finding_outside_the_view_is_not_drawn(image):
    view = View(0, 60, 40, 60)
    original = draw_original(image, view)
    np.testing.assert_array_equal(draw_network(original, segmentation(), view, SOLID), original)


def test_colors_of_an_agreement_tell_who_marks():
    black = np.zeros((900, 600, 3), np.uint8)
    prediction = predicted(
        Verdict.FRACTURE,
        encoder_decoder=(slice(0, 80), slice(0, WIDTH)),
        unet=(slice(40, HEIGHT), slice(0, WIDTH)),
    )
    drawn = draw_agreement(black, prediction, whole(HEIGHT, WIDTH), Ink(1.0, dotted=False))
    assert [tuple(drawn[row, 300]) for row in (150, 450, 750)] == [
        COLORS["encoder_decoder"],
        SEVERAL_MARK,
        COLORS["unet"],
    ]


def test_a_third_network_is_drawn_in_the_color_of_its_spec(networks):
    networks["third"] = THIRD
    black = np.zeros((900, 600, 3), np.uint8)
    rows = slice(0, HEIGHT)
    prediction = predicted(
        Verdict.FRACTURE,
        encoder_decoder=(rows, slice(0, 40)),
        unet=(rows, slice(20, 60)),
        third=(rows, slice(50, WIDTH)),
    )
    full = Ink(1.0, dotted=False)
    drawn = draw_agreement(black, prediction, whole(HEIGHT, WIDTH), full)
    assert [tuple(drawn[450, round(column * 7.5)]) for column in (10, 30, 45, 55, 70)] == [
        COLORS["encoder_decoder"],
        SEVERAL_MARK,
        COLORS["unet"],
        SEVERAL_MARK,
        THIRD.mark,
    ]
    alone = draw_network(black, prediction.segmentations["third"], whole(HEIGHT, WIDTH), full)
    assert tuple(alone[450, 450]) == THIRD.mark


def test_a_mark_has_its_networks_color_or_that_of_several():
    assert mark_color({"unet"}) == COLORS["unet"]
    assert mark_color(frozenset(COLORS)) == SEVERAL_MARK


def test_marks_differ_without_hue():
    colors = np.array([[*(NETWORKS[name].mark for name in segmenters()), SEVERAL_MARK]], np.uint8)
    lightness = np.sort(cv2.cvtColor(colors, cv2.COLOR_RGB2LAB)[0, :, 0] / 2.55)
    assert np.diff(lightness).min() > 15


@pytest.mark.parametrize(
    ("verdict", "painted", "ink"),
    [
        (Verdict.FRACTURE, True, Ink(0.4, dotted=False)),
        (Verdict.DOUBTFUL, False, Ink(0.0, dotted=True)),
        (Verdict.DOUBTFUL, True, Ink(0.4, dotted=True)),
        (Verdict.NO_FRACTURE, True, Ink(0.4, dotted=True)),
    ],
)
def test_ink_follows_verdict_and_paint(verdict, painted, ink):
    assert ink_of(predicted(verdict, painted), 0.4) == ink


def test_full_overlay_has_the_size_of_the_original(image):
    drawn = full_overlay(image, predicted(Verdict.FRACTURE), "unet", 0.4)
    assert drawn.shape == (HEIGHT, WIDTH, 3)
    assert (drawn[15, 65] != image[15, 65]).any()
    assert drawn[110, 5].tolist() == [image[110, 5]] * 3


@pytest.mark.parametrize("spots", [[], [(10, 60)], [(10, 60), (90, 5), (119, 79)]])
def test_full_overlay_tints_the_whole_mask(image, spots):
    mask = np.zeros((HEIGHT, WIDTH), bool)
    for row, column in spots:
        mask[row : row + 9, column : column + 12] = True
    findings = findings_of(mask)
    found = {"unet": Segmentation("unet", mask.astype(np.float32), mask, findings)}
    prediction = replace(predicted(Verdict.FRACTURE), segmentations=found)
    drawn = full_overlay(image, prediction, "unet", 0.4)
    gray = np.repeat(image[..., None], 3, axis=2)
    expected = overlay_mask(gray, mask, COLORS["unet"], 0.4)
    ring_findings(expected, [(finding, COLORS["unet"]) for finding in findings])
    np.testing.assert_array_equal(drawn, expected)


def test_hints_are_ringed_and_not_painted(image):
    hinted = predicted(Verdict.DOUBTFUL, painted=False)
    drawn = full_overlay(image, hinted, "unet", 0.4)
    assert drawn[20, 65].tolist() == [image[20, 65]] * 3  # the finding's middle
    assert (drawn != image[..., None]).any()


@pytest.mark.parametrize(
    ("place", "inked"),
    [
        ((slice(10, 30), slice(60, 70)), {"several"}),
        ((slice(90, 105), slice(10, 25)), set(COLORS)),
    ],
)
def test_agreement_rings_each_place_once_in_the_color_of_who_marks_it(place, inked):
    black = np.zeros((900, 600, 3), np.uint8)
    hinted = predicted(
        Verdict.DOUBTFUL,
        painted=False,
        encoder_decoder=(slice(10, 30), slice(60, 70)),
        unet=place,
    )
    drawn = draw_agreement(black, hinted, whole(HEIGHT, WIDTH), ink_of(hinted, 0.5))
    assert set(near_colors(pixels(encode_jpeg(drawn)))) == inked


def near_colors(drawn):
    """Names of the colors that more than 40 pixels of a JPEG come close to."""
    for name, color in {**COLORS, "several": SEVERAL_MARK}.items():
        if (np.abs(drawn.astype(int) - color).max(axis=2) < 12).sum() > 40:
            yield name


def test_a_mask_is_shown_at_the_size_of_the_page():
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[60:90, 20:40] = True
    shown = view_mask(mask, View(20, 30, 40, 60))
    assert shown.shape == (900, 600) and shown.dtype == bool
    rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    assert (rows[0], rows[-1]) == (450, 899)
    assert (columns[0], columns[-1]) == (0, 299)


def test_thumbnail_is_small(image):
    assert pixels(thumbnail(image)).shape == (320, 213, 3)
