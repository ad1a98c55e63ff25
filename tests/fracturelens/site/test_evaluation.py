"""Each X-ray's result is kept; a calibration is measured on the half that did not choose it."""

import json

import pytest

from fracturelens.site.cases import examine_cases
from fracturelens.site.choose import CannotCalibrateError
from fracturelens.site.evaluation import calibrate_site, evaluate_cases, write_site_evaluation
from fracturelens.site.labels import read_labels
from tests.helpers.small_site import DRAWS, site_engine, write_site_folder


def evaluated(folder, **counts):
    labels = read_labels(write_site_folder(folder, **counts), folder / "out")
    cases = examine_cases(labels.files, site_engine())
    return evaluate_cases(cases, site_engine(), "Here", "me", DRAWS)


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    return evaluated(tmp_path_factory.mktemp("site"))


def test_each_picture_is_kept(evaluation):
    columns = evaluation.pictures
    assert {len(column) for column in columns.values()} == {46}
    assert columns["file"][0] == "fractured/00.png" and columns["fractured"].count(True) == 22
    assert set(columns["verdict"]) <= {"fracture", "doubtful", "no_fracture"}
    assert evaluation.models["gate"] == "a" * 64
    assert evaluation.versions["numpy"][0].isdigit()


def test_a_calibration_is_measured_on_the_other_half(evaluation):
    found = calibrate_site(evaluation, site_engine(), 5, DRAWS).calibrated
    assert sum(found.chooses) == found.site.chosen_on.images
    assert found.site.held_out.images == found.before.images == 46 - sum(found.chooses)
    points = found.site.held_out.operating_points
    assert points["doubtful"].metrics["sensitivity"].value >= 0.95
    assert points["fracture"].metrics["specificity"].value >= 0.95
    assert found.before.operating_points["doubtful"].metrics["specificity"].value < 0.5
    assert found.site.held_out.metrics["auroc"] == found.before.metrics["auroc"]


def test_too_few_are_refused(tmp_path):
    few = evaluated(tmp_path, fractured=5, normal=24)
    with pytest.raises(CannotCalibrateError, match="received 5 and 24"):
        calibrate_site(few, site_engine(), 5, DRAWS)


def test_the_file_is_strict_json(evaluation, tmp_path):
    calibrated = calibrate_site(evaluation, site_engine(), 5, DRAWS)
    write_site_evaluation(calibrated, tmp_path / "evaluation.json")
    content = json.loads((tmp_path / "evaluation.json").read_text())
    assert content["calibrated"]["site"]["name"] == "Here"
    assert "not a medical device" in content["notice"]
