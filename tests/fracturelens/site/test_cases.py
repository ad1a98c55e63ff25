"""Every X-ray is judged whatever screening says; one bad file takes no other with it."""

import zipfile
from dataclasses import replace

import numpy as np
import pytest

from fracturelens.networks.inference import Calibration
from fracturelens.screening.outcome import Outcome
from fracturelens.site.cases import SiteCase, examine_cases, group_cases
from fracturelens.site.labels import LabelledFile
from important_variables import GATE
from prediction import examine_xray
from tests.helpers.app_helpers import fake_screening, xray_png
from tests.helpers.small_site import site_engine


@pytest.fixture
def labelled(tmp_path):
    """Makes labelled files of names, bytes and labels."""

    def write(*files):
        for name, data, _ in files:
            (tmp_path / name).write_bytes(data)
        return [LabelledFile(tmp_path / name, name, fractured) for name, _, fractured in files]

    return write


def test_the_gates_output_is_not_calibrated(labelled):
    engine = site_engine()  # its card calibrates nothing
    expected = examine_xray(xray_png(128), engine).scores.gate
    gate = engine.networks[GATE]
    inference = replace(gate.inference, calibration={"int8": Calibration(2.0, 1.0)})
    card = replace(gate.card, inference=inference)
    networks = {**engine.networks, GATE: replace(gate, card=card)}
    files = labelled(("a.png", xray_png(128), True))
    cases = examine_cases(files, replace(engine, networks=networks))
    assert cases.raw == pytest.approx([expected]) and 0.4 < expected < 0.6
    assert cases.fractured.tolist() == [True] and cases.left_out == {}


def test_bad_files_are_listed_and_take_none_with_them(labelled, tmp_path):
    files = labelled(("a.png", b"", True), ("b.png", xray_png(128), False), ("c.txt", b"x", False))
    files.append(LabelledFile(tmp_path / "none.png", "none.png", True))
    cases = examine_cases(files, site_engine())
    assert [case.name for case in cases.judged] == ["b.png"]
    assert cases.left_out.keys() == {"a.png", "c.txt", "none.png"}
    assert "there is no such file" in cases.left_out["none.png"]


@pytest.mark.parametrize(
    ("kind", "outcome", "seen"),
    [("limb", Outcome.ACCEPT, ""), ("chest", Outcome.REFUSE, "This looks like a chest X-ray.")],
)
def test_refusals_are_noted_and_overridden(labelled, kind, outcome, seen):
    engine = site_engine(screening=fake_screening(kind))
    [case] = examine_cases(labelled(("a.png", xray_png(128), True)), engine).judged
    assert (case.outcome, case.seen) == (outcome, seen)


def test_a_study_is_several_cases_with_one_label(labelled, tmp_path):
    with zipfile.ZipFile(tmp_path / "study.zip", "w") as study:
        study.writestr("1.png", xray_png(100))
        study.writestr("2.png", xray_png(140))
    file = LabelledFile(tmp_path / "study.zip", "study.zip", True)
    cases = examine_cases([file], site_engine()).judged
    assert [case.name for case in cases] == ["study.zip: 1.png", "study.zip: 2.png"]
    assert all(case.fractured for case in cases)


def test_copies_with_contradictory_labels_are_left_out(labelled):
    data = xray_png(128)
    files = labelled(("a.png", data, True), ("b.png", data, False), ("c.png", xray_png(90), False))
    cases = examine_cases(files, site_engine())
    assert [case.name for case in cases.judged] == ["c.png"]
    assert "labelled fractured in one place and normal" in cases.left_out["a.png"]
    assert cases.left_out.keys() == {"a.png", "b.png"}


def case(digest, patient="", fractured=True):
    return SiteCase("", None, "", fractured, patient, digest, 0.5, Outcome.ACCEPT)


def test_groups_join_copies_and_patients_through_others():
    cases = [case("1"), case("2", "p"), case("3", "p"), case("3", "q"), case("4", "q"), case("5")]
    assert group_cases(cases).tolist() == [0, 1, 1, 1, 1, 2]
    assert group_cases([]).tolist() == []


def test_groups_are_numbered_without_gaps():
    generator = np.random.default_rng(0)
    drawn = generator.integers(0, 9, (40, 2))
    groups = group_cases([case(str(one), f"p{other}") for one, other in drawn])
    assert set(groups) == set(range(groups.max() + 1))
