"""Puts the worst cases of an evaluation into words.

A worst case is not a miss: it is one of the lowest-scored fractures, or of the highest-scored
X-rays without one, whatever the verdict was.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from fracturelens.measured.layout import WorstCase
from fracturelens.measured.words import VERDICTS
from fracturelens.results import Verdict
from important_variables import NETWORKS

KINDS = ("false_negatives", "false_positives")
"""Fields of `Worst`."""
GATE_TITLES = dict(
    zip(KINDS, ("Lowest-scored fractures", "Highest-scored X-rays without a fracture"), strict=True)
)
SEGMENTER_TITLES = dict(
    zip(
        KINDS,
        ("Fractures outlined worst", "Highest-scored false findings on X-rays without a fracture"),
        strict=True,
    )
)
RISING = (Verdict.NO_FRACTURE, Verdict.DOUBTFUL, Verdict.FRACTURE)


def titles_of(name: str) -> Mapping[str, str]:
    """Titles of both kinds of worst cases of a network."""
    return GATE_TITLES if NETWORKS[name].role == "gate" else SEGMENTER_TITLES


def count_words(cases: Sequence[WorstCase]) -> str:
    """How many cases there are, and what became of them, in one sentence."""
    verdicts = Counter(case.verdict for case in cases)
    parts = [f"{_called(verdict)} {verdicts[verdict]}" for verdict in RISING if verdicts[verdict]]
    if found := [case.found for case in cases if case.found is not None]:
        blank = found.count(0)
        parts += [f"no lesion found on {blank}", f"some found on {len(found) - blank}"]
    if painted := [case.regions for case in cases if case.regions is not None]:
        parts.append(f"{sum(painted)} false regions painted")
    return f"{len(cases)} X-rays: {', '.join(parts)}." if parts else f"{len(cases)} X-rays."


def case_words(case: WorstCase) -> str:
    """What happened on one X-ray, for people."""
    parts = []
    if case.probability is not None:
        parts.append(f"probability {case.probability:.1%}")
    if case.verdict is not None:
        parts.append(_called(Verdict(case.verdict)))
    if case.lesions is not None:
        parts.append(_found_words(case))
    if case.regions is not None:
        many = "region" if case.regions == 1 else "regions"
        parts.append(f"{case.regions} false {many}, {case.painted_share:.1%} of the X-ray")
    return ", ".join(parts)


def _called(verdict: Verdict) -> str:
    return f"called “{VERDICTS[verdict].lower()}”"


def _found_words(case: WorstCase) -> str:
    """As "1 of 2 lesions found, Dice 0.31", or that none was."""
    what = "the lesion" if case.lesions == 1 else f"the {case.lesions} lesions"
    if not case.found:
        missed = "was not found" if case.lesions == 1 else "were not found"
        return f"{what} {missed}, Dice {case.dice:.2f}"
    return f"{case.found} of {case.lesions} lesions found, Dice {case.dice:.2f}"
