"""Groups of consecutive pictures of FracAtlas, over which bootstrap intervals are drawn."""

import numpy as np

from training.data.dataset import Xray

BODY_PARTS = ("hand", "leg", "hip", "shoulder", "mixed")
LONGEST_GROUP = 6
GROUP_RULE = (
    "a run of usable pictures with consecutive ids, the same body part and the same fracture "
    f"state, cut after {LONGEST_GROUP} pictures (FracAtlas has no patient ids; such runs are "
    "mostly views of one patient)"
)


def patient_groups(xrays: list[Xray]) -> np.ndarray:
    """Group number of each picture by `GROUP_RULE`, int (N,), from 0 upwards.

    The pictures must be in order of their ids.
    """
    groups = np.zeros(len(xrays), int)
    length = 1
    for index in range(1, len(xrays)):
        same = _belong_together(xrays[index - 1], xrays[index]) and length < LONGEST_GROUP
        length = length + 1 if same else 1
        groups[index] = groups[index - 1] + (not same)
    return groups


def _belong_together(first: Xray, second: Xray) -> bool:
    """True for neighbors in number, body part and fracture state."""
    return (
        _number(second) - _number(first) == 1
        and first.fractured == second.fractured
        and all(first.attributes.get(k) == second.attributes.get(k) for k in BODY_PARTS)
    )


def _number(xray: Xray) -> int:
    return int("".join(filter(str.isdigit, xray.image_id)))
