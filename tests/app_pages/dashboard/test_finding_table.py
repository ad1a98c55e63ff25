"""The lesion table of the dashboard."""

import numpy as np

from app_pages.dashboard.finding_table import lesion_table, share_words
from fracturelens.measured.shares import RegionShare
from fracturelens.results import FracturePrediction, Lesion, Segmentation, Verdict
from important_variables import Thresholds

EMPTY = np.zeros((4, 5), bool)
SHARE = RegionShare(0.664, 0.54, 0.771, 103, 1560, "val")


def found(**lesions):
    segmentations = {
        name: Segmentation(name, EMPTY.astype(np.float32), EMPTY, ones)
        for name, ones in lesions.items()
    }
    return FracturePrediction(0.9, Verdict.FRACTURE, Thresholds(0.2, 0.6, {}), segmentations)


def cells(table, head):
    return [part.split("<")[0] for part in table.split(f'data-head="{head}">')[1:]]


def test_regions_of_one_place_stand_together_with_what_was_measured():
    table = lesion_table(
        found(
            encoder_decoder=(Lesion(1, (1, 2, 3, 1), 3, 0.15, 0.91, True),),
            unet=(
                Lesion(1, (1, 2, 2, 1), 2, 0.1, 0.83, True),
                Lesion(2, (0, 0, 1, 1), 1, 0.05, 0.5, False),
            ),
        ),
        {"Both networks": SHARE},
    )
    assert cells(table, "Lesion") == ["1", "1", "2"]
    assert cells(table, "Network") == ["Encoder-decoder", "U-Net", "U-Net"]
    assert cells(table, "Marked by") == ["Both networks", "Both networks", "U-Net only"]
    assert cells(table, "Such regions that held a fracture")[1:] == [
        "66% (54 to 77) of 1,560 on validation",
        "not measured",
    ]
    assert cells(table, "Mean probability") == ["0.91", "0.83", "0.50"]
    assert cells(table, "Area")[0] == "0.150% (3 px)"
    assert "Peak" not in table


def test_a_share_without_measurement_says_so():
    assert share_words(None) == "not measured"
