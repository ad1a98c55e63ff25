"""Numbers by place, and which networks mark it."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from fracturelens.findings.numbering import AGREEMENT_LIMIT, number_lesions, overlap, places_of
from fracturelens.findings.regions import Region


def block(x, y, width=10, height=10, mean=0.9):
    return Region((x, y, width, height), np.ones((height, width), bool), mean)


def numbers(lesions):
    return {name: [(one.number, one.box[0]) for one in found] for name, found in lesions.items()}


def test_overlap_counts_pixels_and_not_boxes():
    ring = np.ones((10, 10), bool)
    ring[2:8, 2:8] = False
    assert overlap(Region((0, 0, 10, 10), ring, 0.9), block(2, 2, 6, 6)) == 0
    assert overlap(block(0, 0), block(5, 0)) == pytest.approx(50 / 150)
    assert overlap(block(0, 0), block(10, 0)) == 0
    assert overlap(block(0, 0), block(30, 0)) == 0


@pytest.mark.parametrize(("shift", "agreed"), [(8, True), (9, False)])
def test_regions_agree_from_the_limit_on(shift, agreed):
    pair = {"encoder_decoder": [block(0, 0)], "unet": [block(shift, 0)]}
    assert (overlap(*pair["encoder_decoder"], *pair["unet"]) >= AGREEMENT_LIMIT) is agreed
    found = number_lesions(pair, 1000)
    assert [lesion.agreed for lesions in found.values() for lesion in lesions] == [agreed] * 2


def test_agreed_places_come_first_then_the_higher_mean():
    found = number_lesions(
        {
            "encoder_decoder": [block(0, 0, mean=0.99), block(50, 0, mean=0.6)],
            "unet": [block(100, 0, mean=0.8), block(51, 0, mean=0.6), block(150, 0, mean=0.9)],
        },
        10_000,
    )
    assert numbers(found) == {
        "encoder_decoder": [(1, 50), (2, 0)],
        "unet": [(1, 51), (3, 150), (4, 100)],
    }


def test_order_does_not_hang_on_the_order_of_the_regions():
    marks = [block(0, 0), block(50, 0), block(20, 20)]
    forth, back = (number_lesions({"unet": found}, 1000) for found in (marks, marks[::-1]))
    assert forth == back


def test_two_regions_within_one_of_the_other_network_share_its_number():
    found = number_lesions(
        {"encoder_decoder": [block(0, 0), block(15, 0)], "unet": [block(0, 0, width=25)]}, 1000
    )
    assert {lesion.number for lesions in found.values() for lesion in lesions} == {1}
    [place] = places_of(found)
    assert place.box == (0, 0, 25, 10)
    assert place.networks == ("encoder_decoder", "unet")


def test_one_network_alone_neither_agrees_nor_differs():
    assert number_lesions({"unet": [block(0, 0)]}, 1000)["unet"][0].agreed is None


def test_lesions_are_ready_for_json():
    [lesion] = number_lesions({"unet": [block(3, 4)]}, 1000)["unet"]
    assert json.loads(json.dumps(asdict(lesion)))["area_percent"] == 10
