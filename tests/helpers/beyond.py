"""What was measured on drawn films beyond FracAtlas."""

import numpy as np

from fracturelens.measured.beyond import Beyond
from fracturelens.measured.bootstrap import Bootstrap
from fracturelens.networks.inference import Calibration
from fracturelens.screening.outcome import Outcome
from fracturelens.site.choose import Chosen
from training.evaluate.external import count_kinds, travel

OUTCOMES = [Outcome.ACCEPT, Outcome.ACCEPT, Outcome.CAUTION, Outcome.REFUSE]


def row(source, group, kind=""):
    return {"source": source, "group": group, "kind": kind}


def drawn_beyond(refused=OUTCOMES, shift=0.0, **changes) -> Beyond:
    """Four films each of three kinds, and 60 legs whose log odds are `shift` too high."""
    generator = np.random.default_rng(4)
    truth = np.arange(60) < 20
    odds = generator.normal(shift, 1, 60) + np.where(truth, 4, -1)
    shipped = Chosen(Calibration(), 0.3, 0.7)
    legs = travel(1 / (1 + np.exp(-odds)), truth, np.arange(60), shipped, Bootstrap(draws=50))
    kinds = [row("legs", "limb"), row("cases", "girdle"), row("chest", "other", "chest")]
    outcomes = [(one, outcome) for one in kinds for outcome in refused]
    start = {"source": "Drawn.", "precision": "int8", "models": {"gate": "a" * 64}}
    return Beyond(**start | {"kinds": count_kinds(outcomes), "legs": legs} | changes)
