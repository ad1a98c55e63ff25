"""Corrections as COCO JSON: to the pixel, and readable as FracAtlas' annotations are."""

import json

import numpy as np
import pytest

from fracturelens.export.coco import (
    CorrectedFilm,
    CorrectionError,
    corrections_json,
    mark_correction,
    missed_correction,
)
from fracturelens.findings.numbering import number_findings
from fracturelens.findings.regions import find_regions
from fracturelens.measured.annotations import draw_outlines, read_outlines
from fracturelens.results import FracturePrediction, Segmentation, Thresholds, Verdict
from important_variables import DISCLAIMER

HEIGHT, WIDTH = 60, 80
LONE = (slice(40, 50), slice(60, 75))


def prediction():
    """Place 1, which both networks mark, and place 2, the U-Net's alone."""
    masks = {name: np.zeros((HEIGHT, WIDTH), bool) for name in ("encoder_decoder", "unet")}
    masks["encoder_decoder"][10:20, 10:25] = True
    masks["unet"][12:22, 14:30] = True
    masks["unet"][LONE] = True
    regions = {name: find_regions(mask, mask.astype(np.float32))[0] for name, mask in masks.items()}
    findings = number_findings(regions, HEIGHT * WIDTH)
    found = {
        name: Segmentation(name, mask.astype(np.float32), mask, findings[name])
        for name, mask in masks.items()
    }
    return FracturePrediction(0.9, Verdict.FRACTURE, Thresholds(0.2, 0.6, {}), found)


def film(*corrections, name="wrist.png"):
    return CorrectedFilm(name, "ab" * 32, WIDTH, HEIGHT, corrections)


def written(*films):
    return json.loads(corrections_json(films))


def lesions(tmp_path, *films):
    """What a reader of FracAtlas' annotations makes of the file: a mask for each film."""
    path = tmp_path / "corrections.json"
    path.write_bytes(corrections_json(films))
    return {
        name: draw_outlines(found, HEIGHT, WIDTH) > 0 for name, found in read_outlines(path).items()
    }


def test_a_drawn_box_is_kept_to_the_pixel(tmp_path):
    one = film(missed_correction((3, 5, 20, 11), (), HEIGHT, WIDTH))
    [annotation] = written(one)["annotations"]
    assert annotation["bbox"] == [3, 5, 20, 11]
    assert annotation["area"] == 220
    assert annotation["status"] == "missed"
    expected = np.zeros((HEIGHT, WIDTH), bool)
    expected[5:16, 3:23] = True
    assert np.array_equal(lesions(tmp_path, one)["wrist.png"], expected)


def test_a_drawn_outline_is_kept_as_it_was_drawn():
    corners = [[10.5, 10.5], [30.2, 11], [20, 40.9]]
    correction = missed_correction((0, 0, 1, 1), corners, HEIGHT, WIDTH)
    [annotation] = written(film(correction))["annotations"]
    assert annotation["segmentation"] == [[10.5, 10.5, 30.2, 11.0, 20.0, 40.9]]
    assert annotation["bbox"] == [10, 10, 21, 31]


def test_a_right_mark_has_the_outline_of_all_its_masks(tmp_path):
    found = prediction()
    one = film(mark_correction("right", 1, found))
    both = np.logical_or(*(each.mask for each in found.segmentations.values()))
    both[LONE] = False
    assert np.array_equal(lesions(tmp_path, one)["wrist.png"], both)
    [annotation] = written(one)["annotations"]
    assert annotation["networks"] == ["encoder_decoder", "unet"]
    assert annotation["area"] == both.sum()


def test_a_wrong_mark_is_no_lesion(tmp_path):
    one = film(mark_correction("wrong", 2, prediction()))
    content = written(one)
    [annotation] = content["annotations"]
    assert annotation["bbox"] == [60, 40, 15, 10]
    names = {category["id"]: category["name"] for category in content["categories"]}
    assert names[annotation["category_id"]] == "not fractured"
    assert lesions(tmp_path, one) == {}


def test_a_mark_within_the_box_of_another_does_not_join_it():
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[10:40, 20:50] = True
    mask[14:36, 24:46] = False
    mask[24:27, 33:36] = True
    regions, _ = find_regions(mask, mask.astype(np.float32))
    findings = number_findings({"unet": regions}, mask.size)
    found = {"unet": Segmentation("unet", mask.astype(np.float32), mask, findings["unet"])}
    whole = FracturePrediction(0.9, Verdict.FRACTURE, Thresholds(0.2, 0.6, {}), found)
    dot = next(one.number for one in findings["unet"] if one.area_pixels == 9)
    assert mark_correction("right", dot, whole).box == (33, 24, 3, 3)
    ring = next(one.number for one in findings["unet"] if one.area_pixels != 9)
    assert len(mark_correction("right", ring, whole).outlines) == 1


def test_a_dot_has_three_corners():
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[5, 7] = True
    regions, _ = find_regions(mask, mask.astype(np.float32))
    findings = number_findings({"unet": regions}, mask.size)
    found = {"unet": Segmentation("unet", mask.astype(np.float32), mask, findings["unet"])}
    dot = FracturePrediction(0.9, Verdict.FRACTURE, Thresholds(0.2, 0.6, {}), found)
    assert mark_correction("right", 1, dot).outlines == (((7.5, 5.5),) * 3,)


def test_films_are_told_apart_and_carry_their_hash_and_the_notice():
    box = missed_correction((1, 2, 3, 4), (), HEIGHT, WIDTH)
    content = written(film(box), film(box, box, name="hand.dcm"))
    assert [image["file_name"] for image in content["images"]] == ["wrist.png", "hand.dcm"]
    assert {image["sha256"] for image in content["images"]} == {"ab" * 32}
    assert [one["image_id"] for one in content["annotations"]] == [1, 2, 2]
    assert [one["id"] for one in content["annotations"]] == [1, 2, 3]
    assert content["info"]["notice"] == DISCLAIMER


@pytest.mark.parametrize(
    ("box", "outline", "words"),
    [
        ((70, 5, 20, 10), (), "leaves the X-ray of 80 x 60"),
        ((-1, 5, 20, 10), (), "leaves the X-ray"),
        ((3, 5, 0, 10), (), "holds nothing"),
        ((3, 5, 9, 9), [[1, 1], [2, 2]], "3 to 5000 corners, not 2"),
        ((3, 5, 9, 9), [[1, 1], [2, float("nan")], [3, 1]], "leaves the X-ray"),
    ],
)
def test_what_was_not_drawn_on_the_film_is_refused(box, outline, words):
    with pytest.raises(CorrectionError, match=words):
        missed_correction(box, outline, HEIGHT, WIDTH)


def test_a_mark_that_is_not_there_is_refused():
    with pytest.raises(CorrectionError, match="no mark 7"):
        mark_correction("right", 7, prediction())
    with pytest.raises(CorrectionError, match="'perhaps'"):
        mark_correction("perhaps", 1, prediction())
