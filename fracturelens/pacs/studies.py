"""Opens studies of an archive by a number that a person knows, and answers them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fracturelens.pacs.archive import Archive, FilmPlace
from fracturelens.pacs.judge import Judge, StudyReports
from fracturelens.xray.dicom.header import parsing

NUMBERS = {"AccessionNumber": "Accession number", "PatientID": "Patient ID"}
"""By attribute, what people call it."""
LONGEST = 64
"""Letters of a number (PS3.5 6.2, LO)."""
MOST_FILMS = 40
"""That are opened at once: all lie in the session's memory."""


class NotOpenedError(ValueError):
    """A study cannot be opened; the text says why and what to do."""


@dataclass(frozen=True)
class ArchivedFilm:
    """A film and where it stands.

    Attributes:
        name: for people, such as "study 1, film 2.dcm"; tells nothing of the patient.
        place: in the archive.
        data: the file.
    """

    name: str
    place: FilmPlace
    data: bytes


def places_of(archive: Archive, attribute: str, number: str) -> list[FilmPlace]:
    """Where the films of the studies with a number stand.

    Args:
        archive: to be asked.
        attribute: a key of `NUMBERS`.
        number: whole, as the archive knows it.

    Raises:
        NotOpenedError: there is no such study, it holds no film, or too many.
        UnreachableError: the archive does not answer.
    """
    number, known = number.strip(), NUMBERS[attribute]
    if not number:
        raise NotOpenedError(f"Type the {known.lower()} first.")
    if len(number) > LONGEST or re.search(r"[*?\\\x00-\x1f]", number):
        # those signs would match other patients too (PS3.4 C.2.2.2.4), or several values
        raise NotOpenedError(f"Type one whole {known.lower()}, without * ? or \\.")
    studies = archive.studies_of(**{attribute: number})
    if not studies:
        raise NotOpenedError(f"The archive knows no study with this {known.lower()}.")
    places = [place for study in studies for place in archive.places_in(study)[0]]
    if not places:
        raise NotOpenedError("The study holds no X-ray (CR or DX).")
    if len(places) > MOST_FILMS:
        raise NotOpenedError(
            f"There are {len(places)} X-rays; at most {MOST_FILMS} are opened at once. Use the "
            "accession number of one study."
        )
    return places


def films_at(
    archive: Archive, places: Sequence[FilmPlace], opened: Sequence[str] = ()
) -> Iterator[ArchivedFilm]:
    """The films, one by one.

    Args:
        archive: to be asked.
        places: of the films.
        opened: UIDs of the studies that were opened before: names count on from there, and a study
            that is opened again has the same names.

    Raises:
        UnreachableError: the archive does not give one.
    """
    studies = list(dict.fromkeys([*opened, *(place.study_uid for place in places)]))
    counted: Counter[str] = Counter()
    for place in places:
        counted[place.study_uid] += 1
        study, film = studies.index(place.study_uid) + 1, counted[place.study_uid]
        yield ArchivedFilm(f"study {study}, film {film}.dcm", place, archive.film(place))


def answer_films(
    archive: Archive,
    judge: Judge,
    films: Mapping[str, bytes],
    tell: Callable[[int], None] = lambda _: None,
    *,
    always_segment: bool = False,
) -> tuple[int, dict[str, str]]:
    """Puts the results of films, and of their studies, beside them.

    Args:
        archive: that they came from.
        judge: examines them.
        films: files by name.
        tell: is called with the number of films that are done.
        always_segment: run the segmenters and paint whatever the verdict.

    Returns:
        How many films have their results there, and why not, by name.

    Raises:
        UnreachableError: the archive does not answer; what was sent before is there.
        NotTakenError: it refuses results.
    """
    studies, sent, reasons = StudyReports(judge), 0, {}
    for done, (name, data) in enumerate(films.items()):
        tell(done)
        with parsing():
            judged = judge.judge(data, always_segment=always_segment)
        studies.add(judged)
        if judged.results:
            archive.store([result.data for result in judged.results])
            sent += 1
        else:
            reasons[name] = judged.reason
    if reports := [result.data for result in studies.results()]:
        archive.store(reports)
    return sent, reasons
