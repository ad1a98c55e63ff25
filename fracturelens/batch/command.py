"""`predict`: verdicts, overlays and masks for picture files, folders and globs."""

import argparse
import sys
from pathlib import Path

from fracturelens.batch.files import Outcome, predict_files
from fracturelens.batch.search import find_pictures
from fracturelens.measured.site import SiteError, read_site
from fracturelens.site.engine import at_site
from important_variables import PRECISIONS, models_folder
from prediction import load_engine

TOLD_ERRORS = (SiteError,)
EXIT_CODES = (
    "Exit code: 0 where every file got a verdict; 1 where one could not be read or was refused "
    "as no X-ray of a limb, hip or shoulder, or where none was found. Refused files have the "
    'verdict "refused" in results.jsonl and results.csv, with the reason, and no pictures.'
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens predict`."""
    parser.add_argument("images", nargs="+", metavar="IMAGE", help="a file, folder or glob")
    parser.add_argument("--precision", choices=PRECISIONS, default="int8",
                        help="int8 needs no TensorFlow (default: %(default)s)")  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("predictions"),
                        help="folder of the results (default: %(default)s)")  # fmt: skip
    parser.add_argument("--always-segment", action="store_true",
                        help="run the segmenters and paint whatever the verdict")  # fmt: skip
    parser.add_argument("--models", type=Path, default=models_folder(),
                        help="folder of the networks (default: %(default)s)")  # fmt: skip
    parser.add_argument("--site", type=Path, metavar="FILE",
                        help="site.json of `evaluate-site --calibrate`: judge at that site's "
                        "calibration and thresholds")  # fmt: skip
    parser.add_argument("--accept-any", action="store_true",
                        help="analyze pictures that do not look like an X-ray too; their records "
                        'say so under "judged_despite"')  # fmt: skip
    parser.epilog = EXIT_CODES


def run(arguments: argparse.Namespace) -> int:
    """Predicts every picture, goes on past bad ones, and ends with a count.

    Returns:
        The exit code, see `EXIT_CODES`.
    """
    engine = load_engine(arguments.precision, arguments.models)
    if arguments.site:
        engine = at_site(engine, read_site(arguments.site))
    paths = find_pictures(arguments.images, arguments.out)
    outcome = predict_files(
        paths,
        engine,
        arguments.out,
        always_segment=arguments.always_segment,
        accept_any=arguments.accept_any,
    )
    _tell(outcome, arguments.out)
    return 1 if outcome.unreadable or outcome.refused or not paths else 0


def _tell(outcome: Outcome, out: Path) -> None:
    """The X-rays without a verdict, each with its reason, then the count of all."""
    for name, words in outcome.skipped.items():
        sys.stderr.write(f"{name}: skipped, {words}\n")
    for name, reason in outcome.unreadable.items():
        sys.stderr.write(f"{name}: {reason}\n")
    for name, refusal in outcome.refused.items():
        sys.stderr.write(f"{name}: refused. {refusal.seen} {refusal.remedy}\n")
    failed, refused = len(outcome.unreadable), len(outcome.refused)
    hint = " --accept-any analyzes these too." if refused else ""
    sys.stdout.write(
        f"{outcome.predicted} predicted, {refused} refused, {failed} failed.{hint} "
        f"Results are in {out}\n"
    )
