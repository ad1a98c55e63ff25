"""What is known of verdicts and regions, and when nothing is."""

from dataclasses import replace

import pytest

from fracturelens.measured.layout import (
    Estimate,
    RegionCount,
    Tier,
    UsedThresholds,
    write_evaluation,
)
from fracturelens.measured.shares import gate_evaluation, region_shares, tier_words
from fracturelens.results import Thresholds, Verdict
from important_variables import NETWORKS
from tests.helpers.app_helpers import THIRD
from tests.helpers.evaluations import GATE_EVALUATION, cascade_evaluation

USED = Thresholds(0.2, 0.6, {"encoder_decoder": 0.5, "unet": 0.5})
BOTH, UNET = frozenset({"encoder_decoder", "unet"}), frozenset({"unet"})


def test_painted_regions_and_hints_have_their_own_shares(tmp_path):
    write_evaluation(replace(cascade_evaluation(), precision="int8"), tmp_path)
    shares = region_shares(USED, "int8", tmp_path)
    assert set(shares[Verdict.FRACTURE]) == {BOTH, frozenset({"encoder_decoder"}), UNET}
    painted, hint = (shares[verdict][UNET] for verdict in (Verdict.FRACTURE, Verdict.DOUBTFUL))
    assert (painted.value, painted.true, painted.regions, painted.split) == (0.75, 15, 20, "val")
    assert hint.true == 1
    assert shares[Verdict.NO_FRACTURE] == {}
    assert not any(region_shares(USED, "float32", tmp_path).values()), "another precision"


def test_a_kind_that_never_came_up_has_no_share(tmp_path):
    found = cascade_evaluation()
    none = [RegionCount(["unet"], 0, 0, Estimate(None))]
    write_evaluation(replace(found, agreement=found.agreement | {"fracture": none}), tmp_path)
    assert UNET not in region_shares(USED, "float32", tmp_path)[Verdict.FRACTURE]


def test_each_set_of_three_networks_has_its_share(tmp_path, monkeypatch):
    monkeypatch.setitem(NETWORKS, "third", THIRD)
    write_evaluation(cascade_evaluation(), tmp_path)
    used = replace(USED, mask=USED.mask | {"third": 0.5})
    shares = region_shares(used, "float32", tmp_path)[Verdict.FRACTURE]
    assert len(shares) == 7 and BOTH | {"third"} in shares
    assert not any(region_shares(USED, "float32", tmp_path).values()), "another set of networks"


@pytest.mark.parametrize(
    "moved",
    [{"doubtful": 0.1}, {"fracture": 0.7}, {"mask": {"encoder_decoder": 0.5, "unet": 0.3}}],
)
def test_nothing_is_known_at_other_thresholds(tmp_path, moved):
    write_evaluation(cascade_evaluation(), tmp_path)
    assert not any(region_shares(replace(USED, **moved), "float32", tmp_path).values())


def test_how_often_a_verdict_was_right(tmp_path):
    assert gate_evaluation("float32", tmp_path) is None
    assert tier_words(Verdict.FRACTURE, USED, None) == ""
    measured = replace(GATE_EVALUATION, thresholds=UsedThresholds(0.2, 0.6))
    write_evaluation(measured, tmp_path)
    evaluation = gate_evaluation("float32", tmp_path)
    assert tier_words(Verdict.FRACTURE, USED, evaluation) == (
        "Of 95 validation X-rays with this verdict, 75 were fractured (79%)."
    )
    assert tier_words(Verdict.DOUBTFUL, USED, evaluation) == "", "not counted"
    assert tier_words(Verdict.FRACTURE, replace(USED, fracture=0.5), evaluation) == ""


def test_what_no_fracture_meant_is_its_npv(tmp_path):
    point = GATE_EVALUATION.operating_points["doubtful"]
    npv = {"npv": Estimate(0.97, 0.945, 0.994, 181)}
    measured = replace(
        GATE_EVALUATION,
        thresholds=UsedThresholds(0.2, 0.6),
        tiers={"no_fracture": Tier(181, 5)},
        operating_points={"doubtful": replace(point, metrics=point.metrics | npv)},
    )
    assert tier_words(Verdict.NO_FRACTURE, USED, measured) == (
        "Of 181 validation X-rays with this verdict, 176 had no fracture (NPV 97%, 95% interval "
        "94% to 99%); 5 had one that was missed."
    )
    bare = replace(measured, operating_points={})
    assert "(NPV 97%); 5 had" in tier_words(Verdict.NO_FRACTURE, USED, bare)
