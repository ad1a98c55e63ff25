"""The measured operating points in the verdict card."""

from app_pages.dashboard.thresholds import points_table
from fracturelens.measured.shares import GateEvaluation
from important_variables import Thresholds
from tests.helpers.app_helpers import GATE_EVALUATION, estimate

MEASURED = Thresholds(0.12, 0.6, {})
FRACTURE = {
    "threshold": 0.6,
    "metrics": {
        "sensitivity": estimate(0.7),
        "specificity": estimate(0.944),
        "ppv": estimate(0.76),
    },
}
POINTS = GATE_EVALUATION["operating_points"] | {"fracture": FRACTURE, "half": FRACTURE}
EVALUATION = GateEvaluation(GATE_EVALUATION | {"operating_points": POINTS}, "val")


def test_both_points_stand_with_figures_and_intervals():
    table = points_table(EVALUATION, "int8", MEASURED, MEASURED)
    assert "INT8" in table and "517 validation X-rays, 104 of them fractured" in table
    assert "Doubtful from 12.0%" in table and "Fracture from 60.0%" in table
    assert "<td>94.4% <small>91.4 to 97.4</small></td>" in table
    assert table.count('scope="row"') == 2, "0.5 is no point of the dashboard's"
    assert "<td>-</td>" in table, "the doubtful point's PPV was not measured"
    assert "moved" not in table


def test_points_that_were_moved_are_told_apart_from_the_measured_ones():
    moved = Thresholds(0.12, 0.5, {})
    table = points_table(EVALUATION, "float32", moved, MEASURED)
    assert "You moved the points" in table
    assert "Fracture from 60.0%" in table


def test_without_an_evaluation_there_is_no_table():
    assert points_table(None, "int8", MEASURED, MEASURED) == ""
    assert points_table(GateEvaluation({}, "val"), "int8", MEASURED, MEASURED) == ""
