"""From the bytes of a DICOM film to its results: what node, client and command share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fracturelens.export.dicom_author import Author
from fracturelens.export.dicom_results import DicomResult, dicom_results, dicom_study_result
from fracturelens.export.dicom_source import Film, NoStudyError, film_of
from fracturelens.export.dicom_study import FilmVerdict, film_verdict
from fracturelens.export.pdf import report_pdf
from fracturelens.export.provenance import provenance_of
from fracturelens.export.records import Report
from fracturelens.reporting import author_for
from fracturelens.results import Examination
from fracturelens.xray.errors import DAMAGE, UnreadableXrayError
from prediction import Engine, examine_xray, shares_for

UNREADABLE, REFUSED, NO_STUDY = "unreadable", "refused", "no_study"
"""What stands for a verdict where a film gives no results."""


@dataclass(frozen=True, eq=False)
class Judged:
    """What became of one film.

    Attributes:
        outcome: the verdict's key, or `UNREADABLE`, `REFUSED` or `NO_STUDY`.
        results: DICOM objects for the film's study; [] where it got no verdict.
        reason: why not, a sentence without anything that stands in the file; "" with a verdict.
        film: its header; None where it has no study, or is too damaged to say.
        probability: of the gate, in [0, 1]; None without a verdict.
    """

    outcome: str
    results: list[DicomResult]
    reason: str = ""
    film: Film | None = None
    probability: float | None = None

    @property
    def verdict(self) -> FilmVerdict | None:
        """What its study has to know of it."""
        return film_verdict(self.film, self.outcome, self.probability) if self.film else None


class Judge:
    """Examines films with one engine and writes their results."""

    def __init__(self, engine: Engine):
        """Takes the engine of `prediction.load_engine`."""
        self.engine = engine
        self.author: Author = author_for(engine)

    def judge(
        self, data: bytes, *, always_segment: bool = False, accept_any: bool = False
    ) -> Judged:
        """Examines one film; nothing is raised, whatever the bytes are.

        Args:
            data: a whole DICOM file.
            always_segment: run the segmenters and paint whatever the verdict.
            accept_any: judge refused pictures too.
        """
        found = examine_xray(
            data, self.engine, always_segment=always_segment, accept_any=accept_any
        )
        try:
            film = film_of(data)
        except (NoStudyError, UnreadableXrayError) as error:
            outcome = NO_STUDY if isinstance(error, NoStudyError) else UNREADABLE
            return _without_verdict(found) or Judged(outcome, [], str(error))
        return _without_verdict(found, film) or self._with_results(film, found)

    def study_results(self, film: Film, verdicts: Sequence[FilmVerdict]) -> list[DicomResult]:
        """The report on a study.

        Args:
            film: any of the study.
            verdicts: of all films of the study.

        Returns:
            Nothing for a single film, or where none has a verdict.
        """
        if len(verdicts) < 2 or all(one.probability is None for one in verdicts):
            return []
        try:
            return [dicom_study_result(film, verdicts, self.author)]
        except DAMAGE:  # a header that our checks let pass and a library does not
            return []

    def _with_results(self, film: Film, found: Examination) -> Judged:
        prediction = found.prediction
        if prediction is None:
            raise ValueError("only a film with a verdict has results.")
        try:
            results = dicom_results(film, found, self.author, self._pdf(film.uid, found))
        except NoStudyError as error:
            return Judged(NO_STUDY, [], str(error))
        except DAMAGE as error:  # as above
            return Judged(UNREADABLE, [], f"its results cannot be written ({type(error).__name__})")
        outcome = str(prediction.verdict)
        return Judged(outcome, results, film=film, probability=prediction.gate_probability)

    def _pdf(self, name: str, found: Examination) -> bytes:
        """The report as a page of A4; a film is named by its UID, which tells no patient."""
        radiograph = found.radiograph
        return report_pdf(
            Report(
                name,
                found,
                shares_for(found, self.engine),
                made=provenance_of(
                    self.engine.networks, self.engine.precision, self.engine.screening
                ),
                read=None if radiograph is None else lambda: radiograph.pixels,
            )
        )


class StudyReports:
    """Gathers the films of studies and reports on each study; keeps headers, no pixels."""

    def __init__(self, judge: Judge):
        """Takes what judges the films."""
        self._judge = judge
        self._films: dict[str, list[Judged]] = {}

    def add(self, judged: Judged) -> None:
        """Takes a film; one without a header is passed over."""
        if judged.film is not None:
            study = str(judged.film.reference.StudyInstanceUID)
            known = Judged(judged.outcome, [], film=judged.film, probability=judged.probability)
            self._films.setdefault(study, []).append(known)

    def results(self) -> Iterator[DicomResult]:
        """The report on each study of several films."""
        for films in self._films.values():
            verdicts = {one.verdict.uid: one.verdict for one in films if one.verdict}
            if film := films[0].film:
                yield from self._judge.study_results(film, list(verdicts.values()))


def _without_verdict(found: Examination, film: Film | None = None) -> Judged | None:
    """Why a film has no verdict; None where it has one."""
    if found.prediction is not None:
        return None
    if found.refusal:
        kind = f"it is taken for no film of a limb ({found.refusal.kind})."
        return Judged(REFUSED, [], kind, film)
    return Judged(UNREADABLE, [], found.error, film)
