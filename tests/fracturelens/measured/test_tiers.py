"""The shares of the three verdicts at other thresholds are counted from each picture's result."""

from fracturelens.measured.layout import Part, UsedThresholds
from fracturelens.measured.tiers import SENSITIVITIES, tier_choices
from fracturelens.measured.words import VERDICTS
from fracturelens.results import Verdict
from tests.helpers.evaluations import evaluation

PICTURES = {
    "probability": [0.05, 0.1, 0.2, 0.6, 0.15, 0.3, 0.7, 0.9],
    "fractured": [False] * 4 + [True] * 4,
}
GATE = evaluation(
    "gate",
    part=Part({}, pictures=PICTURES),
    thresholds=UsedThresholds(doubtful=0.2, fracture=0.5),
)


def test_shares_by_hand():
    rows = tier_choices(GATE)
    assert [row["Fractures in the upper two, at least"] for row in rows] == [
        f"{wanted:.1%}" for wanted in SENSITIVITIES
    ]
    # All four fractures have to stay, so the lowest of them, 0.15, decides.
    assert rows[2] == {
        "Fractures in the upper two, at least": "90.0%",
        "Doubtful from": "0.150",
        VERDICTS[Verdict.NO_FRACTURE]: "25.0%",
        VERDICTS[Verdict.DOUBTFUL]: "37.5%",
        VERDICTS[Verdict.FRACTURE]: "37.5%",
        "Of the lowest truly without one (NPV)": "100.0%",
    }


def test_a_doubtful_threshold_never_lies_above_that_of_a_fracture():
    easy = {"probability": [0.1, 0.2, 0.8, 0.9], "fractured": [False, False, True, True]}
    gate = evaluation("gate", part=Part({}, pictures=easy), thresholds=UsedThresholds(fracture=0.5))
    assert {row[VERDICTS[Verdict.DOUBTFUL]] for row in tier_choices(gate)} == {"0.0%"}
