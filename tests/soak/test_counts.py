"""The soak tells answers that are lost, mixed up or wrong from those that are right."""

import pytest

from tests.soak.counts import Counts, judge_api

RIGHT = {"file": "a.png", "sha256": "1", "verdict": "fracture"}


@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        ([RIGHT], "right"),
        (None, "lost"),
        ([], "wrong"),
        ([RIGHT | {"verdict": "doubtful"}], "wrong"),
        ([{"file": "a.png", "sha256": "1", "error": "broken"}], "wrong"),
        ([RIGHT | {"file": "b.png"}], "mixed"),
        ([RIGHT | {"sha256": "2"}], "mixed"),
    ],
)
def test_each_fault_has_its_name(results, outcome):
    assert judge_api("a.png", ("fracture",), ("1",), results)[0] == outcome


def test_faults_are_counted_and_kept():
    counts = Counts()
    for outcome in ("right", "interrupted", "lost", "mixed", "wrong", "lost"):
        counts.add("api 0", outcome, "what")
    assert counts.faults == 4 and counts.outcomes["api 0"]["right"] == 1
    assert counts.examples["lost"] == ["api 0: what"] * 2
