"""The evidence in five plain sentences: misses, false alarms, weak spots, other hospitals, INT8."""

from dataclasses import dataclass
from pathlib import Path

from fracturelens.measured.beyond import NOW, read_beyond
from fracturelens.measured.figures import number
from fracturelens.measured.layout import Estimate, Evaluation, Subgroup
from fracturelens.measured.parity import parity_of
from fracturelens.measured.shares import gate_evaluation
from fracturelens.measured.words import PRECISIONS, SPLITS, VERDICTS, spelled
from fracturelens.networks.card import read_cards
from fracturelens.results import Verdict
from important_variables import GATE

FEWEST = 5
"""Fractured X-rays that a subgroup must have before its figure is worth a sentence."""
GROUPS = {
    ("body_part", "mixed"): "X-rays that show several body parts",
    ("hardware", "present"): "X-rays with screws, plates or wires",
    ("hardware", "absent"): "X-rays without screws, plates or wires",
}
"""Subgroups by what they share; all others by `GROUP_WORDS`."""
GROUP_WORDS = {"body_part": "X-rays of the {}", "view": "{} views"}


@dataclass(frozen=True)
class Fact:
    """A plain sentence or two with the question that it answers."""

    title: str
    text: str


def plain_facts(folder: Path) -> list[Fact]:
    """What everybody should know before trusting a verdict; all figures are read from files.

    Args:
        folder: where the networks lie.
    """
    measured = gate_evaluation("int8", folder) or gate_evaluation("float32", folder)
    return [
        Fact("How many fractures are missed?", _missed(measured)),
        Fact("How many false alarms are there?", _alarms(measured)),
        Fact("Where does it fail most?", _weakest(measured)),
        Fact("What about films of other hospitals?", _elsewhere(folder)),
        Fact("Does INT8 change the answer?", _int8(folder)),
    ]


def measured_line(folder: Path) -> str:
    """On what the first sentences were measured; "" where nothing was."""
    found = gate_evaluation("int8", folder) or gate_evaluation("float32", folder)
    if found is None:
        return ""
    data, trust = found.data, ""
    if found.chosen_here:
        trust = " The thresholds were chosen on the same X-rays, so expect somewhat worse."
    return (
        f"Measured on {data.images:,} {SPLITS[found.split]} X-rays of FracAtlas, "
        f"{data.fractured:,} of them fractured, in {PRECISIONS[found.precision]}.{trust}"
    )


def one_in(part: int, whole: int) -> str:
    """A share as people say it, such as "1 in 21"; "none" where there is none."""
    return f"1 in {max(1, round(whole / part)):,}" if part else "none"


def _missed(found: Evaluation | None) -> str:
    if found is None or not found.tiers:
        return _unknown(f"fracturelens evaluate {GATE} --split val")
    fractured = sum(tier.fractured for tier in found.tiers.values())
    missed, unclear = _fractured(found, Verdict.NO_FRACTURE), _fractured(found, Verdict.DOUBTFUL)
    return (
        f"Of {fractured:,} fractured X-rays, {missed:,} got “{VERDICTS[Verdict.NO_FRACTURE]}” "
        f"({one_in(missed, fractured)}), and {unclear:,} “{VERDICTS[Verdict.DOUBTFUL]}”."
    )


def _alarms(found: Evaluation | None) -> str:
    if found is None or not found.tiers:
        return _unknown(f"fracturelens evaluate {GATE} --split val")
    whole = sum(tier.images - tier.fractured for tier in found.tiers.values())
    false, unclear = _whole(found, Verdict.FRACTURE), _whole(found, Verdict.DOUBTFUL)
    return (
        f"Of {whole:,} X-rays without a fracture, {false:,} were called "
        f"“{VERDICTS[Verdict.FRACTURE]}” ({one_in(false, whole)}), and {unclear:,} "
        f"“{VERDICTS[Verdict.DOUBTFUL]}” ({one_in(unclear, whole)})."
    )


def _weakest(found: Evaluation | None) -> str:
    groups = [] if found is None else list(filter(_telling, found.part.subgroups))
    if found is None or not groups:
        return _unknown(f"fracturelens evaluate {GATE} --split val")
    worst = min(groups, key=_auroc)
    everywhere = number(found.part.metrics.get("auroc"), 2)
    return (
        f"On {group_words(worst)}: the area under the ROC curve is {_auroc(worst):.2f} there, "
        f"against {everywhere} on all X-rays (1 is perfect, 0.5 is a coin toss). "
        f"It rests on {worst.n:,} X-rays, {worst.fractured:,} of them fractured."
    )


def group_words(group: Subgroup) -> str:
    """A subgroup in plain words, such as "oblique views"."""
    words = GROUP_WORDS.get(group.by, spelled(group.by) + ": {}").format(spelled(group.value))
    return GROUPS.get((group.by, group.value), words)


def _elsewhere(folder: Path) -> str:
    """What screening lets in of limbs from elsewhere, and how the gate does on one hospital's."""
    measured = (read_beyond(NOW, precision, folder) for precision in ("int8", "float32"))
    found = next(filter(None, measured), None)
    if found is None or "limb" not in found.kinds:
        return _unknown("fracturelens evaluate-external DIR")
    limbs, legs = found.kinds["limb"], found.legs
    return (
        f"Expect more errors. Of {limbs.pictures:,} limb films from elsewhere, "
        f"{_percent(limbs.refused)} were refused. On one other hospital's legs, "
        f"{_percent(legs.broken[Verdict.NO_FRACTURE])} of the fractured got "
        f"“{VERDICTS[Verdict.NO_FRACTURE]}”, and {_percent(legs.whole[Verdict.FRACTURE])} of the "
        f"others “{VERDICTS[Verdict.FRACTURE]}”."
    )


def _percent(figure: Estimate) -> str:
    return "an unknown share" if figure.value is None else f"{figure.value:.0%}"


def _int8(folder: Path) -> str:
    cards = read_cards([GATE], folder)
    parity = parity_of(cards[0]) if cards else {}
    if "verdict_flips" not in parity:
        return _unknown(f"fracturelens quantize {GATE}")
    return (
        f"{parity['verdict_flips']:,} of {parity['images']:,} verdicts differ from "
        f"float32 ({one_in(parity['verdict_flips'], parity['images'])}). The area under the ROC "
        f"curve is {number(parity['auroc_int8'])}, in float32 {number(parity['auroc_float32'])}."
    )


def _unknown(command: str) -> str:
    return f"Not measured yet. Run `{command}`."


def _fractured(found: Evaluation, verdict: Verdict) -> int:
    return found.tiers[verdict].fractured if verdict in found.tiers else 0


def _whole(found: Evaluation, verdict: Verdict) -> int:
    tier = found.tiers.get(verdict)
    return tier.images - tier.fractured if tier else 0


def _telling(group: Subgroup) -> bool:
    """Whether there are enough X-rays of both kinds, and an area under the curve."""
    whole = group.n - group.fractured
    return min(group.fractured, whole) >= FEWEST and _auroc(group) > 0


def _auroc(group: Subgroup) -> float:
    figure = group.metrics.get("auroc")
    return figure.value if figure and figure.value is not None else 0.0
