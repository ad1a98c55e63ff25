"""From a file to its examination: unreadable, refused or judged, by an engine that carries all."""

from dataclasses import replace
from shutil import copytree

import numpy as np
import pytest

from fracturelens.export.png import notice_png
from fracturelens.measured.layout import write_evaluation
from fracturelens.measured.shares import RegionShare
from fracturelens.results import Verdict
from fracturelens.xray.read import decode_xray
from important_variables import GATE, NETWORKS, SAVED_MODELS, segmenters
from prediction import (
    examine_xray,
    judge_scores,
    load_engine,
    make_engine,
    shares_for,
    thresholds_of,
)
from tests.helpers import bad_inputs
from tests.helpers.app_helpers import fake_load_model, fake_screening, write_cards, xray_png
from tests.helpers.evaluations import cascade_evaluation
from tests.helpers.fixed_networks import THRESHOLDS, calls, engine_of, fixed, spots

XRAY = xray_png(130)
PHOTO = notice_png(np.full((96, 96, 3), (200, 40, 40), np.uint8))
TEXT = b"just text"


def test_an_unreadable_file_says_why_and_raises_nothing():
    engine = engine_of(0.9)
    for make, words in bad_inputs.REFUSED.values():
        found = examine_xray(make(), engine)
        assert words in found.error
        assert found.radiograph is found.scores is found.prediction is found.refusal is None
    assert set(calls(engine).values()) == {0}


def test_a_refused_picture_runs_no_network():
    engine = engine_of(0.9)
    found = examine_xray(PHOTO, engine)
    assert found.refusal.kind == "color" and found.error == ""
    assert found.radiograph is not None
    assert found.scores is found.prediction is None
    assert set(calls(engine).values()) == {0}


def test_a_refused_picture_is_judged_on_request_and_says_why_it_would_not_be():
    found = examine_xray(PHOTO, engine_of(0.9), accept_any=True)
    assert found.refusal.kind == "color"
    assert found.prediction.verdict is Verdict.FRACTURE


def test_an_xray_is_judged_at_the_engines_thresholds():
    engine = engine_of(0.5)
    found = examine_xray(XRAY, engine)
    assert (found.error, found.refusal) == ("", None)
    assert found.radiograph.pixels.shape == (found.scores.height, found.scores.width)
    assert found.prediction.verdict is Verdict.DOUBTFUL
    assert found.prediction.thresholds == THRESHOLDS
    strict = examine_xray(XRAY, replace(engine, thresholds=replace(THRESHOLDS, fracture=0.5)))
    assert strict.prediction.verdict is Verdict.FRACTURE


def test_a_caller_may_remember_what_it_read():
    asked = []

    def remember(data):
        asked.append(data)
        return decode_xray(data)

    assert examine_xray(XRAY, engine_of(0.9), decode=remember).prediction
    assert asked == [XRAY]


def test_the_engine_screens_by_its_own_network():
    refused = examine_xray(XRAY, engine_of(0.9, screening=fake_screening("chest"))).refusal
    assert refused.kind == "chest" and "chest X-ray" in refused.seen
    assert examine_xray(XRAY, engine_of(0.9, screening=fake_screening("limb"))).refusal is None
    assert examine_xray(XRAY, engine_of(0.9, screening=None)).refusal is None


def test_an_engine_carries_all_that_decides_from_its_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("prediction.load_model", fake_load_model)
    write_cards(tmp_path, doubtful=0.25, fracture=0.65)
    used = cascade_evaluation(precision="int8")
    used = replace(used, thresholds=replace(used.thresholds, doubtful=0.25, fracture=0.65))
    write_evaluation(used, tmp_path)
    copytree(SAVED_MODELS / "screening", tmp_path / "screening")
    engine = load_engine("int8", tmp_path)
    assert set(engine.networks) == set(NETWORKS) and engine.precision == "int8"
    assert (engine.thresholds.doubtful, engine.thresholds.fracture) == (0.25, 0.65)
    assert engine.thresholds.mask == dict.fromkeys(segmenters(), 0.5)
    assert engine.screening.name == "screening" and "limb" in engine.screening.inference.classes
    assert engine.shares[Verdict.FRACTURE][frozenset({"unet"})].true == 15
    assert engine.shares[Verdict.DOUBTFUL][frozenset({"unet"})].true == 1


