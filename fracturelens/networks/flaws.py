"""What a card must hold beyond its types, so that nothing that decides an answer is guessed."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from fracturelens.networks.inference import Inference

THRESHOLDS = {
    "sigmoid": ("doubtful", "fracture"),
    "softmax": ("mask",),
    "logits": ("refuse_below", "accept_from"),
}
"""By output: the thresholds of a gate, a segmenter and the screening, none above the next."""


def flaws_of(inference: Inference) -> Iterator[str]:
    """What is wrong with an `inference` block, a phrase for each flaw; none where it is whole."""
    if inference.input.size < 1:
        yield f"`input.size` is {inference.input.size}, not a number of pixels"
    tiling = inference.tiling
    if tiling and not 1 < tiling.enlargement <= tiling.per_side:
        yield f"{tiling.per_side} tiles a side do not cover {tiling.enlargement:g} sides"
    if not inference.classes:
        yield "`classes` is empty"
    if inference.output not in THRESHOLDS:
        yield f"`output` is {inference.output!r}, not one of {', '.join(THRESHOLDS)}"
        return
    if not inference.thresholds:
        yield "`thresholds` is empty"
    for precision, chosen in inference.thresholds.items():
        yield from _threshold_flaws(precision, chosen, THRESHOLDS[inference.output])


def _threshold_flaws(
    precision: str, chosen: Mapping[str, Any], keys: tuple[str, ...]
) -> Iterator[str]:
    """Thresholds are numbers in [0, 1] that do not fall."""
    numbers = {key: chosen.get(key) for key in keys}
    if "min_lesion_share" in chosen:
        numbers["min_lesion_share"] = chosen["min_lesion_share"]
    wrong = [key for key, value in numbers.items() if not _is_share(value)]
    for key in wrong:
        yield f"`{key}` for {precision} is {numbers[key]!r}, not a number from 0 to 1"
    if not wrong and any(chosen[low] > chosen[high] for low, high in pairwise(keys)):
        yield f"`{keys[0]}` for {precision} is above `{keys[1]}`"


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
