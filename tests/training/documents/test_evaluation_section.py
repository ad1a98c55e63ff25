"""An evaluation is told in full: figures beside baselines, thresholds, subgroups, agreement."""

from dataclasses import replace

from fracturelens.measured.layout import Estimate, Part, RegionCount
from tests.helpers.small_evaluations import GATE_EVALUATION
from training.documents.evaluation_section import evaluation_section, rows_table

TEXT = evaluation_section(GATE_EVALUATION)


def test_it_opens_with_what_was_measured():
    assert TEXT.startswith("## Validation: Gate, float32\n\n40 X-rays, 10 fractured, 12 lesions")
    assert "figures at those thresholds are optimistic" in TEXT


def test_figures_stand_beside_the_baselines():
    assert "| figure | value | Always no fracture | Picture size and file format alone" in TEXT
    assert "| Area under the ROC curve | 0.877 (0.800 to 0.950), n = 40 | 0.500 | 0.590 |" in TEXT


def test_thresholds_subgroups_and_cross_fitting_are_told():
    assert 'Threshold of "Fracture", 0.25: TP 9, FP 8, FN 1, TN 22.' in TEXT
    assert "| view: frontal | 7 | 3 | undefined |" in TEXT
    assert "5-fold cross-fitting" in TEXT
    assert "| Sensitivity at the fracture threshold | 0.800 (0.600 to 0.900), n = 10 |" in TEXT


def test_segmenters_behind_the_gate_have_parts_and_agreement():
    one = RegionCount(["unet"], 3, 1, Estimate(0.33, 0.1, 0.6, 3))
    both = RegionCount(["encoder_decoder", "unet"], 8, 6, Estimate(0.75, 0.5, 0.9, 8))
    text = evaluation_section(
        replace(
            GATE_EVALUATION,
            name="cascade",
            behind_gate={"unet": Part({"dice_mean": Estimate(0.4)})},
            agreement={"fracture": [one, both]},
        )
    )
    assert "### Gate, then U-Net" in text and "Regions that are painted." in text
    assert "| Both networks | 8 | 6 | 0.750 (0.500 to 0.900) |" in text


def test_a_cell_that_a_row_lacks_stays_empty():
    assert rows_table([{"a": "1"}, {"a": "2", "b": "3"}]) == [
        "| a | b |",
        "| --- | --- |",
        "| 1 |  |",
        "| 2 | 3 |",
    ]
