"""`serve-api`: serves the REST interface until the process is stopped."""

import argparse
import logging
import sys

import uvicorn

from api.server import make_server
from api.settings import KEYS_VARIABLE, ApiSettings, ApiSettingsError, key_digests
from fracturelens.serving.guards import HOSTS_VARIABLE
from fracturelens.site.options import TOLD_ERRORS as ENGINE_ERRORS
from fracturelens.site.options import add_engine_arguments, engine_of, positive

TOLD_ERRORS = (ApiSettingsError, *ENGINE_ERRORS)
PORT = 8502


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens serve-api`."""
    usual = ApiSettings()
    parser.add_argument("--host", default="127.0.0.1", help="address (default: %(default)s)")
    parser.add_argument("--port", type=int, default=PORT, help="(default: %(default)s)")
    parser.add_argument("--workers", type=positive, default=usual.workers,
                        help="X-rays examined at once (default: %(default)s)")  # fmt: skip
    parser.add_argument("--queue", type=int, default=usual.queue,
                        help="requests that may wait; further ones get status 429 "
                        "(default: %(default)s)")  # fmt: skip
    add_engine_arguments(parser)
    parser.epilog = (
        f"{KEYS_VARIABLE} holds the keys, with commas between them; without one, only this "
        f"machine is served. {HOSTS_VARIABLE} holds further names that the server goes by."
    )


def run(arguments: argparse.Namespace) -> int:
    """Serves until the process is stopped."""
    settings = ApiSettings(
        arguments.workers, max(0, arguments.queue), key_digests=key_digests(arguments.host)
    )
    app = make_server(engine_of(arguments), settings)
    log = logging.getLogger("fracturelens.api")
    log.setLevel(logging.INFO)
    log.addHandler(logging.StreamHandler(sys.stderr))
    address = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
    sys.stdout.write(f"REST interface: http://{address}:{arguments.port}/\n")
    sys.stdout.flush()
    uvicorn.run(
        app,
        host=arguments.host,
        port=arguments.port,
        log_level="warning",
        access_log=False,  # it would hold whatever stands in an address
        server_header=False,
        proxy_headers=False,
    )
    return 0
