"""site.json: calibration and thresholds that a site chose on its own X-rays; read and checked here.

Keys are data. The file holds no picture, no file name and nothing of a patient.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import msgspec

from fracturelens.measured.layout import Metrics, OperatingPoint, Tier, rounded
from fracturelens.networks.inference import Calibration, Inference
from fracturelens.networks.predictor import Predictor
from important_variables import DISCLAIMER, PRECISIONS

LAYOUT = 1
LONGEST_NAME = 60
MOST_BYTES = 1_000_000
"""Of a site.json; ours have a few thousand."""
ANEW = "Calibrate anew with `fracturelens evaluate-site FOLDER --calibrate`."


class SiteError(RuntimeError):
    """A site.json cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class SiteFigures:
    """What was measured on X-rays of a site, at one calibration and one pair of thresholds.

    Attributes:
        images: X-rays.
        fractured: of them.
        groups: of X-rays that stay together: one patient's, or copies of one picture.
        metrics: "auroc", "average_precision", "brier", "ece".
        operating_points: "doubtful" and "fracture".
        tiers: by verdict.
    """

    images: int
    fractured: int
    groups: int
    metrics: Metrics = field(default_factory=dict)
    operating_points: dict[str, OperatingPoint] = field(default_factory=dict)
    tiers: dict[str, Tier] = field(default_factory=dict)


@dataclass(frozen=True)
class ChosenOn:
    """The half of a site's X-rays that chose: counts as of `SiteFigures`, and the halves' seed."""

    images: int
    fractured: int
    groups: int
    seed: int


@dataclass(frozen=True)
class Site:
    """What a site chose for the gate.

    Attributes:
        name: of the site, for people; one printable line.
        made_by: who ran the calibration.
        made_at: when, ISO 8601 in UTC.
        precision: "float32" or "int8".
        gate: SHA-256 of the gate's file.
        asked: digest of how the gate is asked, of `asked_digest`.
        calibration: that replaces the card's.
        doubtful: threshold on the calibrated probability that replaces the card's.
        fracture: likewise.
        chosen_on: the half that chose.
        held_out: what was measured on the other half.
        version: of FractureLens.
        notice: the disclaimer.
        layout: version of the file.
    """

    name: str
    made_by: str
    made_at: str
    precision: str
    gate: str
    asked: str
    calibration: Calibration
    doubtful: float
    fracture: float
    chosen_on: ChosenOn
    held_out: SiteFigures
    version: str
    notice: str = DISCLAIMER
    layout: int = LAYOUT


def asked_digest(inference: Inference) -> str:
    """SHA-256 of how a network is asked, its calibration and thresholds left out.

    The same file asked about other views of a picture gives other outputs.
    """
    asked = replace(inference, calibration={}, thresholds={})
    return sha256(msgspec.json.encode(asked, order="deterministic")).hexdigest()


def write_site(site: Site, path: Path) -> None:
    """Writes site.json, reals of what was measured rounded as in evaluation files."""
    content = msgspec.json.encode(rounded(msgspec.to_builtins(site)))
    path.write_bytes(msgspec.json.format(content, indent=1) + b"\n")


def read_site(path: Path) -> Site:
    """What a site chose.

    Raises:
        SiteError: the file is missing, no site.json, of another layout, or holds impossible
            numbers.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES)
        site = msgspec.json.decode(content, type=Site)
    except OSError as error:
        raise SiteError(f"{path} cannot be opened ({error.strerror}). {ANEW}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SiteError(f"{path} is no complete site.json ({error}). {ANEW}") from error
    if problems := list(_problems(site)):
        raise SiteError(f"{path} cannot be used: {'; '.join(problems)}. {ANEW}")
    return site


def site_gate(gate: Predictor, site: Site) -> Predictor:
    """The gate with the calibration and thresholds of a site.

    Raises:
        SiteError: the site chose for another precision, another file, or another way of asking.
    """
    _check_fits(gate, site)
    thresholds = {
        "doubtful": site.doubtful,
        "fracture": site.fracture,
        "chosen_on": site.name,
        "images": site.chosen_on.images,
    }
    inference = replace(
        gate.inference,
        calibration={site.precision: site.calibration},
        thresholds={site.precision: thresholds},
    )
    return replace(gate, card=replace(gate.card, inference=inference))


def is_site_name(name: str) -> bool:
    """Whether a text can be a site's name: one printable line, not blank, not too long."""
    return 0 < len(name) <= LONGEST_NAME and name.isprintable() and name == name.strip()


def _check_fits(gate: Predictor, site: Site) -> None:
    if site.precision != gate.precision:
        raise SiteError(
            f"The calibration of {site.name!r} was made for {site.precision}, and the gate runs in "
            f"{gate.precision}. Use --precision {site.precision}, or add --precision "
            f"{gate.precision} where you calibrate."
        )
    if site.gate != gate.digest:
        raise SiteError(
            f"The calibration of {site.name!r} was made with another gate file (SHA-256 "
            f"{site.gate[:12]}, this one has {gate.digest[:12]}). {ANEW}"
        )
    if site.asked != asked_digest(gate.inference):
        raise SiteError(
            f"The calibration of {site.name!r} was made when the gate was asked in another way "
            f"(views, tiles or input). {ANEW}"
        )


def _problems(site: Site) -> Iterable[str]:
    """What makes a file unusable that is complete otherwise."""
    calibration = site.calibration
    if site.layout != LAYOUT:
        yield f"its layout is {site.layout}, and {LAYOUT} is read"
    if not is_site_name(site.name):
        yield f"the name must be one printable line of at most {LONGEST_NAME} characters"
    if site.precision not in PRECISIONS:
        yield f"the precision {site.precision[:20]!r} is none of {', '.join(PRECISIONS)}"
    if not (0 < calibration.slope < math.inf and math.isfinite(calibration.intercept)):
        yield "the calibration's slope must be above 0 and its intercept finite"
    points = site.held_out.operating_points
    rates = [points[key].metrics.keys() for key in ("doubtful", "fracture") if key in points]
    if len(rates) < 2 or any({"sensitivity", "specificity"} - keys for keys in rates):
        yield "it lacks what was measured on the other half"
    if not 0 <= site.doubtful <= site.fracture <= 1:
        yield "the thresholds must be in [0, 1], the doubtful one not above that of a fracture"
