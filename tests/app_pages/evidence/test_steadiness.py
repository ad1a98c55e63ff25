"""The page shows the verdicts at other thresholds, and how steady they are where measured."""

from streamlit.testing.v1 import AppTest

from fracturelens.measured.layout import Part, UsedThresholds
from tests.helpers.evaluations import estimate, evaluation
from tests.helpers.small_evaluations import GATE_EVALUATION

PICTURES = {"probability": [0.1, 0.3, 0.7, 0.9], "fractured": [False, False, True, True]}


def draw(content):
    def script(content):
        from app_pages.evidence.steadiness import show_choices, show_steadiness

        show_choices(content)
        show_steadiness(content)

    page = AppTest.from_function(script, args=(content,), default_timeout=60).run()
    assert not page.exception
    return page


def text(page):
    return " ".join(table.value.to_csv() for table in page.table)


def test_steadiness_is_shown_in_words():
    steady = {
        "black_bars": {"verdicts_changed": estimate(0.05), "probability_moved": estimate(0.1)}
    }
    page = draw(evaluation("gate", steadiness=steady))
    assert [expander.label for expander in page.expander] == ["How steady is the verdict?"]
    assert "Black bars added" in text(page) and "0.050" in text(page)


def test_choices_are_shown_for_a_gate():
    content = evaluation(
        "gate",
        part=Part({}, pictures=PICTURES),
        thresholds=UsedThresholds(doubtful=0.2, fracture=0.6),
        operating_points=GATE_EVALUATION.operating_points,
    )
    page = draw(content)
    assert [expander.label for expander in page.expander] == ["The verdicts at other thresholds"]
    assert "90.0%" in text(page)


def test_nothing_is_drawn_for_a_segmenter():
    assert not draw(evaluation("unet")).expander
