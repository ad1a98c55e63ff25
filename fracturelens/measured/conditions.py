"""Under which conditions an evaluation was made: the head of its file."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Data:
    """What was measured: counts of pictures.

    Attributes:
        images: that were measured.
        fractured: of them.
        lesions: annotated in them.
        groups: of consecutive pictures, which mostly show one patient.
        excluded: by the data audit, by reason.
        absent: of the split that are not on disk.
    """

    images: int
    fractured: int
    lesions: int = 0
    groups: int = 0
    excluded: dict[str, int] = field(default_factory=dict)
    absent: int = 0


@dataclass(frozen=True)
class BootstrapRecord:
    """How intervals were drawn; `groups` says in words what a group is."""

    draws: int
    seed: int
    level: float
    groups: str


@dataclass(frozen=True)
class ModeCost:
    """Median milliseconds of a picture as usual and in another mode, on so many pictures."""

    images: int
    usual_ms: float
    mode_ms: float


@dataclass(frozen=True)
class UsedThresholds:
    """The thresholds that were used; a file of one network holds only its own."""

    doubtful: float | None = None
    fracture: float | None = None
    mask: dict[str, float] = field(default_factory=dict)
    min_lesion_share: float | None = None
