"""What is known of verdicts and regions, and when nothing is."""

from dataclasses import replace

import pytest

from fracturelens.measured.shares import gate_evaluation, region_shares, tier_words
from fracturelens.results import Verdict
from important_variables import Thresholds
from tests.helpers.app_helpers import GATE_EVALUATION, agreement_section, write_evaluation

POINTS = Thresholds(0.2, 0.6, {"encoder_decoder": 0.5, "unet": 0.4})
MEASURED = {"doubtful": 0.2, "fracture": 0.6, "mask": dict(POINTS.mask)}
CASCADE = {
    "thresholds": MEASURED,
    "agreement": agreement_section(15, 20),
    "agreement_doubtful": agreement_section(1, 20),
}


def test_painted_regions_and_hints_have_their_own_shares(tmp_path):
    write_evaluation(tmp_path, "cascade", "val_int8", CASCADE)
    shares = region_shares(POINTS, "int8", tmp_path)
    assert set(shares[Verdict.FRACTURE]) == {
        "Both networks",
        "Encoder-decoder only",
        "U-Net only",
    }
    painted, hint = (shares[v]["U-Net only"] for v in (Verdict.FRACTURE, Verdict.DOUBTFUL))
    assert (painted.value, painted.true, painted.regions, painted.split) == (0.75, 15, 20, "val")
    assert hint.true == 1
    assert shares[Verdict.NONE_SEEN] == {}
    assert not any(region_shares(POINTS, "float32", tmp_path).values()), "another precision"


def test_a_kind_that_never_came_up_has_no_share(tmp_path):
    none = {"regions": 0, "true": 0, "precision": {"value": None, "low": None, "high": None}}
    content = CASCADE | {"agreement": CASCADE["agreement"] | {"lone_unet": none}}
    write_evaluation(tmp_path, "cascade", "val", content)
    assert "U-Net only" not in region_shares(POINTS, "float32", tmp_path)[Verdict.FRACTURE]


@pytest.mark.parametrize(
    "moved",
    [{"doubtful": 0.1}, {"fracture": 0.7}, {"mask": {"encoder_decoder": 0.5, "unet": 0.3}}],
)
def test_nothing_is_known_at_other_points(tmp_path, moved):
    write_evaluation(tmp_path, "cascade", "val", CASCADE)
    assert not any(region_shares(replace(POINTS, **moved), "float32", tmp_path).values())


def test_how_often_a_verdict_was_right(tmp_path):
    assert gate_evaluation("float32", tmp_path) is None
    assert tier_words(Verdict.FRACTURE, POINTS, None) == ""
    write_evaluation(tmp_path, "gate", "val", GATE_EVALUATION | {"thresholds": MEASURED})
    evaluation = gate_evaluation("float32", tmp_path)
    assert tier_words(Verdict.FRACTURE, POINTS, evaluation) == (
        "Of 95 validation X-rays with this verdict, 75 were fractured."
    )
    assert tier_words(Verdict.DOUBTFUL, POINTS, evaluation) == "", "not counted"
    assert tier_words(Verdict.FRACTURE, replace(POINTS, fracture=0.5), evaluation) == ""
