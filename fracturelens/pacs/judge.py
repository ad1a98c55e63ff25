"""From the bytes of a DICOM film to its results: what node, client and command share."""

from dataclasses import dataclass

from fracturelens.export.dicom_author import Author
from fracturelens.export.dicom_results import DicomResult, dicom_results
from fracturelens.export.dicom_source import NoStudyError, film_of
from fracturelens.results import Examination
from fracturelens.xray.errors import DAMAGE, UnreadableXrayError
from prediction import Engine, author_for, examine_xray

UNREADABLE, REFUSED, NO_STUDY = "unreadable", "refused", "no_study"
"""What stands for a verdict where a film gives no results."""


@dataclass(frozen=True, eq=False)
class Judged:
    """What became of one film.

    Attributes:
        outcome: the verdict's key, or `UNREADABLE`, `REFUSED` or `NO_STUDY`.
        results: DICOM objects for the film's study; [] where it got no verdict.
        reason: why not, a sentence without anything that stands in the file; "" with a verdict.
    """

    outcome: str
    results: list[DicomResult]
    reason: str = ""


class Judge:
    """Examines films with one engine and writes their results."""

    def __init__(self, engine: Engine):
        """Takes the engine of `prediction.load_engine`."""
        self.engine = engine
        self.author: Author = author_for(engine)

    def judge(self, data: bytes) -> Judged:
        """Examines one film; nothing is raised, whatever the bytes are.

        Args:
            data: a whole DICOM file.
        """
        found = examine_xray(data, self.engine)
        if found.prediction is None:
            return _without_verdict(found)
        try:
            results = dicom_results(film_of(data), found, self.author)
        except NoStudyError as error:
            return Judged(NO_STUDY, [], str(error))
        except UnreadableXrayError as error:
            return Judged(UNREADABLE, [], str(error))
        except DAMAGE as error:  # a header that our checks let pass and a library does not
            return Judged(UNREADABLE, [], f"its results cannot be written ({type(error).__name__})")
        return Judged(str(found.prediction.verdict), results)


def _without_verdict(found: Examination) -> Judged:
    if found.refusal:
        return Judged(REFUSED, [], f"it is taken for no film of a limb ({found.refusal.kind}).")
    return Judged(UNREADABLE, [], found.error)
