"""The table of findings on the dashboard."""

import numpy as np
import pytest

from app_pages.dashboard.finding_table import finding_table, share_words
from fracturelens.measured.shares import RegionShare
from fracturelens.results import Finding, FracturePrediction, Segmentation, Thresholds, Verdict
from tests.helpers.app_helpers import THIRD

EMPTY = np.zeros((4, 5), bool)
SHARE = RegionShare(0.664, 0.54, 0.771, 103, 1560, "val")
BOTH, UNET = frozenset({"encoder_decoder", "unet"}), frozenset({"unet"})


def found(**findings):
    segmentations = {
        name: Segmentation(name, EMPTY.astype(np.float32), EMPTY, ones)
        for name, ones in findings.items()
    }
    return FracturePrediction(0.9, Verdict.FRACTURE, Thresholds(0.2, 0.6, {}), segmentations)


def cells(table, head):
    return [part.split("<")[0] for part in table.split(f'data-head="{head}">')[1:]]


def test_findings_of_one_place_stand_together_with_what_was_measured():
    table = finding_table(
        found(
            encoder_decoder=(Finding(1, (1, 2, 3, 1), 3, 0.15, 0.91, BOTH),),
            unet=(
                Finding(1, (1, 2, 2, 1), 2, 0.1, 0.83, BOTH),
                Finding(2, (0, 0, 1, 1), 1, 0.05, 0.5, UNET),
            ),
        ),
        {BOTH: SHARE},
    )
    assert cells(table, "Finding") == ["1", "1", "2"]
    assert cells(table, "Network") == ["Encoder-decoder", "U-Net", "U-Net"]
    assert cells(table, "Marked by") == ["Both networks", "Both networks", "U-Net only"]
    assert cells(table, "How many such findings held a fracture")[1:] == [
        "66% (54 to 77) of 1,560 on validation",
        "not measured",
    ]
    assert cells(table, "Mean probability") == ["0.91", "0.83", "0.50"]
    assert cells(table, "Area")[0] == "0.150% (3 px)"
    assert cells(table, "Left, top")[0] == "1, 2 px"
    assert "Peak" not in table


@pytest.mark.parametrize(
    ("marking", "words"),
    [
        ({"encoder_decoder", "unet", "third"}, "All networks"),
        ({"encoder_decoder", "unet"}, "Encoder-decoder and U-Net"),
        ({"unet", "third"}, "U-Net and Third"),
        ({"third"}, "Third only"),
    ],
)
def test_of_three_networks_those_that_mark_are_named(marking, words, networks):
    networks["third"] = THIRD
    marked = (Finding(1, (1, 2, 3, 1), 3, 0.15, 0.91, frozenset(marking)),)
    ran = dict.fromkeys(("encoder_decoder", "unet", "third"), ()) | {min(marking): marked}
    assert cells(finding_table(found(**ran), {}), "Marked by") == [words]


def test_a_share_without_measurement_says_so():
    assert share_words(None) == "not measured"
