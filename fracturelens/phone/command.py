"""`export-phone`: writes the folder of the phone's web app, and serves it if asked."""

import argparse
import sys
from pathlib import Path

from fracturelens.networks.card import CardError
from fracturelens.phone.export import PhoneExportError, export_phone
from fracturelens.phone.serve import make_server
from important_variables import models_folder

TOLD_ERRORS = (PhoneExportError, CardError)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens export-phone`."""
    parser.add_argument("folder", type=Path, metavar="DIR",
                        help="new folder, or one that this command wrote before")  # fmt: skip
    parser.add_argument("--models", type=Path, default=models_folder(),
                        help="folder of the networks (default: %(default)s)")  # fmt: skip
    parser.add_argument("--serve", type=int, metavar="PORT",
                        help="serve the folder on this machine afterwards")  # fmt: skip
    parser.epilog = (
        "Any web server can host the folder. Phones install the app from an https address."
    )


def run(arguments: argparse.Namespace) -> int:
    """Writes the folder, and serves it until Ctrl+C where a port is named; always 0."""
    size = export_phone(arguments.folder, arguments.models)
    sys.stdout.write(f"{arguments.folder}: {size / 1e6:.1f} MB\n")
    if arguments.serve is not None:
        with make_server(arguments.folder, arguments.serve) as server:
            sys.stdout.write(f"http://127.0.0.1:{server.server_port} (Ctrl+C ends it)\n")
            sys.stdout.flush()
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                sys.stdout.write("\n")
    return 0
