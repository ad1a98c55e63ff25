"""`serve-dicom`: runs the node until it is told to stop."""

import argparse
import logging
import signal
import ssl
import sys
import threading
from pathlib import Path
from typing import Any

from fracturelens.pacs.destinations import Destination, destination_of
from fracturelens.pacs.judge import Judge
from fracturelens.pacs.metrics import make_metrics, serve_metrics
from fracturelens.pacs.node import Node, hush_libraries, log_uncaught
from fracturelens.pacs.peers import SettingsError, ae_title, peer_of
from fracturelens.pacs.receiver import Door, film_key, open_door
from fracturelens.pacs.spool import Spool
from fracturelens.site.options import TOLD_ERRORS as ENGINE_ERRORS
from fracturelens.site.options import add_engine_arguments, engine_of
from important_variables import DISCLAIMER

TOLD_ERRORS = (*ENGINE_ERRORS, SettingsError)
EPILOG = (
    f"{DISCLAIMER} docs/dicom.md tells what is taken, what is answered, and how to try it with "
    "Orthanc."
)

log = logging.getLogger("fracturelens.pacs")


class LateHandshake(ssl.SSLContext):
    """Shakes hands on the first read, in the association's own thread.

    pynetdicom would do so before it listens on: a peer that connects and stays silent would keep
    all others out.
    """

    def wrap_socket(self, sock: Any, *words: Any, **options: Any) -> ssl.SSLSocket:
        """As `ssl.SSLContext.wrap_socket`, without the handshake."""
        return super().wrap_socket(sock, *words, **options | {"do_handshake_on_connect": False})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens serve-dicom`."""
    add = parser.add_argument
    add("--peer", action="append", required=True, metavar="TITLE@ADDRESS",
        help="who may send films, such as XRAY1@192.0.2.7 or *@192.0.2.0/24; repeat it for "
        "more")  # fmt: skip
    add("--to", action="append", required=True, metavar="DESTINATION",
        help="where results go: TITLE@HOST:PORT for C-STORE, an http(s) address for STOW-RS; "
        "repeat it for more")  # fmt: skip
    add("--title", default="FRACTURELENS", help="AE title of the node (default: %(default)s)")
    add("--host", default="0.0.0.0",
        help="address to listen at (default: %(default)s)")  # fmt: skip
    add("--port", type=int, default=11112, help="port (default: %(default)s)")
    add("--quiet", type=float, default=30.0, metavar="SECONDS",
        help="a study is judged when no film of it came for so long (default: "
        "%(default)s)")  # fmt: skip
    add("--spool", type=Path, default=Path("spool"),
        help="folder of what waits; it holds patient data (default: %(default)s)")  # fmt: skip
    add("--metrics-host", default="127.0.0.1", help="address of /metrics (default: %(default)s)")
    add("--metrics-port", type=int, default=9109, help="port of /metrics (default: %(default)s)")
    add("--tls-key", type=Path, help="private key (PEM): films and results are encrypted")
    add("--tls-certificate", type=Path, help="certificate of the node (PEM)")
    add("--tls-ca", type=Path, help="certificates (PEM) that peers and archives must be signed by")
    add_engine_arguments(parser)
    parser.epilog = EPILOG


def run(arguments: argparse.Namespace) -> int:
    """Serves until SIGTERM or Ctrl-C.

    Returns:
        0 where it was told to stop; 1 where a thread ended by an error that nobody foresaw.
    """
    logging.basicConfig(level=logging.INFO, stream=sys.stderr,
                        format="%(asctime)s %(levelname)s %(message)s")  # fmt: skip
    hush_libraries()
    threading.excepthook = log_uncaught
    inside, outside = tls_contexts(arguments)
    door = Door(ae_title(arguments.title), arguments.host, arguments.port,
                tuple(map(peer_of, arguments.peer)), inside)  # fmt: skip
    destinations = [destination_of(words, door.title, outside) for words in arguments.to]
    node, server, metrics_server = _start(arguments, door, destinations)
    signal.signal(signal.SIGTERM, lambda *_: node.stopping.set())
    signal.signal(signal.SIGINT, lambda *_: node.stopping.set())
    while not node.stopping.is_set() and not node.broken.is_set():
        node.stopping.wait(0.5)
    log.info("stopping")
    server.shutdown()
    metrics_server.shutdown()
    node.stop()
    return 1 if node.broken.is_set() else 0


def tls_contexts(
    arguments: argparse.Namespace,
) -> tuple[ssl.SSLContext | None, ssl.SSLContext | None]:
    """How to encrypt what comes and what goes; None for both without a key.

    Both sides show certificates (PS3.15 B.9 asks for TLS 1.2 at least).

    Raises:
        SettingsError: a file is missing or is none.
    """
    files = (arguments.tls_certificate, arguments.tls_key, arguments.tls_ca)
    if not any(files):
        return None, None
    if not all(files):
        raise SettingsError("TLS needs --tls-key, --tls-certificate and --tls-ca, all three.")
    inside = LateHandshake(ssl.PROTOCOL_TLS_SERVER)
    outside = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        for context in (inside, outside):
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(str(arguments.tls_ca))
            context.load_cert_chain(str(arguments.tls_certificate), str(arguments.tls_key))
    except OSError as error:  # ssl.SSLError is one
        raise SettingsError(f"A file for TLS is missing or damaged: {error}.") from error
    return inside, outside


def _start(
    arguments: argparse.Namespace, door: Door, destinations: list[Destination]
) -> tuple[Node, Any, Any]:
    """The node at work, its door and its page of figures."""
    judge = Judge(engine_of(arguments))
    spool, metrics = Spool(arguments.spool), make_metrics()
    node = Node(spool, judge, destinations, metrics, arguments.quiet)
    try:
        server = open_door(door, spool, metrics, lambda uid: film_key(judge.author.digest, uid))
        page = serve_metrics(metrics, arguments.metrics_host, arguments.metrics_port)
    except OSError as error:
        raise SettingsError(
            f"A port cannot be used ({error.strerror}): {door.port} for films, "
            f"{arguments.metrics_port} for figures. Choose others with --port and --metrics-port."
        ) from error
    node.start()
    log.info("%s listens at %s:%d. %s", door.title, door.host, door.port, DISCLAIMER)
    return node, server, page
