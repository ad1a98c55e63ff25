"""The verdict of a study of several films, and what each adds: a Comprehensive SR of its own."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from fracturelens.export.dicom_author import Author
from fracturelens.export.dicom_source import Film
from fracturelens.export.dicom_sr_items import measurement_report, verdict_group
from fracturelens.export.study_words import added_words, study_sentence
from fracturelens.results import Verdict
from fracturelens.studies import Study, View
from important_variables import ATTRIBUTION, DISCLAIMER

KIND, SERIES = "study", 9906


@dataclass(frozen=True)
class FilmVerdict:
    """What became of one film of a study; nothing of the patient but the film's own UIDs.

    Attributes:
        uid: SOPInstanceUID.
        class_uid: SOPClassUID.
        series_uid: SeriesInstanceUID.
        image: its number within its series, for people.
        outcome: key of the verdict, or of why there is none.
        probability: of the gate, in [0, 1]; None without a verdict.
    """

    uid: str
    class_uid: str
    series_uid: str
    image: int
    outcome: str
    probability: float | None = None

    @property
    def name(self) -> str:
        """What people call the film."""
        return f"image {self.image}"


def film_verdict(film: Film, outcome: str, probability: float | None = None) -> FilmVerdict:
    """What became of a film, ready to be remembered."""
    known = film.reference
    image = film.header.integer("InstanceNumber", 0)
    uids = (str(known.SOPInstanceUID), str(known.SOPClassUID), str(known.SeriesInstanceUID))
    return FilmVerdict(*uids, image, outcome, probability)


def study_report_uid(author: Author, film_uids: Sequence[str]) -> str:
    """The UID of the report on a study of these films: the same films give the same UID."""
    return author.uid(KIND, *sorted(film_uids))


def study_report(film: Film, verdicts: Sequence[FilmVerdict], author: Author) -> Any:
    """The highest verdict, which views agree, and what each adds, with each view's probability.

    Args:
        film: any of the study; patient and study are copied from it.
        verdicts: of all films of the study, one at least with a verdict.
        author: of the result.

    Returns:
        A pydicom `Dataset` with its File Meta Information.
    """
    study_uid = str(film.reference.StudyInstanceUID)
    ranked = sorted(verdicts, key=lambda one: (-(one.probability or 0), one.uid))
    study = _study(study_uid, ranked)
    return measurement_report(
        film,
        author,
        "FractureLens study",
        list(_groups(study, ranked, author)),
        [f"FractureLens. {study_sentence(study)}", *_lines(study), DISCLAIMER, ATTRIBUTION],
        evidence=[_evidence(film, one) for one in ranked],
        place={
            "series_instance_uid": author.uid(KIND, "series", study_uid),
            "series_number": SERIES,
            "sop_instance_uid": study_report_uid(author, [one.uid for one in verdicts]),
            "instance_number": 1,
        },
    )


def _study(study_uid: str, verdicts: Sequence[FilmVerdict]) -> Study:
    views = tuple(_view(one) for one in verdicts if one.probability is not None)
    others = tuple(one.name for one in verdicts if one.probability is None)
    return Study(("uid", study_uid), views, others)


def _view(film: FilmVerdict) -> View:
    return View(film.name, Verdict(film.outcome), film.probability or 0.0)


def _groups(study: Study, verdicts: Sequence[FilmVerdict], author: Author) -> Iterator[Any]:
    """The study as a whole, then each view with a verdict (TID 1501)."""
    judged = [one for one in verdicts if one.probability is not None]
    whole = author.uid(KIND, "whole", study.key[1])
    yield _group(judged, author, ("Whole study", whole), _view(judged[0]))
    for one in judged:
        decides = "yes" if study.decides(_view(one)) else "no"
        tracked = (f"Whole X-ray, {one.name}", author.uid("film", one.uid))
        yield _group([one], author, tracked, _view(one), decides)


def _group(
    films: Sequence[FilmVerdict],
    author: Author,
    tracked: tuple[str, str],
    view: View,
    decides: str = "",
) -> Any:
    """Verdict and probability of some films; `tracked` is its name and UID."""
    from highdicom.sr import SourceImageForMeasurementGroup

    images = [SourceImageForMeasurementGroup(one.class_uid, one.uid) for one in films]
    return verdict_group(author, tracked, str(view.verdict), view.probability, images, decides)


def _lines(study: Study) -> Iterator[str]:
    """What each view adds, and which films have no verdict; sentences."""
    for view in study.views:
        if words := added_words(study, view):
            yield f"{view.name.capitalize()} ({view.probability:.1%}): {words}"
    if study.not_judged:
        yield f"Without a verdict: {', '.join(study.not_judged)}."


def _evidence(film: Film, verdict: FilmVerdict) -> Any:
    """A film of the study, as highdicom wants to know it."""
    known = deepcopy(film.reference)  # a copy would share its elements
    known.SOPInstanceUID, known.SOPClassUID = verdict.uid, verdict.class_uid
    known.SeriesInstanceUID = verdict.series_uid
    return known
