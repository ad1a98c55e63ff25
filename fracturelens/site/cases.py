"""What screening and the gate say of labelled X-rays, whatever screening would refuse."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from tqdm import tqdm

from fracturelens.batch.files import pictures_in
from fracturelens.networks.inference import Calibration
from fracturelens.results import Examination
from fracturelens.screening.outcome import Outcome
from fracturelens.site.labels import LabelledFile
from fracturelens.xray.pictures import Picture
from important_variables import GATE
from prediction import Engine, examine_xray

CAUTIONED = {"unlike", "inverted"}
"""Cautions of screening; all others tell of the file."""
CONTRADICTION = "the same picture is labelled fractured in one place and normal in another"


@dataclass(frozen=True)
class SiteCase:
    """One X-ray that was judged.

    Attributes:
        name: for people: of its file and, where it holds several, of the picture within it.
        path: of the file.
        inside: what the picture is called within the file; "" where it is the only one.
        fractured: its label.
        patient: as of `LabelledFile`.
        digest: SHA-256 of its pixels: the same for copies, whatever the files around them.
        raw: the gate's output before calibration, in [0, 1].
        outcome: of screening.
        seen: why it would be refused; "" where it would not.
    """

    name: str
    path: Path
    inside: str
    fractured: bool
    patient: str
    digest: str
    raw: float
    outcome: Outcome
    seen: str = ""


@dataclass
class Cases:
    """All cases of a site.

    Attributes:
        judged: in the order of the files.
        left_out: what could not be judged, reason by name.
    """

    judged: list[SiteCase] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> np.ndarray:
        """Outputs of the gate, float (N,) in [0, 1]."""
        return np.array([case.raw for case in self.judged], float)

    @property
    def fractured(self) -> np.ndarray:
        """Labels, bool (N,)."""
        return np.array([case.fractured for case in self.judged], bool)


def examine_cases(files: Sequence[LabelledFile], engine: Engine) -> Cases:
    """Asks screening and the gate about every X-ray; the segmenters are not asked.

    A file that cannot be read takes no other with it. Where a file holds several X-rays (a study
    as a ZIP), each is a case with the file's label. Copies with contradictory labels are left out.

    Args:
        files: labelled.
        engine: of `prediction.load_engine`.
    """
    gate_alone, cases = _uncalibrated(engine), Cases()
    for file in tqdm(files, unit="file", disable=None):
        for picture in pictures_in([file.path]):
            inside = picture.name.removeprefix(str(file.path))
            name = file.name + inside
            if picture.error:
                cases.left_out[name] = picture.error
                continue
            found = _examine(picture, gate_alone)
            if found.radiograph is None or found.scores is None:
                cases.left_out[name] = found.error
            else:
                pixels = found.radiograph.network_pixels
                cases.judged.append(_case(inside, file, found, pixels, found.scores.gate))
    return _without_contradictions(cases)


def group_cases(cases: Iterable[SiteCase]) -> np.ndarray:
    """Group of each case, int (N,), from 0 upwards: one patient's X-rays and copies stay together.

    Cases are joined by the same patient or the same pixels, and so through others.
    """
    cases = list(cases)
    groups = np.arange(len(cases))
    shared: dict[str, list[int]] = defaultdict(list)
    for place, case in enumerate(cases):
        shared[f"pixels {case.digest}"].append(place)
        if case.patient:
            shared[f"patient {case.patient}"].append(place)
    for places in filter(lambda several: len(several) > 1, shared.values()):
        joined = np.isin(groups, groups[places])
        groups[joined] = groups[places].min()
    return np.unique(groups, return_inverse=True)[1]


def _uncalibrated(engine: Engine) -> Engine:
    """The gate alone, its output as it is: calibrations are applied to it later."""
    gate = engine.networks[GATE]
    inference = replace(gate.inference, calibration={engine.precision: Calibration()})
    gate = replace(gate, card=replace(gate.card, inference=inference))
    return replace(engine, networks={GATE: gate})


def _examine(picture: Picture, engine: Engine) -> Examination:
    return examine_xray(picture.data, engine, accept_any=True, decode=lambda _: picture.decode())


def _case(
    inside: str, file: LabelledFile, found: Examination, pixels: np.ndarray, raw: float
) -> SiteCase:
    cautioned = any(caution.key in CAUTIONED for caution in found.cautions)
    outcome = Outcome.CAUTION if cautioned else Outcome.ACCEPT
    return SiteCase(
        name=file.name + inside,
        path=file.path,
        inside=inside,
        fractured=file.fractured,
        patient=file.patient,
        digest=sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest(),
        raw=raw,
        outcome=Outcome.REFUSE if found.refusal else outcome,
        seen=found.refusal.seen if found.refusal else "",
    )


def _without_contradictions(cases: Cases) -> Cases:
    labels = defaultdict(set)
    for case in cases.judged:
        labels[case.digest].add(case.fractured)
    unclear = [case.name for case in cases.judged if len(labels[case.digest]) > 1]
    kept = [case for case in cases.judged if len(labels[case.digest]) == 1]
    return Cases(kept, cases.left_out | dict.fromkeys(unclear, CONTRADICTION))
