"""What the OR of several views does, on results small enough to count by hand."""

from dataclasses import replace

import msgspec
import pytest

import command_line
from fracturelens.measured.bootstrap import Bootstrap
from fracturelens.measured.layout import Evaluation, Part, write_evaluation
from tests.helpers.evaluations import GATE_EVALUATION
from training.evaluate.studies import StudyFigures, measure_studies

F, D, N = "fracture", "doubtful", "no_fracture"


def evaluation(*studies) -> Evaluation:
    """Of studies, each (fractured, verdicts of its views)."""
    rows = [
        (group, fractured, verdict)
        for group, (fractured, verdicts) in enumerate(studies)
        for verdict in verdicts
    ]
    groups, fractured, verdicts = (list(column) for column in zip(*rows, strict=True))
    pictures = {"group": groups, "fractured": fractured, "verdict": verdicts}
    return replace(GATE_EVALUATION, models={"gate": "0" * 64}, part=Part({}, pictures=pictures))


def figures(*studies) -> StudyFigures:
    return measure_studies(evaluation(*studies), Bootstrap(draws=20))


def test_one_call_among_the_views_is_a_call():
    found = figures((True, [F, N]), (True, [N, N, F]), (False, [D, N]), (False, [N, N]))
    assert (found.studies, found.fractured, found.views) == (4, 2, 9)
    single, two, every = (getattr(found, key)["fracture"] for key in
                          ("single", "any_of_two", "any_of_all"))  # fmt: skip
    assert [one.sensitivity.value for one in (single, two, every)] == [0.4, 0.5, 1.0]
    assert [one.specificity.value for one in (single, two, every)] == [1.0, 1.0, 1.0]
    doubtful = found.any_of_two["doubtful"]
    assert (doubtful.sensitivity.value, doubtful.specificity.value) == (0.5, 0.5)
    assert (doubtful.specificity.n, single.specificity.n) == (2, 4)


def test_a_single_picture_is_no_study():
    found = figures((True, [F]), (True, [N, F]), (False, [N]), (False, [N, N]))
    assert (found.studies, found.views) == (2, 4)
    assert found.single["fracture"].sensitivity.value == 0.5


def test_the_command_writes_what_can_be_read_again(tmp_path, capsys):
    write_evaluation(replace(evaluation((True, [F, N]), (False, [N, N])), split="val",
                             precision="int8", name="gate", mode="usual"), tmp_path)  # fmt: skip
    assert command_line.main(["evaluate-studies", "--models", str(tmp_path)]) == 0
    content = (tmp_path / "gate" / "studies_val_int8.json").read_bytes()
    found = msgspec.json.decode(content, type=StudyFigures)
    assert found.studies == 2 and "no patient ids" in found.limits
    assert "two views: sensitivity 1.000" in capsys.readouterr().out


def test_without_an_evaluation_the_command_is_named(tmp_path, capsys):
    assert command_line.main(["evaluate-studies", "--models", str(tmp_path)]) == 1
    assert "fracturelens evaluate gate --split val --precision int8" in capsys.readouterr().err


@pytest.mark.parametrize("precision", ["int8", "float32"])
def test_the_published_figures_are_of_the_published_evaluation(precision):
    from fracturelens.measured.layout import read_evaluation
    from important_variables import SAVED_MODELS
    from training.evaluate.studies import studies_path

    path = studies_path("val", SAVED_MODELS, precision)
    found = msgspec.json.decode(path.read_bytes(), type=StudyFigures)
    measured = read_evaluation("gate", "val", SAVED_MODELS, precision)
    assert found.model == measured.models["gate"], "run `fracturelens evaluate-studies` anew"
