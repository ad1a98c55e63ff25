"""`app`: starts the app in a browser, from a clone and where it is installed alike."""

import argparse
import os
import runpy
import sys
from importlib import import_module
from pathlib import Path

from fracturelens.measured.site import SiteError, read_site
from important_variables import ROOT, site_file

PORT = 8501
TOLD_ERRORS = (SiteError,)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens app`."""
    parser.add_argument("--port", type=int, default=PORT, help="(default: %(default)s)")
    parser.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    parser.add_argument("--site", type=Path, default=site_file(), metavar="FILE",
                        help="site.json of `evaluate-site --calibrate`: judge at that site's "
                        "calibration and thresholds (default: FRACTURELENS_SITE)")  # fmt: skip
    parser.epilog = (
        "Only this machine can reach the app. STREAMLIT_SERVER_ADDRESS=0.0.0.0 opens it to others; "
        "SECURITY.md says how to do so safely. Streamlit's other settings are environment "
        "variables of this kind."
    )


def run(arguments: argparse.Namespace) -> int:
    """Serves the app until the process is stopped; a site.json that cannot be used stops it here.

    Streamlit reads the .streamlit/config.toml that lies beside app.py, whatever the current folder,
    and runs in this process, so that Ctrl-C and signals reach it.
    """
    if arguments.site:
        read_site(arguments.site)
        os.environ["FRACTURELENS_SITE"] = str(arguments.site.resolve())
    words = ["run", str(ROOT / "app.py"), "--server.port", str(arguments.port)]
    if arguments.no_browser:
        words += ["--server.headless", "true"]
    sys.argv = ["streamlit", *words]
    import_module("streamlit")  # where it is missing, runpy would not say ModuleNotFoundError
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
    return 0
