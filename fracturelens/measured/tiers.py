"""What the three verdicts would be worth at other thresholds of the gate."""

import numpy as np

from fracturelens.measured.figures import number
from fracturelens.measured.layout import Evaluation
from fracturelens.measured.words import VERDICTS
from fracturelens.results import Verdict

SENSITIVITIES = (0.85, 0.875, 0.90, 0.925, 0.95, 0.975)
"""Of the doubtful threshold, that are compared."""
Row = dict[str, str]


def tier_choices(evaluation: Evaluation) -> list[Row]:
    """The three verdicts at other doubtful thresholds; the fracture threshold stays.

    Args:
        evaluation: of a gate, on X-rays of both kinds.
    """
    pictures, fracture = evaluation.part.pictures, evaluation.thresholds.fracture
    probability = np.array(pictures["probability"])
    fractured = np.array(pictures["fractured"], bool)
    return [_choice(wanted, probability, fractured, fracture or 0.5) for wanted in SENSITIVITIES]


def _choice(wanted: float, probability: np.ndarray, fractured: np.ndarray, fracture: float) -> Row:
    ill = np.sort(probability[fractured])
    doubtful = min(ill[int(np.floor((1 - wanted) * len(ill) + 1e-9))], fracture)
    cleared = probability < doubtful
    return {
        "Fractures in the upper two, at least": f"{wanted:.1%}",
        "Doubtful from": number(float(doubtful)),
        VERDICTS[Verdict.NO_FRACTURE]: f"{cleared.mean():.1%}",
        VERDICTS[Verdict.DOUBTFUL]: f"{(~cleared & (probability < fracture)).mean():.1%}",
        VERDICTS[Verdict.FRACTURE]: f"{(probability >= fracture).mean():.1%}",
        "Of the lowest truly without one (NPV)": f"{(~fractured[cleared]).mean():.1%}"
        if cleared.any()
        else "-",
    }
