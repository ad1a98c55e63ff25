"""`predict`: verdicts, overlays, masks and reports for picture files, folders and globs."""

import argparse
import sys
from functools import partial
from pathlib import Path

from tqdm import tqdm

from fracturelens.batch.earlier import ResultsFolderError
from fracturelens.batch.files import Options, Outcome, predict_files
from fracturelens.batch.names import printable
from fracturelens.batch.search import (
    FileListError,
    ResultsAmongXraysError,
    find_pictures,
    words_of,
)
from fracturelens.networks.runtimes import LITERT
from fracturelens.scale.errors import AddressError, ClusterError
from fracturelens.site.options import TOLD_ERRORS as ENGINE_ERRORS
from fracturelens.site.options import add_network_arguments, engine_of, positive
from important_variables import models_folder

TOLD_ERRORS = (
    ResultsFolderError,
    ResultsAmongXraysError,
    FileListError,
    AddressError,
    ClusterError,
    *ENGINE_ERRORS,
)
EXIT_CODES = (
    "Exit code: 0 where every file got a verdict; 1 where one could not be read or written, or "
    "was refused as no X-ray of a limb, hip or shoulder, or where none was found; 130 where you "
    'stopped the run with Ctrl-C. Refused files have the verdict "refused" in results.jsonl and '
    "results.csv, with the reason, and no pictures."
)
MANY = 100
"""Files from which OpenVINO may be taken: it starts a second or two later than LiteRT."""
STOPPED = 130
"""Exit code, as shells give it to what Ctrl-C ended."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens predict`."""
    parser.add_argument("images", nargs="+", metavar="IMAGE",
                        help="a file, folder or glob; @FILE names a text file with one of these on "
                        "each line")  # fmt: skip
    add_network_arguments(parser)
    parser.add_argument("--out", default="predictions",
                        help="folder of the results; with --ray an address such as "
                        "s3://bucket/results too (default: %(default)s)")  # fmt: skip
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
    parser.add_argument("--parquet", action="store_true",
                        help="write results.parquet too: the same records, a row for each "
                        "X-ray")  # fmt: skip
    parser.add_argument("--study-folders", action="store_true",
                        help="take the X-rays of a folder or archive for the views of one study, "
                        "where no DICOM header names theirs")  # fmt: skip
    add_ray_arguments(parser)
    parser.epilog = EXIT_CODES


def add_ray_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments for many machines."""
    group = parser.add_argument_group("many machines", "docs/scale.md tells how")
    group.add_argument("--ray", nargs="?", const="local", metavar="ADDRESS",
                       help="spread the work over a Ray cluster, or over this machine's cores "
                       "where none is named; IMAGE may be an address such as s3://bucket/films; "
                       "what an earlier run into the same folder has done stays")  # fmt: skip
    group.add_argument("--workers", type=positive, metavar="NUMBER",
                       help="most at once, a core each (default: one on each core)")  # fmt: skip
    group.add_argument("--shard", type=positive, default=200, metavar="FILMS",
                       help="written together; a worker that dies costs as many at most "
                       "(default: %(default)s)")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Predicts every picture, goes on past bad ones, and ends with a count.

    Returns:
        The exit code, see `EXIT_CODES`.
    """
    outcome = _predict(arguments) if arguments.ray is None else _predict_on_ray(arguments)
    if outcome is None:
        sys.stderr.write("No X-ray was found; check the spelling and the folder.\n")
        return 1
    _tell(outcome, arguments.out)
    if outcome.stopped:
        return STOPPED
    return 1 if outcome.unreadable or outcome.refused or outcome.unwritten else 0


def _predict(arguments: argparse.Namespace) -> Outcome | None:
    """Examines all files here; None where there is none."""
    out = Path(arguments.out)
    paths = find_pictures(words_of(arguments.images), out)
    engine = engine_of(arguments, _runtime(arguments.runtime, len(paths)))
    if not paths:
        return None
    return predict_files(
        tqdm(paths, unit="file"),
        engine,
        out,
        resume=arguments.resume,
        models=arguments.models,
        **_options(arguments),
    )


def _predict_on_ray(arguments: argparse.Namespace) -> Outcome | None:
    """Examines all files on a cluster; None where there is none."""
    from fracturelens.scale.cluster import Cluster  # pyarrow is none of the edge's packages
    from fracturelens.scale.run import predict_on_cluster

    arguments.models = arguments.models.absolute()  # workers have another current folder
    arguments.site = arguments.site and arguments.site.absolute()
    return predict_on_cluster(
        words_of(arguments.images),
        partial(engine_of, arguments, _runtime(arguments.runtime)),
        arguments.out,
        Cluster(arguments.ray, arguments.workers, arguments.shard),
        arguments.models,
        _options(arguments),
    )


def _runtime(wanted: str, files: int = 0) -> str:
    """The runtime to load: "auto" means LiteRT where OpenVINO's later start would not pay.

    On a cluster it does too (`files` 0), so that all machines write the same records.
    """
    return LITERT if wanted == "auto" and files < MANY else wanted


def _options(arguments: argparse.Namespace) -> Options:
    return Options(
        always_segment=arguments.always_segment,
        accept_any=arguments.accept_any,
        study_folders=arguments.study_folders,
        pdf=arguments.pdf,
        parquet=arguments.parquet,
    )


def _tell(outcome: Outcome, out: str) -> None:
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
        f"Results are in {printable(out)}\n"
    )
