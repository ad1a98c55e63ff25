"""Studies: several views of one examination, and the one verdict that they make together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fracturelens.results import Verdict
from fracturelens.xray.radiograph import DicomSource
from important_variables import DISCLAIMER

STUDY = "study"
"""Key of a record: which study the X-ray belongs to."""
StudyKey = tuple[str, str]
"""("uid", StudyInstanceUID) or ("folder", path)."""


@dataclass(frozen=True)
class View:
    """One judged X-ray of a study.

    Attributes:
        name: of the X-ray.
        verdict: of the gate.
        probability: of the gate, in [0, 1].
    """

    name: str
    verdict: Verdict
    probability: float


@dataclass(frozen=True)
class Study:
    """What became of the X-rays of one study.

    Attributes:
        key: what they share.
        views: those that were judged.
        not_judged: names of those that could not be read or were refused.
    """

    key: StudyKey
    views: tuple[View, ...] = ()
    not_judged: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many X-rays it has, judged or not."""
        return len(self.views) + len(self.not_judged)

    @property
    def highest(self) -> View | None:
        """The view of the highest probability; None where none was judged."""
        return max(self.views, key=lambda view: view.probability, default=None)

    @property
    def verdict(self) -> Verdict | None:
        """The highest verdict of all views; None where none was judged."""
        return self.highest.verdict if self.highest else None

    @property
    def agreeing(self) -> tuple[View, ...]:
        """The views with the study's verdict."""
        return tuple(view for view in self.views if view.verdict is self.verdict)

    def decides(self, view: View) -> bool:
        """Whether the verdict would be lower without this view: what it adds to the others."""
        higher = view.verdict is not Verdict.NO_FRACTURE
        return higher and self.agreeing == (view,) and len(self.views) > 1


def study_key(source: DicomSource | None, name: str, by_folder: bool) -> StudyKey | None:
    """Which study an X-ray belongs to.

    Args:
        source: what its DICOM header says; None for other files.
        name: of the X-ray, its path or place in an archive.
        by_folder: whether X-rays without a UID in one folder or archive are one study.

    Returns:
        None where nothing says so.
    """
    if source is not None and source.study_uid:
        return "uid", source.study_uid
    return ("folder", _folder_of(name)) if by_folder else None


class Studies:
    """Gathers records by their study; of each X-ray it keeps name, verdict and probability."""

    def __init__(self) -> None:
        self._views: dict[StudyKey, list[View]] = {}
        self._not_judged: dict[StudyKey, list[str]] = {}

    def add(self, record: Mapping[str, Any]) -> None:
        """Takes a record of `predict`; one without a study is passed over."""
        for kind, value in record.get(STUDY, {}).items():
            key, name = (kind, value), record["file"]
            views = self._views.setdefault(key, [])
            not_judged = self._not_judged.setdefault(key, [])
            if "gate_probability" in record:
                views.append(View(name, Verdict(record["verdict"]), record["gate_probability"]))
            else:
                not_judged.append(name)

    def all(self) -> Iterator[Study]:
        """The studies, in the order in which their first X-ray came."""
        for key, views in self._views.items():
            yield Study(key, tuple(views), tuple(self._not_judged[key]))


def study_record(study: Study) -> dict[str, Any]:
    """A study ready for JSON: its verdict, and what each view says and adds."""
    highest, kind = study.highest, study.key[0]
    return {
        STUDY: {kind: study.key[1]},
        "verdict": str(study.verdict) if study.verdict else None,
        "gate_probability": highest.probability if highest else None,
        "highest": highest.name if highest else None,
        "agree": [view.name for view in study.agreeing],
        "views": [
            {
                "file": view.name,
                "verdict": str(view.verdict),
                "gate_probability": view.probability,
                "decides": study.decides(view),
            }
            for view in study.views
        ],
        "not_judged": list(study.not_judged),
        "notice": DISCLAIMER,
    }


def _folder_of(name: str) -> str:
    """The folder of a file; of "a/b.zip: c/1.png" the one within the archive, "a/b.zip: c"."""
    head, slash, tail = name.replace("\\", "/").rpartition("/")
    archive, within, _ = tail.rpartition(": ")
    return f"{head}{slash}{archive}" if within else head or "."
