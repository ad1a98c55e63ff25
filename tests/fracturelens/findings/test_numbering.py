"""Numbers by place, and which networks mark it."""

import numpy as np
import pytest

from fracturelens.findings.numbering import number_findings, overlap, places_of
from fracturelens.findings.regions import Region
from important_variables import OVERLAP_LIMIT


def block(x, y, width=10, height=10, mean=0.9):
    return Region((x, y, width, height), np.ones((height, width), bool), mean)


def numbers(findings):
    return {name: [(one.number, one.box[0]) for one in found] for name, found in findings.items()}


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
    assert (overlap(*pair["encoder_decoder"], *pair["unet"]) >= OVERLAP_LIMIT) is agreed
    found = number_findings(pair, 1000)
    both = frozenset(pair)
    for name, [finding] in found.items():
        assert finding.networks == (both if agreed else {name})


def test_agreed_places_come_first_then_the_higher_mean():
    found = number_findings(
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
    forth, back = (number_findings({"unet": found}, 1000) for found in (marks, marks[::-1]))
    assert forth == back


def test_two_regions_within_one_of_the_other_network_share_its_number():
    found = number_findings(
        {"encoder_decoder": [block(0, 0), block(15, 0)], "unet": [block(0, 0, width=25)]}, 1000
    )
    findings = [finding for marks in found.values() for finding in marks]
    assert {finding.number for finding in findings} == {1}
    [place] = places_of(findings)
    assert place.box == (0, 0, 25, 10)
    assert place.networks == {"encoder_decoder", "unet"}


def test_places_come_by_number_whatever_the_order_of_the_findings():
    found = number_findings({"unet": [block(0, 0), block(50, 0), block(20, 20)]}, 1000)["unet"]
    places = places_of(reversed(found))
    assert [place.number for place in places] == [1, 2, 3]
    assert [place.box for place in places] == [finding.box for finding in found]


def test_a_place_of_three_networks_names_all_and_a_place_of_two_only_those():
    found = number_findings(
        {
            "encoder_decoder": [block(0, 0), block(50, 0)],
            "unet": [block(1, 0), block(51, 0)],
            "third": [block(2, 0), block(100, 0)],
        },
        10_000,
    )
    marked = {one.box[0]: (one.number, set(one.networks)) for one in found["third"]}
    assert marked[2] == (found["unet"][0].number, {"encoder_decoder", "unet", "third"})
    assert marked[100] == (3, {"third"})
    assert {one.networks for one in found["unet"]} == {
        frozenset({"encoder_decoder", "unet", "third"}),
        frozenset({"encoder_decoder", "unet"}),
    }


def test_one_network_alone_is_the_only_one_at_its_place():
    [finding] = number_findings({"unet": [block(0, 0)]}, 1000)["unet"]
    assert finding.networks == {"unet"}


def test_areas_are_pixels_of_the_region_and_percent_of_the_picture():
    ring = np.ones((10, 10), bool)
    ring[2:8, 2:8] = False
    [finding] = number_findings({"unet": [Region((3, 4, 10, 10), ring, 0.9)]}, 1000)["unet"]
    assert (finding.area_pixels, finding.area_percent) == (64, pytest.approx(6.4))
    assert (finding.box, finding.mean) == ((3, 4, 10, 10), 0.9)
