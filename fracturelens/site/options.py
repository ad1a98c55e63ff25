"""Which networks judge, and for which site: what the commands that judge films share."""

import argparse
from pathlib import Path

from fracturelens.measured.site import SiteError, read_site
from fracturelens.screening.network import ScreeningError
from fracturelens.site.engine import at_site
from important_variables import PRECISIONS, RUNTIMES, models_folder, site_file, wanted_runtime
from prediction import Engine, load_engine

TOLD_ERRORS = (ScreeningError, SiteError)
"""That `engine_of` may raise besides MissingModelError, which every command tells."""


def add_engine_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares --precision, --runtime, --models and --site."""
    add_network_arguments(parser)
    parser.add_argument("--models", type=Path, default=models_folder(),
                        help="folder of the networks (default: %(default)s)")  # fmt: skip
    parser.add_argument("--site", type=Path, default=site_file(), metavar="FILE",
                        help="site.json of `evaluate-site --calibrate`: judge at that site's "
                        "calibration and thresholds (default: FRACTURELENS_SITE)")  # fmt: skip


def add_network_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares --precision and --runtime."""
    parser.add_argument("--precision", choices=PRECISIONS, default="int8",
                        help="int8 needs no TensorFlow (default: %(default)s)")  # fmt: skip
    parser.add_argument("--runtime", choices=RUNTIMES, default=wanted_runtime(),
                        help="of INT8 networks; auto takes OpenVINO where it is installed, quicker "
                        "here and measured to give the same answers, else LiteRT (default: "
                        "FRACTURELENS_RUNTIME, else auto)")  # fmt: skip


def engine_of(arguments: argparse.Namespace, runtime: str | None = None) -> Engine:
    """The engine that the arguments ask for.

    Args:
        arguments: of `add_engine_arguments`.
        runtime: instead of theirs; None for theirs.

    Raises:
        MissingModelError: a network is absent or damaged.
        ScreeningError: the screening network is.
        SiteError: the site's file cannot be used.
    """
    engine = load_engine(arguments.precision, arguments.models, runtime or arguments.runtime)
    return at_site(engine, read_site(arguments.site)) if arguments.site else engine


def positive(text: str) -> int:
    """A number from 1 on, as a word of the command line.

    Raises:
        argparse.ArgumentTypeError: it is less.
    """
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1 on, received {number}")
    return number
