"""`predict`: verdicts, overlays, masks and reports for picture files, folders and globs."""

import argparse
import sys
from pathlib import Path

from fracturelens.batch.earlier import ResultsFolderError
from fracturelens.batch.files import Outcome, predict_files
from fracturelens.batch.names import printable
from fracturelens.batch.search import ResultsAmongXraysError, find_pictures
from fracturelens.site.options import TOLD_ERRORS as ENGINE_ERRORS
from fracturelens.site.options import engine_of
from important_variables import PRECISIONS, models_folder

TOLD_ERRORS = (ResultsFolderError, ResultsAmongXraysError, *ENGINE_ERRORS)
EXIT_CODES = (
    "Exit code: 0 where every file got a verdict; 1 where one could not be read or written, or "
    "was refused as no X-ray of a limb, hip or shoulder, or where none was found; 130 where you "
    'stopped the run with Ctrl-C. Refused files have the verdict "refused" in results.jsonl and '
    "results.csv, with the reason, and no pictures."
)
STOPPED = 130
"""Exit code, as shells give it to what Ctrl-C ended."""


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
    parser.add_argument("--resume", action="store_true",
                        help="go on where a run into the same folder was stopped: X-rays with a "
                        "verdict or a refusal stay as they are, all others are examined; without "
                        "it, the results of an earlier run are removed")  # fmt: skip
    parser.add_argument("--pdf", action="store_true",
                        help="write a report for each X-ray, and summary.pdf, too")  # fmt: skip
    parser.add_argument("--study-folders", action="store_true",
                        help="take the X-rays of a folder or archive for the views of one study, "
                        "where no DICOM header names theirs")  # fmt: skip
    parser.epilog = EXIT_CODES


def run(arguments: argparse.Namespace) -> int:
    """Predicts every picture, goes on past bad ones, and ends with a count.

    Returns:
        The exit code, see `EXIT_CODES`.
    """
    paths = find_pictures(arguments.images, arguments.out)
    engine = engine_of(arguments)
    if not paths:
        sys.stderr.write("No X-ray was found; check the spelling and the folder.\n")
        return 1
    outcome = predict_files(
        paths,
        engine,
        arguments.out,
        always_segment=arguments.always_segment,
        accept_any=arguments.accept_any,
        resume=arguments.resume,
        study_folders=arguments.study_folders,
        pdf=arguments.pdf,
        models=arguments.models,
    )
    _tell(outcome, arguments.out)
    if outcome.stopped:
        return STOPPED
    return 1 if outcome.unreadable or outcome.refused or outcome.unwritten else 0


def _tell(outcome: Outcome, out: Path) -> None:
    """The X-rays without a verdict, each with its reason on one line, then the count of all."""
    told = {name: f"skipped, {words}" for name, words in outcome.skipped.items()}
    told |= outcome.unreadable | outcome.unwritten
    told |= {name: f"refused. {why.seen} {why.remedy}" for name, why in outcome.refused.items()}
    for name, words in told.items():
        sys.stderr.write(f"{printable(name)}: {words}\n")
    failed, refused = len(outcome.unreadable) + len(outcome.unwritten), len(outcome.refused)
    hint = " --accept-any analyzes these too." if refused else ""
    stopped = " Stopped before the end; --resume goes on." if outcome.stopped else ""
    sys.stdout.write(
        f"{outcome.predicted} predicted, {refused} refused, {failed} failed.{hint}{stopped} "
        f"Results are in {printable(str(out))}\n"
    )
