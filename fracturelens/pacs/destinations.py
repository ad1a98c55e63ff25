"""Where results go: archives that take C-STORE or STOW-RS."""

import os
import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Protocol

from fracturelens.pacs.peers import SettingsError, ae_title
from fracturelens.xray.dicom.header import parsing

SUCCESS_OR_WARNING = (0x0000, 0xB000, 0xB006, 0xB007)
OUT_OF_RESOURCES = range(0xA700, 0xA800)
"""Status of C-STORE (PS3.4 B.2.3)."""
PATIENCE = 60
"""Seconds for one answer."""
USER, PASSWORD = "FRACTURELENS_PACS_USER", "FRACTURELENS_PACS_PASSWORD"
"""Environment variables for archives that ask who it is (HTTP Basic)."""


class UnreachableError(RuntimeError):
    """A destination does not answer, or cannot take anything now: worth another try."""


class NotTakenError(RuntimeError):
    """A destination refuses an object; the text says which kind, and nothing of the patient."""


class Destination(Protocol):
    """Where results go."""

    @property
    def name(self) -> str:
        """As it is written on the command line."""

    def send(self, files: Sequence[bytes]) -> None:
        """Sends whole DICOM files.

        Raises:
            UnreachableError: try again later.
            NotTakenError: all that it takes were sent.
        """


@dataclass(frozen=True)
class StorePeer:
    """An archive that takes C-STORE.

    Attributes:
        name: as it is written on the command line.
        title: AE title of the archive.
        host: its name or address.
        port: its port.
        own_title: AE title of the node.
        tls: how to encrypt; None sends in the clear.
    """

    name: str
    title: str
    host: str
    port: int
    own_title: str
    tls: ssl.SSLContext | None = None

    def send(self, files: Sequence[bytes]) -> None:
        """As `Destination.send`; asks for the classes of the files in their own syntaxes."""
        from pydicom import dcmread

        with parsing():
            datasets = [dcmread(BytesIO(data)) for data in files]
        association = self._associate(datasets)
        try:
            refused = [one for one in datasets if not self._is_stored(association, one)]
        finally:
            if association.is_established:
                association.release()
        if refused:
            kinds = ", ".join(sorted({str(one.Modality) for one in refused}))
            raise NotTakenError(f"{self.name} refuses objects of modality {kinds}")

    def _associate(self, datasets: Sequence[Any]) -> Any:
        from pynetdicom import AE

        entity = AE(ae_title=self.own_title)
        entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = PATIENCE
        entity.connection_timeout = PATIENCE
        for one in datasets:
            entity.add_requested_context(one.SOPClassUID, one.file_meta.TransferSyntaxUID)
        tls = (self.tls, self.host) if self.tls else None
        association = entity.associate(self.host, self.port, ae_title=self.title, tls_args=tls)
        if association.is_established:
            return association
        raise UnreachableError(f"{self.name} accepts no association")

    def _is_stored(self, association: Any, dataset: Any) -> bool:
        accepted = {one.abstract_syntax for one in association.accepted_contexts}
        if dataset.SOPClassUID not in accepted:
            return False
        try:
            answer = association.send_c_store(dataset)
        except RuntimeError as error:  # the association ended meanwhile
            raise UnreachableError(f"{self.name} ended the association") from error
        status = answer.get("Status")
        if status is None or status in OUT_OF_RESOURCES:
            raise UnreachableError(f"{self.name} did not store an object")
        return status in SUCCESS_OR_WARNING


@dataclass(frozen=True)
class StowServer:
    """An archive that takes STOW-RS (PS3.18 10.5).

    Attributes:
        name: its address, such as http://localhost:8042/dicom-web, without user and password.
    """

    name: str

    def send(self, files: Sequence[bytes]) -> None:
        """As `Destination.send`."""
        from pydicom import dcmread

        with parsing():
            datasets = [dcmread(BytesIO(data)) for data in files]
        answer = asked(self.name, lambda client: client.store_instances(datasets))
        refused = answer.get("FailedSOPSequence") or []
        if refused:
            raise NotTakenError(f"{self.name} refuses {len(refused)} of {len(files)} objects")


def destination_of(words: str, own_title: str, tls: ssl.SSLContext | None = None) -> Destination:
    """A destination as it is written: TITLE@HOST:PORT for C-STORE, an http(s) URL for STOW-RS.

    Raises:
        SettingsError: it is written otherwise.
    """
    if re.match(r"https?://", words):
        return StowServer(words.rstrip("/"))
    found = re.fullmatch(r"([^@]+)@(\[[^\]]+\]|[^:@]+):(\d{1,5})", words)
    if not found or not 0 < int(found[3]) < 65536:
        raise SettingsError(
            f"{words!r} is no destination. Write TITLE@HOST:PORT, such as PACS@192.0.2.9:104, or "
            "the address of a DICOMweb server, such as https://pacs.example/dicom-web."
        )
    host = found[2].strip("[]")
    return StorePeer(words, ae_title(found[1]), host, int(found[3]), own_title, tls)


def asked(url: str, ask: Any) -> Any:
    """What a DICOMweb server answers.

    Args:
        url: of the server.
        ask: is given a `DICOMwebClient`.

    Raises:
        UnreachableError: it does not answer, or refuses; the text says which.
    """
    import requests
    from dicomweb_client.api import DICOMwebClient

    session = requests.Session()
    if os.environ.get(USER):
        session.auth = (os.environ[USER], os.environ.get(PASSWORD, ""))
    client = DICOMwebClient(url, session=session, timeout=PATIENCE)
    client.set_http_retry_params(retry=False)
    try:
        with session:
            return ask(client)
    except requests.HTTPError as error:
        code = error.response.status_code if error.response is not None else "?"
        raise UnreachableError(f"{url} answers with HTTP status {code}") from error
    except (requests.RequestException, OSError) as error:
        raise UnreachableError(f"{url} does not answer ({type(error).__name__})") from error
