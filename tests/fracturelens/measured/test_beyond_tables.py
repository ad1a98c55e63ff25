"""Tables show both versions side by side and say where the figures come from."""

import pytest

from fracturelens.measured.beyond_tables import (
    both_words,
    calibrated_rows,
    legs_rows,
    screening_rows,
    sources_words,
)
from fracturelens.networks.card import ModelCard, write_card
from fracturelens.networks.inference import gate_inference
from fracturelens.screening.outcome import Outcome
from tests.helpers.beyond import drawn_beyond


@pytest.fixture(scope="module")
def now():
    return drawn_beyond()


@pytest.fixture(scope="module")
def before():
    return drawn_beyond([Outcome.REFUSE] * 4, shift=2.0, source="Long ago.")


def test_kinds_of_film_with_both_versions(now, before):
    rows = screening_rows(now, before)
    assert [row["Number"] for row in rows] == ["4"] * 5  # limbs and legs, girdle, others and chest
    assert rows[0]["Films"] == "Limbs, all sources"
    assert rows[0]["Refused before"].startswith("1.000 (") and rows[0]["Refused"] != "1.000"
    assert rows[0]["Refused"].startswith("0.250 (0.0")
    assert rows[0]["Judged with a caution"].startswith("0.250")


def test_an_earlier_version_may_be_missing(now):
    assert "Refused before" not in screening_rows(now, None)[0]
    assert set(legs_rows(now, None)[0]) == {"Figure", "Now"}
    assert set(calibrated_rows(now, None)[0]) == {"Figure", "One half, now", "Many halves, now"}


def test_legs_that_score_too_high_are_called_more_often(now, before):
    rows = {row["Figure"]: row for row in legs_rows(now, before)}
    called = rows["Whole legs called “fracture”"]
    assert float(called["Before"][:5]) > float(called["Now"][:5])


def test_calibration_mends_the_shift(before):
    rows = {row["Figure"]: row for row in calibrated_rows(before, None)}
    assert float(rows["Specificity of “fracture”"]["Many halves, now"][:5]) > 0.9
    assert f"{before.legs.halves.tiers:.0%} of 100 drawn halves" in both_words(before)


def test_sources_and_a_gate_that_changed_since(tmp_path, now, before):
    def card(digest):
        files = {"model_int8.tflite": digest}
        write_card(ModelCard("gate", "Gate", 1, gate_inference(64), files=files), tmp_path)

    assert "changed" in sources_words(now, before, tmp_path)
    card("a" * 64)
    assert sources_words(now, before, tmp_path) == "Now: Drawn. Before: Long ago."
    card("b" * 64)
    assert "gate has changed since" in sources_words(now, None, tmp_path)
