"""The measured thresholds in the verdict card."""

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from app_pages.dashboard.thresholds import thresholds_table
from fracturelens.measured.layout import OperatingPoint
from fracturelens.results import Thresholds
from tests.helpers.evaluations import GATE_EVALUATION, estimate, evaluation

MEASURED = Thresholds(0.12, 0.6, {})
RATES = {"sensitivity": estimate(0.7), "specificity": estimate(0.944), "ppv": estimate(0.76)}
FRACTURE = OperatingPoint(0.6, 73, 23, 31, 390, RATES)
POINTS = GATE_EVALUATION.operating_points | {"fracture": FRACTURE, "half": FRACTURE}
EVALUATION = replace(GATE_EVALUATION, operating_points=POINTS)


def test_both_thresholds_stand_with_figures_and_intervals():
    table = thresholds_table(EVALUATION, "int8", MEASURED, MEASURED)
    assert "INT8" in table and "517 validation X-rays, 104 of them fractured" in table
    assert "Unclear from 12.0%" in table and "Possible fracture from 60.0%" in table
    assert "<td>94.4% <small>91.4 to 97.4</small></td>" in table
    assert table.count('scope="row"') == 2, "0.5 is no threshold of the dashboard's"
    assert "<td>-</td>" in table, "the doubtful threshold's PPV was not measured"
    assert "moved" not in table


def test_thresholds_that_were_moved_are_told_apart_from_the_measured_ones():
    moved = Thresholds(0.12, 0.5, {})
    table = thresholds_table(EVALUATION, "float32", moved, MEASURED)
    assert "You changed the thresholds" in table
    assert "Possible fracture from 60.0%" in table


def test_without_an_evaluation_there_is_no_table():
    assert thresholds_table(None, "int8", MEASURED, MEASURED) == ""
    assert thresholds_table(evaluation("gate"), "int8", MEASURED, MEASURED) == ""


def test_predictive_values_follow_the_share_of_fractures():
    def script(found, used):
        from app_pages.dashboard.thresholds import show_reliability

        show_reliability(found, "int8", used, used)

    page = AppTest.from_function(script, args=(EVALUATION, MEASURED), default_timeout=60).run()
    page.slider(key="prevalence").set_value(0.5).run()
    assert not page.exception
    assert page.markdown[0].value == (
        "**Unclear from 12.0%**: of X-rays at or above it 82% are fractured (PPV), of those "
        "below it 89% are not (NPV)."
    )
