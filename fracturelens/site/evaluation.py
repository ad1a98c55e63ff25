"""The whole evaluation of a site: figures, each X-ray's result, and what was calibrated."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec
import numpy as np

from fracturelens.measured.bootstrap import Bootstrap
from fracturelens.measured.conditions import BootstrapRecord
from fracturelens.measured.layout import Metrics, rounded
from fracturelens.measured.site import ChosenOn, Site, SiteFigures, asked_digest
from fracturelens.networks.calibration import calibrated
from fracturelens.results import Thresholds
from fracturelens.screening.network import SCREENING
from fracturelens.site.cases import Cases, group_cases
from fracturelens.site.choose import Chosen, choose, choosing_half, require_enough
from fracturelens.site.figures import GROUP_RULE, acceptance, measure
from important_variables import DISCLAIMER, GATE
from prediction import Engine, judge_gate

PACKAGES = ("fracturelens", "numpy", "opencv-python-headless", "pydicom", "ai-edge-litert", "keras")


@dataclass(frozen=True)
class Calibrated:
    """What a calibration changed, on the half that did not choose it.

    Attributes:
        site: what was chosen, with the figures of the other half.
        before: figures of that half at the card's calibration and thresholds.
        chooses: whether each X-ray belongs to the half that chose.
    """

    site: Site
    before: SiteFigures
    chooses: list[bool]


@dataclass(frozen=True)
class SiteEvaluation:
    """evaluation.json of a site.

    Attributes:
        name: of the site.
        made_by: who ran it.
        made_at: ISO 8601 in UTC.
        precision: "float32" or "int8".
        models: SHA-256 of the files that ran, by network.
        versions: of the packages that are installed.
        bootstrap: how intervals were drawn.
        acceptance: "refused" and "cautioned"; refused X-rays were judged all the same.
        shipped: figures of all X-rays at the card's calibration and thresholds.
        pictures: each X-ray's result, columns of equal length: "file", "fractured", "group",
            "raw", "probability", "verdict" (both at the card's), "screening", "seen".
        left_out: files that could not be judged, reason by name.
        calibrated: None where nothing was calibrated.
        notice: the disclaimer.
    """

    name: str
    made_by: str
    made_at: str
    precision: str
    models: dict[str, str]
    versions: dict[str, str]
    bootstrap: BootstrapRecord
    acceptance: Metrics
    shipped: SiteFigures
    pictures: dict[str, list]
    left_out: dict[str, str]
    calibrated: Calibrated | None = None
    notice: str = DISCLAIMER


def evaluate_cases(
    cases: Cases, engine: Engine, name: str, made_by: str, bootstrap: Bootstrap
) -> SiteEvaluation:
    """The evaluation at the card's calibration and thresholds.

    Args:
        cases: at least one.
        engine: that judged them.
        name: of the site.
        made_by: who runs it.
        bootstrap: how intervals are drawn.
    """
    groups, shipped = group_cases(cases.judged), shipped_choice(engine)
    models = {GATE: engine.networks[GATE].digest}
    if engine.screening is not None:
        models[SCREENING] = engine.screening.digest
    return SiteEvaluation(
        name=name,
        made_by=made_by,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        precision=engine.precision,
        models=models,
        versions=_versions(),
        bootstrap=bootstrap.record(GROUP_RULE),
        acceptance=acceptance(cases),
        shipped=measure(cases.raw, cases.fractured, groups, shipped, bootstrap),
        pictures=_columns(cases, groups, shipped),
        left_out=dict(cases.left_out),
    )


def calibrate_site(
    evaluation: SiteEvaluation, engine: Engine, seed: int, bootstrap: Bootstrap
) -> SiteEvaluation:
    """The evaluation with calibration and thresholds of one half, measured on the other.

    Args:
        evaluation: of `evaluate_cases`.
        engine: that judged.
        seed: of the halves.
        bootstrap: how intervals are drawn.

    Raises:
        CannotCalibrateError: there are too few cases, or fractures do not score higher.
    """
    pictures, shipped = evaluation.pictures, shipped_choice(engine)
    raw, groups = np.array(pictures["raw"]), np.array(pictures["group"])
    fractured = np.array(pictures["fractured"])
    require_enough(fractured, groups)
    half = choosing_half(fractured, groups, seed)
    chosen = choose(raw[half], fractured[half])
    others = raw[~half], fractured[~half], groups[~half]
    gate = engine.networks[GATE]
    site = Site(
        name=evaluation.name,
        made_by=evaluation.made_by,
        made_at=evaluation.made_at,
        precision=engine.precision,
        gate=gate.digest,
        asked=asked_digest(gate.inference),
        calibration=chosen.calibration,
        doubtful=chosen.doubtful,
        fracture=chosen.fracture,
        chosen_on=ChosenOn(
            int(half.sum()), int(fractured[half].sum()), len(np.unique(groups[half])), seed
        ),
        held_out=measure(*others, chosen, bootstrap),
        version=evaluation.versions["fracturelens"],
    )
    before = measure(*others, shipped, bootstrap)
    return replace(evaluation, calibrated=Calibrated(site, before, half.tolist()))


def write_site_evaluation(evaluation: SiteEvaluation, path: Path) -> None:
    """Writes evaluation.json, reals rounded as in all evaluation files."""
    content = msgspec.json.encode(rounded(msgspec.to_builtins(evaluation)))
    path.write_bytes(msgspec.json.format(content, indent=1) + b"\n")


def shipped_choice(engine: Engine) -> Chosen:
    """What the card has for the gate in this precision."""
    calibration = engine.networks[GATE].card.calibration_at(engine.precision)
    return Chosen(calibration, engine.thresholds.doubtful, engine.thresholds.fracture)


def _columns(cases: Cases, groups: np.ndarray, shipped: Chosen) -> dict[str, list]:
    probability = calibrated(cases.raw, shipped.calibration).tolist()
    thresholds = Thresholds(shipped.doubtful, shipped.fracture, {})
    return {
        "file": [case.name for case in cases.judged],
        "fractured": cases.fractured.tolist(),
        "group": groups.tolist(),
        "raw": cases.raw.tolist(),
        "probability": probability,
        "verdict": [str(judge_gate(one, thresholds)) for one in probability],
        "screening": [str(case.outcome) for case in cases.judged],
        "seen": [case.seen for case in cases.judged],
    }


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
