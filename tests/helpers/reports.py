"""Reports of drawn X-rays, as the stand-in networks judge them."""

from datetime import UTC, datetime

import numpy as np

from fracturelens.export.provenance import Provenance, provenance_of
from fracturelens.export.records import Report
from fracturelens.results import Examination
from prediction import judge_scores, score_xray
from tests.helpers.app_helpers import fake_engine

MOMENT = datetime(2026, 11, 26, 4, 20, 16, tzinfo=UTC)


def made(moment: datetime = MOMENT) -> Provenance:
    """What made the reports."""
    engine = fake_engine()
    return provenance_of(engine.networks, engine.precision, moment=moment)


def report(name: str = "wrist.png", gray: int = 230, **changes) -> Report:
    """The report of a gray X-ray of 120 x 90 pixels: 230 is judged a fracture, 130 doubtful.

    `changes` are fields of the report, or of its examination.
    """
    pixels = np.full((120, 90), gray, np.uint8)
    engine = fake_engine()
    scores = score_xray(pixels, engine)
    prediction = judge_scores(scores, engine.thresholds)
    inner = {key: changes.pop(key) for key in ("cautions", "refusal") if key in changes}
    found = Examination(scores=scores, prediction=prediction, **inner)
    fields = {"digest": "ab" * 32, "made": made(), "read": lambda: pixels} | changes
    return Report(name, found, **fields)