def test_without_screening_and_evaluations_the_simple_checks_are_left(tmp_path):
    networks = engine_of(0.9).networks
    engine = make_engine(networks, "float32", tmp_path, None)
    assert engine.screening is None
    assert not any(engine.shares.values())
    assert examine_xray(XRAY, engine).prediction


def test_thresholds_come_from_the_cards(tmp_path):
    cards = {
        GATE: {"doubtful": 0.1, "fracture": 0.6},
        "unet": {"mask": 0.3, "min_lesion_share": 0.002},
        "encoder_decoder": {"mask": 0.4, "min_lesion_share": 0.001},
    }
    cards = {name: card_with(name, float32=chosen) for name, chosen in cards.items()}
    thresholds = thresholds_of(cards, "float32")
    assert (thresholds.doubtful, thresholds.fracture) == (0.1, 0.6)
    assert thresholds.mask == {"unet": 0.3, "encoder_decoder": 0.4}
    assert thresholds.min_lesion_share == 0.002, "the largest counts for all"
    assert thresholds_of(cards, "int8") == thresholds


def test_without_a_gate_card_its_thresholds_are_one_half():
    thresholds = thresholds_of({"unet": card_with("unet", float32={"mask": 0.3})}, "float32")
    assert (thresholds.doubtful, thresholds.fracture) == (0.5, 0.5)
    assert (thresholds.mask, thresholds.min_lesion_share) == ({"unet": 0.3}, 0.0)


def test_int8_is_judged_at_thresholds_of_its_own():
    cards = {
        GATE: card_with(
            GATE,
            float32={"doubtful": 0.1, "fracture": 0.6},
            int8={"doubtful": 0.2, "fracture": 0.7},
        )
    }
    exact, rounded = thresholds_of(cards, "float32"), thresholds_of(cards, "int8")
    assert (exact.doubtful, exact.fracture) == (0.1, 0.6)
    assert (rounded.doubtful, rounded.fracture) == (0.2, 0.7)


def card_with(name, **thresholds):
    return fixed(name, [0.5], thresholds=thresholds).card


SHARES = {frozenset(group): RegionShare(0.75, 0.6, 0.9, 15, 20, "val") for group in (
    ("encoder_decoder",), ("unet",), ("encoder_decoder", "unet"))}  # fmt: skip


@pytest.fixture
def measured():
    """An engine of which was measured how often its painted findings are right."""
    return engine_of(0.9, shares={Verdict.FRACTURE: SHARES, Verdict.DOUBTFUL: {}})


def test_shares_are_those_of_the_verdict(measured):
    found = examine_xray(XRAY, measured)
    assert shares_for(found, measured) == SHARES
    doubtful = replace(measured, networks=engine_of(0.5).networks)
    assert shares_for(examine_xray(XRAY, doubtful), doubtful) == {}
    stopped = replace(measured, networks=engine_of(0.1).networks)
    assert shares_for(examine_xray(XRAY, stopped, always_segment=True), stopped) == {}


def test_nothing_is_known_of_what_got_no_verdict(measured):
    assert shares_for(examine_xray(TEXT, measured), measured) == {}
    assert shares_for(examine_xray(PHOTO, measured), measured) == {}


def test_nothing_is_known_of_pictures_that_were_refused(measured):
    found = examine_xray(PHOTO, measured, accept_any=True)
    assert found.prediction and shares_for(found, measured) == {}
    assert shares_for(replace(found, refusal=None), measured) == SHARES


@pytest.mark.parametrize(
    "moved",
    [
        {"fracture": 0.71},
        {"doubtful": 0.21},
        {"mask": {"unet": 0.5, "encoder_decoder": 0.55}},
        {"min_lesion_share": 0.001},
    ],
)
def test_nothing_is_known_of_other_thresholds(measured, moved):
    found = examine_xray(XRAY, measured)
    prediction = judge_scores(found.scores, replace(THRESHOLDS, **moved))
    assert shares_for(replace(found, prediction=prediction), measured) == {}


def test_nothing_is_known_where_a_network_did_not_run(measured):
    alone = engine_of(0.9, {"unet": spots((40, 100, 20, 10))}, shares=measured.shares)
    assert shares_for(examine_xray(XRAY, alone), alone) == {}
