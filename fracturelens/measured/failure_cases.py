"""Puts the worst cases of an evaluation into words; no Streamlit.

A worst case is not a miss: it is one of the lowest-scored fractures, or of the highest-scored
X-rays without one, whatever the verdict was.
"""

from collections import Counter
from collections.abc import Mapping

from important_variables import GATE

KINDS = ("false_negatives", "false_positives")
GATE_TITLES = dict(
    zip(KINDS, ("Lowest-scored fractures", "Highest-scored X-rays without fracture"), strict=True)
)
SEGMENTER_TITLES = dict(
    zip(
        KINDS,
        ("Fractures outlined worst", "Highest-scored paint on X-rays without fracture"),
        strict=True,
    )
)
VERDICT_WORDS = {
    "no fracture seen": "called “no fracture seen”",
    "doubtful": "called “doubtful”",
    "fracture": "called “fracture”",
}


def titles_of(name: str) -> Mapping[str, str]:
    """Titles of both kinds of worst cases of a network."""
    return GATE_TITLES if name == GATE else SEGMENTER_TITLES


def count_words(cases: list[Mapping[str, object]]) -> str:
    """How many cases there are, and what became of them, in one sentence."""
    parts = [f"{len(cases)} X-rays"]
    verdicts = Counter(case["verdict"] for case in cases if "verdict" in case)
    parts += [f"{words} {verdicts[key]}" for key, words in VERDICT_WORDS.items() if verdicts[key]]
    if any("lesions" in case for case in cases):
        blank = sum(not case["found"] for case in cases)
        parts += [f"no lesion found on {blank}", f"some found on {len(cases) - blank}"]
    if any("regions" in case for case in cases):
        parts.append(f"{sum(case['regions'] for case in cases)} false regions painted")
    return f"{parts[0]}: {', '.join(parts[1:])}." if parts[1:] else f"{parts[0]}."


def case_words(case: Mapping[str, object]) -> str:
    """What happened on one X-ray, for people."""
    parts = []
    if "probability" in case:
        parts.append(f"probability {case['probability']:.1%}")
    if "verdict" in case:
        parts.append(VERDICT_WORDS.get(case["verdict"], str(case["verdict"])))
    if "lesions" in case:
        parts.append(_found_words(case))
    if "regions" in case:
        many = "region" if case["regions"] == 1 else "regions"
        parts.append(f"{case['regions']} false {many}, {case['painted_share']:.1%} of the X-ray")
    return ", ".join(parts)


def _found_words(case: Mapping[str, object]) -> str:
    """As "1 of 2 lesions found, Dice 0.31", or that none was."""
    lesions = case["lesions"]
    what = "the lesion" if lesions == 1 else f"the {lesions} lesions"
    if not case["found"]:
        missed = "was not found" if lesions == 1 else "were not found"
        return f"{what} {missed}, Dice {case['dice']:.2f}"
    return f"{case['found']} of {lesions} lesions found, Dice {case['dice']:.2f}"
