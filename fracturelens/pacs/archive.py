"""Asks an archive by DICOMweb for studies and films, and sends results back."""

import os
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fracturelens.export.dicom_source import file_of
from fracturelens.pacs.destinations import StowServer, asked
from fracturelens.pacs.peers import SettingsError
from fracturelens.xray.dicom.header import parsing

URL = "FRACTURELENS_PACS_URL"
"""Environment variable: the archive that the dashboard opens studies of."""
MODALITIES = ("CR", "DX")
DAYS = {"d": 1, "w": 7}
STUDY_UID, SERIES_UID, INSTANCE_UID, MODALITY = "0020000D", "0020000E", "00080018", "00080060"
"""Tags as DICOM JSON writes them (PS3.18 F.2)."""


@dataclass(frozen=True)
class FilmPlace:
    """Where a film stands in an archive: the UIDs of its study, its series and itself."""

    study_uid: str
    series_uid: str
    instance_uid: str


@dataclass(frozen=True)
class Archive:
    """An archive with QIDO-RS, WADO-RS and STOW-RS.

    Attributes:
        url: of its DICOMweb services.
    """

    url: str

    def studies_since(self, first: date) -> list[str]:
        """UIDs of the studies from a day on that hold radiographs.

        Raises:
            UnreachableError: the archive does not answer.
        """
        found: dict[str, None] = {}
        for modality in MODALITIES:
            filters = {"StudyDate": f"{first:%Y%m%d}-", "ModalitiesInStudy": modality}
            answer = self._all("search_for_studies", STUDY_UID, search_filters=filters)
            found |= dict.fromkeys(_value(one, STUDY_UID) for one in answer)
        return list(found)

    def studies_of(self, **filters: str) -> list[str]:
        """UIDs of the studies with these attributes, such as AccessionNumber or PatientID.

        Raises:
            UnreachableError: the archive does not answer.
        """
        answer = self._all("search_for_studies", STUDY_UID, search_filters=filters)
        return [_value(one, STUDY_UID) for one in answer]

    def places_in(self, study_uid: str) -> tuple[list[FilmPlace], set[str]]:
        """The films of a study, and the UIDs of all its objects.

        Raises:
            UnreachableError: the archive does not answer.
        """
        series = {
            _value(one, SERIES_UID): _value(one, MODALITY)
            for one in self._all("search_for_series", SERIES_UID, study_uid)
        }
        films, known = [], set()
        for one in self._all("search_for_instances", INSTANCE_UID, study_uid):
            place = FilmPlace(study_uid, _value(one, SERIES_UID), _value(one, INSTANCE_UID))
            known.add(place.instance_uid)
            if series.get(place.series_uid) in MODALITIES:
                films.append(place)
        return films, known

    def film(self, place: FilmPlace) -> bytes:
        """A film as a file, in the syntax in which the archive keeps it.

        Raises:
            UnreachableError: the archive does not give it.
        """
        any_syntax = (("application/dicom", "*"),)
        uids = (place.study_uid, place.series_uid, place.instance_uid)
        with parsing():
            return file_of(self._ask("retrieve_instance", *uids, media_types=any_syntax))

    def store(self, files: list[bytes]) -> None:
        """Sends results.

        Raises:
            UnreachableError: the archive does not answer.
            NotTakenError: it refuses some of them.
        """
        StowServer(self.url).send(files)

    def _all(self, method: str, tag: str, *words: Any, **options: Any) -> list[dict[str, Any]]:
        """All records that a search finds, page by page, each UID of a tag once.

        Some archives give the same page whatever the offset: a page without anything new ends it.
        """
        found: dict[str, dict[str, Any]] = {}
        while True:
            page = self._ask(method, *words, offset=len(found), **options)
            new = {uid: one for one in page if (uid := _value(one, tag)) and uid not in found}
            if not new:
                return list(found.values())
            found |= new

    def _ask(self, method: str, *words: Any, **options: Any) -> Any:
        return asked(self.url, lambda client: getattr(client, method)(*words, **options))


def archive_of(url: str) -> Archive:
    """An archive by the address of its DICOMweb services.

    Raises:
        SettingsError: it is no http(s) address.
    """
    if not re.match(r"https?://[^/]", url):
        raise SettingsError(
            f"{url!r} is no address of a DICOMweb server; write one such as "
            "http://localhost:8042/dicom-web."
        )
    return Archive(url.rstrip("/"))


def configured_archive() -> Archive | None:
    """The archive of the environment variable; None where there is none.

    Raises:
        SettingsError: it is no http(s) address.
    """
    url = os.environ.get(URL, "").strip()
    return archive_of(url) if url else None


def days_ago(words: str, today: date) -> date:
    """The day that words such as 1d or 2w mean.

    Raises:
        SettingsError: they mean none.
    """
    found = re.fullmatch(r"(\d{1,4})([dw])", words)
    if not found:
        raise SettingsError(f"{words!r} is no span of time; write 1d for a day, 2w for two weeks.")
    return today - timedelta(days=int(found[1]) * DAYS[found[2]])


def _value(record: dict[str, Any], tag: str) -> str:
    """The first value of an attribute in DICOM JSON; "" where there is none."""
    values = record.get(tag, {}).get("Value") or [""]
    return str(values[0])
