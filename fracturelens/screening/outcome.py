"""What screening makes of a picture: keys and numbers, no words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What becomes of a picture; the values are keys of every file we write."""

    ACCEPT = "accept"
    CAUTION = "caution"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Screening:
    """What screening says of one picture.

    Attributes:
        outcome: accept it, judge it with a caution, or refuse it.
        kind: what it looks like. Of an exact check: "header", "color", "blank", "noise", "shades"
            or "lines". Of the network: one of its classes, or "unlike" where no class stands out.
            "" where no network was asked.
        probability: that it is a film of a limb, hip or shoulder, in [0, 1]; None where no network
            was asked.
        probabilities: of each class, their sum 1; {} where no network was asked.
        detail: what an exact check saw, for its sentence.
    """

    outcome: Outcome
    kind: str = ""
    probability: float | None = None
    probabilities: Mapping[str, float] = field(default_factory=dict)
    detail: str = ""
