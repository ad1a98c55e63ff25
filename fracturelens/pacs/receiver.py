"""The door of the node: answers C-ECHO, takes films by C-STORE, and turns strangers away."""

import hashlib
import logging
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fracturelens.export.dicom_source import NoStudyError, film_of
from fracturelens.pacs.metrics import Metrics
from fracturelens.pacs.peers import Peer
from fracturelens.pacs.spool import Spool
from fracturelens.xray.errors import UnreadableXrayError

SUCCESS = 0x0000
OUT_OF_RESOURCES = 0xA700
NO_FILM = 0xA900
CANNOT_UNDERSTAND = 0xC000
"""Status of C-STORE (PS3.4 B.2.3)."""
NOT_ON_THE_LIST = (0x01, 0x01, 0x03)
"""Rejected for good, by the user, calling AE title not recognized (PS3.8 9.3.4)."""
FILMS = tuple(f"1.2.840.10008.5.1.4.1.1.{n}" for n in ("1", "1.1", "1.1.1"))
"""Computed and digital radiography, For Presentation and For Processing."""
SYNTAXES = (
    "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
)  # fmt: skip
"""Explicit, implicit, deflated, big endian, RLE, JPEG, lossless JPEG, JPEG-LS, JPEG 2000."""
MOST_ASSOCIATIONS = 16
PATIENCE = 60
"""Seconds."""

log = logging.getLogger("fracturelens.pacs")


@dataclass(frozen=True)
class Door:
    """How films come in.

    Attributes:
        title: AE title of the node.
        host: address to listen at.
        port: port to listen at.
        peers: who may send.
        tls: how to encrypt; None listens in the clear.
    """

    title: str
    host: str
    port: int
    peers: tuple[Peer, ...]
    tls: ssl.SSLContext | None = None


def open_door(door: Door, spool: Spool, metrics: Metrics, key_of: Callable[[str], str]) -> Any:
    """Listens in threads of its own.

    Args:
        door: how films come in.
        spool: where they are kept.
        metrics: where they are counted.
        key_of: the spool's key for a film's SOPInstanceUID.

    Returns:
        The server, whose `shutdown` ends it.

    Raises:
        OSError: the port is taken or may not be used.
    """
    from pynetdicom import AE, evt
    from pynetdicom.sop_class import Verification

    entity = AE(ae_title=door.title)
    entity.maximum_associations = MOST_ASSOCIATIONS
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = PATIENCE
    entity.add_supported_context(Verification)
    for film in FILMS:
        entity.add_supported_context(film, list(SYNTAXES))
    handlers = [
        (evt.EVT_REQUESTED, _turn_strangers_away, [door.peers, metrics]),
        (evt.EVT_C_ECHO, lambda _: SUCCESS),
        (evt.EVT_C_STORE, _store, [spool, metrics, key_of]),
    ]
    address = (door.host, door.port)
    return entity.start_server(address, block=False, ssl_context=door.tls, evt_handlers=handlers)


def film_key(digest: str, instance_uid: str) -> str:
    """Names a film for one set of networks, without telling its UID."""
    return hashlib.sha256(f"{digest}|{instance_uid}".encode()).hexdigest()[:40]


def _turn_strangers_away(event: Any, peers: Sequence[Peer], metrics: Metrics) -> None:
    title = event.assoc.requestor.primitive.calling_ae_title
    address = event.assoc.requestor.address
    if not any(peer.is_that(title, address) for peer in peers):
        log.warning("rejected %r at %s: not on the list of peers", title, address)
        metrics.rejected.inc()
        event.assoc.acse.send_reject(*NOT_ON_THE_LIST)
        event.assoc.kill()


def _store(event: Any, spool: Spool, metrics: Metrics, key_of: Callable[[str], str]) -> int:
    """Keeps a film; success is answered when it would survive the loss of power."""
    sender = event.assoc.requestor.ae_title
    instance_uid = str(event.request.AffectedSOPInstanceUID)
    key = key_of(instance_uid)
    status, reason = _kept(event, spool, instance_uid, key)
    metrics.received.labels(reason if status == SUCCESS else "rejected").inc()
    words = "film %s from %r: %s, status 0x%04X"
    log.log(logging.INFO if status == SUCCESS else logging.WARNING, words, key[:12], sender,
            reason, status)  # fmt: skip
    return status


def _kept(event: Any, spool: Spool, instance_uid: str, key: str) -> tuple[int, str]:
    """The status to answer, and why."""
    data = event.encoded_dataset()
    try:
        film = film_of(data)
    except NoStudyError:
        return NO_FILM, "no film, or one that lacks its study"
    except UnreadableXrayError:
        return CANNOT_UNDERSTAND, "unreadable"
    if film.uid != instance_uid:
        return NO_FILM, "the film has another UID than the request"
    try:
        kept = spool.add(key, str(film.reference.StudyInstanceUID), data)
    except OSError as error:
        return OUT_OF_RESOURCES, f"cannot be kept ({type(error).__name__})"
    return SUCCESS, "kept" if kept else "repeated"
