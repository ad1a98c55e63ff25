from dataclasses import replace

import cv2
import numpy as np
import pytest

from fracturelens.findings.overlay import overlay_mask, ring_lesions
from fracturelens.findings.views import (
    BOTH_COLOUR,
    NETWORK_COLOURS,
    Ink,
    Region,
    around,
    full_overlay,
    pictures_of,
    thumbnail,
    view_agreement,
    view_original,
    view_overlay,
    whole,
)
from fracturelens.results import FracturePrediction, Lesion, Segmentation, Verdict
from important_variables import Thresholds
from tests.helpers.app_helpers import lesions_of, pixels

HEIGHT, WIDTH = 120, 80
SOLID = Ink(0.5, dotted=False)
LESION = Lesion(1, (66, 10, 10, 20), 200, 2.08, 0.9, None)


def segmentation(network="unet", rows=slice(10, 30), columns=slice(60, 70)):
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[rows, columns] = True
    return Segmentation(network, mask.astype(np.float32), mask, lesions_of(mask))


@pytest.fixture
def image():
    return np.random.default_rng(1).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)


def predicted(verdict, painted=True):
    found = {name: segmentation(name) for name in NETWORK_COLOURS}
    points = Thresholds(0.2, 0.6, {"encoder_decoder": 0.5, "unet": 0.5})
    return FracturePrediction(0.9, verdict, points, found, painted)


def test_surroundings_keep_aspect_and_stay_inside():
    region = around(LESION, HEIGHT, WIDTH)
    assert (region.width, region.height) == (27, 40)
    assert (region.x, region.y) == (53, 0)


def test_surroundings_of_a_huge_lesion_are_the_whole_picture():
    huge = Lesion(1, (0, 0, WIDTH, HEIGHT), WIDTH * HEIGHT, 100, 1, None)
    assert around(huge, HEIGHT, WIDTH) == whole(HEIGHT, WIDTH)


def test_views_have_one_size_and_leave_the_original_alone(image):
    before = image.copy()
    region = Region(20, 5, 60, 90)
    found = segmentation()
    original = view_original(image, region)
    untouched = original.copy()
    views = [
        original,
        view_overlay(original, found, region, SOLID),
        view_agreement(original, found.mask, ~found.mask, region, 0.5, ((1, 1, 1),) * 3),
    ]
    assert {view.shape for view in views} == {(900, 600, 3)}
    np.testing.assert_array_equal(image, before)
    np.testing.assert_array_equal(original, untouched)


def test_overlay_paints_the_mask_and_rings_it(image):
    region = whole(HEIGHT, WIDTH)
    black = view_original(np.zeros_like(image), region)
    plain = view_overlay(black, segmentation(), region, SOLID)
    scale = 900 / HEIGHT
    centre = plain[round(20 * scale), round(65 * scale)]
    np.testing.assert_array_equal(centre, np.rint(np.array(NETWORK_COLOURS["unet"]) / 2))
    ring = np.all(plain == NETWORK_COLOURS["unet"], axis=2)
    assert ring.any()
    dotted = view_overlay(black, segmentation(), region, Ink(0.5, dotted=True))
    assert 0 < np.all(dotted == NETWORK_COLOURS["unet"], axis=2).sum() < ring.sum()


def test_lesion_outside_the_region_is_not_drawn(image):
    region = Region(0, 60, 40, 60)
    view = view_original(image, region)
    np.testing.assert_array_equal(view_overlay(view, segmentation(), region, SOLID), view)


def test_agreement_colours_tell_who_saw_it():
    black = np.zeros((900, 900, 3), np.uint8)
    first, second = np.zeros((2, 90, 90), bool)
    first[:60], second[30:] = True, True
    colours = (*NETWORK_COLOURS.values(), BOTH_COLOUR)
    view = view_agreement(black, first, second, whole(90, 90), 1.0, colours)
    assert [tuple(view[row, 450]) for row in (100, 450, 800)] == [
        colours[0],
        colours[2],
        colours[1],
    ]


def test_colours_differ_without_hue():
    colours = np.array([[*NETWORK_COLOURS.values(), BOTH_COLOUR]], np.uint8)
    lightness = cv2.cvtColor(colours, cv2.COLOR_RGB2LAB)[0, :, 0] / 2.55
    assert np.diff(lightness).min() > 15


def test_full_overlay_has_the_size_of_the_original(image):
    drawn = full_overlay(image, predicted(Verdict.FRACTURE), "unet", 0.4)
    assert drawn.shape == image.shape
    assert (drawn[15, 65] != image[15, 65]).any()
    np.testing.assert_array_equal(drawn[110, 5], image[110, 5])


@pytest.mark.parametrize("spots", [[], [(10, 60)], [(10, 60), (90, 5), (119, 79)]])
def test_full_overlay_tints_the_whole_mask(image, spots):
    mask = np.zeros((HEIGHT, WIDTH), bool)
    for row, column in spots:
        mask[row : row + 9, column : column + 12] = True
    lesions = lesions_of(mask)
    found = {"unet": Segmentation("unet", mask.astype(np.float32), mask, lesions)}
    drawn = full_overlay(
        image, replace(predicted(Verdict.FRACTURE), segmentations=found), "unet", 0.4
    )
    expected = overlay_mask(image, mask, NETWORK_COLOURS["unet"], 0.4)
    ring_lesions(expected, [(lesion, NETWORK_COLOURS["unet"]) for lesion in lesions])
    np.testing.assert_array_equal(drawn, expected)


def test_hints_are_ringed_and_not_painted(image):
    hinted = predicted(Verdict.DOUBTFUL, painted=False)
    drawn = full_overlay(image, hinted, "unet", 0.4)
    np.testing.assert_array_equal(drawn[20, 65], image[20, 65])  # the lesion's middle
    assert (drawn != image).any()


def test_agreement_rings_each_place_once_in_the_colour_of_who_marks_it():
    black = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    hinted = predicted(Verdict.DOUBTFUL, painted=False)
    found = dict(hinted.segmentations)
    found["unet"] = segmentation("unet", slice(90, 105), slice(10, 25))
    found["unet"] = replace(
        found["unet"], lesions=tuple(replace(one, number=2) for one in found["unet"].lesions)
    )
    apart = pictures_of(black, replace(hinted, segmentations=found), whole(HEIGHT, WIDTH), 0.5)
    views = {
        "together": pictures_of(black, hinted, whole(HEIGHT, WIDTH), 0.5)["agreement"],
        "apart": apart["agreement"],
    }
    inked = {name: set(near_colours(pixels(view))) for name, view in views.items()}
    assert inked == {"together": {"both"}, "apart": set(NETWORK_COLOURS)}


def near_colours(view):
    """Names of the colours that more than 40 pixels of a JPEG come close to."""
    for name, colour in {**NETWORK_COLOURS, "both": BOTH_COLOUR}.items():
        if (np.abs(view.astype(int) - colour).max(axis=2) < 12).sum() > 40:
            yield name


def test_all_pictures_of_an_xray(image):
    prediction = predicted(Verdict.FRACTURE)
    pictures = pictures_of(image, prediction, whole(HEIGHT, WIDTH), 0.5)
    assert list(pictures) == ["original", "encoder_decoder", "unet", "agreement"]
    assert {pixels(data).shape for data in pictures.values()} == {(900, 600, 3)}
    alone = replace(prediction, segmentations={"unet": prediction.segmentations["unet"]})
    assert list(pictures_of(image, alone, whole(HEIGHT, WIDTH), 0.5)) == ["original", "unet"]


def test_thumbnail_is_small(image):
    assert pixels(thumbnail(image)).shape == (320, 213, 3)
