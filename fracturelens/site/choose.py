"""Chooses calibration and thresholds of the gate on half of a site's X-rays."""

from dataclasses import dataclass

import numpy as np

from fracturelens.networks.calibration import calibrated, logit
from fracturelens.networks.inference import Calibration

SENSITIVITY = 0.95
"""Of "doubtful or fracture", which the doubtful threshold aims at."""
SPECIFICITY = 0.95
"""Of "not called fracture", which the fracture threshold aims at."""
SPREADS = 1.644854
"""Standard deviations from the mean within which 95 % of a normal distribution lie, to one side."""
SMALLEST_SPREAD = 0.25
"""Of a class, in logits: INT8 outputs repeat, and the next film's will not."""
ENDS = 1 / 512
"""Outputs are kept this far from 0 and 1: half a step of INT8."""
DECIMALS = 6
STEPS = 100
"""Of Newton's method at most; it takes about ten."""


@dataclass(frozen=True)
class Needed:
    """How many cases a calibration takes; one patient's X-rays, and copies, count as one.

    With ten in each half, one missed fracture is already a tenth.

    Attributes:
        fractured: with a fracture.
        normal: without one.
    """

    fractured: int = 20
    normal: int = 20


@dataclass(frozen=True)
class Chosen:
    """What was chosen, rounded to `DECIMALS` places.

    Attributes:
        calibration: of the gate.
        doubtful: threshold on the calibrated probability.
        fracture: likewise, not below the other.
    """

    calibration: Calibration
    doubtful: float
    fracture: float


class CannotCalibrateError(RuntimeError):
    """These cases cannot choose a calibration; the text says what is lacking."""


def require_enough(fractured: np.ndarray, groups: np.ndarray, needed: Needed = Needed()) -> None:
    """Raises CannotCalibrateError where there are too few cases.

    Args:
        fractured: labels, bool (N,).
        groups: int (N,), X-rays that stay together.
        needed: independent cases of each kind.
    """
    ill, well = (len(np.unique(groups[chosen])) for chosen in (fractured, ~fractured))
    if ill < needed.fractured or well < needed.normal:
        raise CannotCalibrateError(
            f"Too few X-rays to calibrate: {needed.fractured} fractured and {needed.normal} normal "
            "ones are needed that can be read (X-rays of one patient, and copies, count as one); "
            f"received {ill} and {well}. Add X-rays, or leave out --calibrate."
        )


def choosing_half(fractured: np.ndarray, groups: np.ndarray, seed: int) -> np.ndarray:
    """The cases that choose, bool (N,); the others are there to measure with.

    Groups with and without a fracture are shuffled and dealt out each by themselves, whole, always
    to the half that has fewer X-rays of that kind.

    Args:
        fractured: labels, bool (N,).
        groups: int (N,), 0 to G - 1.
        seed: of the shuffle.
    """
    generator = np.random.default_rng(seed)
    sizes = np.bincount(groups)
    ill = np.zeros(len(sizes), bool)
    ill[groups[fractured]] = True
    chooses = np.zeros(len(sizes), bool)
    for kind in (ill, ~ill):
        dealt = [0, 0]
        for group in generator.permutation(np.flatnonzero(kind)):
            chooses[group] = dealt[0] <= dealt[1]
            dealt[int(not chooses[group])] += sizes[group]
    return chooses[groups]


def choose(raw: np.ndarray, fractured: np.ndarray) -> Chosen:
    """Calibration and thresholds for the outputs of a gate.

    The lowest fracture of a small half says little: of 12 fractures every thirteenth that follows
    lies below. So both thresholds come from the mean and the spread of the log odds of each
    class, as if they were normal: 95 % of the fractures to come are expected above the doubtful
    one, 95 % of the others below that of a fracture. Where the classes lie so far apart that the
    two cross, they are swapped, which keeps both promises and leaves the gap between them in
    doubt.

    Args:
        raw: float (N,) in [0, 1], not calibrated.
        fractured: labels, bool (N,), both kinds among them.

    Raises:
        CannotCalibrateError: fractures do not score higher than the others.
    """
    fitted = fit_platt(raw, fractured)
    if fitted.slope <= 0:
        raise CannotCalibrateError(
            "On these X-rays fractures do not score higher than normal ones, so there is nothing "
            "to calibrate. Check whether the labels are swapped, and look at the worst cases."
        )
    odds = logit(np.clip(raw, ENDS, 1 - ENDS))
    ill, well = odds[fractured], odds[~fractured]
    ends = [ill.mean() - _reach(ill), well.mean() + _reach(well)]
    low, high = calibrated(1 / (1 + np.exp(-np.sort(ends))), fitted).round(DECIMALS)
    return Chosen(fitted, float(low), float(high))


def fit_platt(raw: np.ndarray, fractured: np.ndarray) -> Calibration:
    """Platt scaling with his targets, which keep the slope finite where the classes are apart.

    Platt 1999: the target is (n + 1) / (n + 2) for the n fractures and 1 / (m + 2) for the m
    others, not 1 and 0. Newton's method with steps halved until they help, as Lin, Lin and Weng
    2007 advise.

    Args:
        raw: float (N,) in [0, 1].
        fractured: bool (N,).

    Returns:
        Slope and intercept, rounded to `DECIMALS` places.
    """
    ill = int(fractured.sum())
    target = np.where(fractured, (ill + 1) / (ill + 2), 1 / (len(raw) - ill + 2))
    odds = logit(np.clip(raw, ENDS, 1 - ENDS))
    design = np.stack([odds, np.ones(len(odds))], axis=1)
    fitted = np.zeros(2)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-design @ fitted))
        gradient = design.T @ (chance - target)
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        while _loss(design, fitted - step, target) > _loss(design, fitted, target) + 1e-12:
            step = step / 2
        fitted = fitted - step
        if np.abs(step).max() < 1e-9:
            break
    return Calibration(*(round(float(number), DECIMALS) for number in fitted))


def _loss(design: np.ndarray, fitted: np.ndarray, target: np.ndarray) -> float:
    """Cross-entropy of soft targets."""
    odds = design @ fitted
    return float((np.logaddexp(0, odds) - target * odds).sum())


def _reach(values: np.ndarray) -> float:
    """How far from their mean 95 % of the values to come lie, to one side.

    Student's limit for one further value, since mean and spread are themselves estimates; his
    quantile by its expansion around the normal one (Abramowitz and Stegun 26.7.5, first term).
    """
    count = len(values)
    student = SPREADS + (SPREADS**3 + SPREADS) / (4 * (count - 1))
    return student * (1 + 1 / count) ** 0.5 * max(SMALLEST_SPREAD, float(values.std(ddof=1)))
