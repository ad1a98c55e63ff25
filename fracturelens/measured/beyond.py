"""What was measured beyond FracAtlas: films of other hospitals, which are never shipped.

saved_model/beyond/now_<precision>.json is written by `fracturelens evaluate-external`;
before_<precision>.json holds the same figures of an earlier version, for comparison.
"""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from fracturelens.measured.layout import Estimate, rounded
from fracturelens.measured.site import SiteFigures
from important_variables import DISCLAIMER

LAYOUT = 1
FOLDER = "beyond"
"""In the folder of the networks."""
NOW, BEFORE = "now", "before"


@dataclass(frozen=True)
class Screened:
    """What screening made of one kind of film; shares with Wilson's intervals."""

    pictures: int
    refused: Estimate
    cautioned: Estimate


@dataclass(frozen=True)
class Spread:
    """A rate over many drawn halves: its mean, and between which values nine of ten lie."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Halves:
    """What calibrating on one half gives on the other, over many drawn halves.

    Attributes:
        count: of halves that were drawn.
        rates: by "sensitivity_doubtful", "specificity_doubtful", "sensitivity_fracture",
            "specificity_fracture" and "doubtful_share", the share of films in doubt.
        tiers: share of halves with a sensitivity of "doubtful or more" and a specificity of
            "fracture" of at least 0.95.
        one: share of halves with both of at least 0.95 at one of the two thresholds.
    """

    count: int
    rates: dict[str, Spread]
    tiers: float
    one: float


@dataclass(frozen=True)
class Travel:
    """How the gate does on films of one other hospital, refusals overridden.

    Attributes:
        figures: of all films, at the thresholds that were chosen on FracAtlas.
        whole: share of the films without a fracture that got each verdict.
        broken: share of the fractured films that got each verdict.
        calibrated: of the other half, after calibration on one half (the command's own seed).
        halves: the same over many drawn halves.
    """

    figures: SiteFigures
    whole: dict[str, Estimate]
    broken: dict[str, Estimate]
    calibrated: SiteFigures
    halves: Halves


@dataclass(frozen=True)
class Beyond:
    """One file.

    Attributes:
        source: which version was measured, and how.
        precision: "float32" or "int8".
        models: SHA-256 of the gate's and the screening's file; {} where not known.
        kinds: by kind of film: "limb" (of which "legs", "cases", "wrists"), "girdle", "other" (of
            which "chest").
        legs: the gate on the one hospital of which there are films with and without a fracture.
        notice: the disclaimer.
        layout: version.
    """

    source: str
    precision: str
    kinds: dict[str, Screened]
    legs: Travel
    models: dict[str, str] = field(default_factory=dict)
    notice: str = DISCLAIMER
    layout: int = LAYOUT


def beyond_path(version: str, precision: str, folder: Path) -> Path:
    """Where the file lies; `version` is "now" or "before", `folder` that of the networks."""
    return folder / FOLDER / f"{version}_{precision}.json"


def write_beyond(found: Beyond, version: str, folder: Path) -> Path:
    """Writes a file; arguments as of `beyond_path`. Returns its path."""
    path = beyond_path(version, found.precision, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = msgspec.json.encode(rounded(msgspec.to_builtins(found)))
    path.write_bytes(msgspec.json.format(content, indent=1) + b"\n")
    return path


def read_beyond(version: str, precision: str, folder: Path) -> Beyond | None:
    """A file; None where it is absent, unreadable or of another layout."""
    try:
        content = beyond_path(version, precision, folder).read_bytes()
        found = msgspec.json.decode(content, type=Beyond)
    except (OSError, msgspec.MsgspecError):
        return None
    return found if found.layout == LAYOUT else None
