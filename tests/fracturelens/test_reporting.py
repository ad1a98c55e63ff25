"""What is told besides the answer: measured shares only where they hold, hashes and date."""

from dataclasses import replace

import numpy as np

from fracturelens.measured.layout import Tier, write_evaluation
from fracturelens.reporting import reporter_of
from fracturelens.results import Examination
from fracturelens.screening.words import Refusal
from prediction import judge_scores, score_xray
from tests.helpers.app_helpers import fake_engine
from tests.helpers.evaluations import GATE_EVALUATION

PIXELS = np.full((96, 96), 230, np.uint8)


def examined(engine, thresholds=None, refusal=None):
    scores = score_xray(PIXELS, engine)
    prediction = judge_scores(scores, thresholds or engine.thresholds)
    return Examination(scores=scores, prediction=prediction, refusal=refusal)


def test_what_was_measured_is_told_at_the_measured_thresholds_alone(tmp_path):
    engine = fake_engine()
    own = engine.thresholds
    used = replace(GATE_EVALUATION.thresholds, doubtful=own.doubtful, fracture=own.fracture)
    tiers = {"fracture": Tier(20, 15)}
    write_evaluation(
        replace(GATE_EVALUATION, precision="int8", thresholds=used, tiers=tiers), tmp_path
    )
    reporter = reporter_of(engine, tmp_path)
    told = reporter.report("a.png", "00", examined(engine), lambda: PIXELS)
    assert "20" in told.counted and "15" in told.counted and not told.custom
    assert told.read() is PIXELS and told.digest == "00"
    moved = replace(own, fracture=own.fracture + 0.01)
    told = reporter.report("a.png", "00", examined(engine, moved))
    assert told.counted == "" and told.custom
    here = replace(own, site="St Mary")
    assert reporter.report("a.png", "00", examined(engine, here)).counted == ""
    refused = Refusal("photo", "This looks like a photograph.")
    assert reporter.report("a.png", "00", examined(engine, refusal=refused)).counted == ""


def test_one_run_has_one_date(tmp_path):
    reporter = reporter_of(fake_engine(), tmp_path)
    unreadable = Examination(error="it is text.")
    first, second = (reporter.report(name, "", unreadable) for name in ("a", "b"))
    assert first.made is second.made and first.made.precision == "int8"
