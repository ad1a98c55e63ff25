"""`evaluate-site`: measures the gate on a site's own X-rays and, if asked, calibrates it there."""

import argparse
import getpass
import sys
from pathlib import Path

from fracturelens.measured.bootstrap import Bootstrap
from fracturelens.measured.corrected import CorrectionsError
from fracturelens.measured.figures import with_interval
from fracturelens.measured.site import LONGEST_NAME, SiteFigures, is_site_name, write_site
from fracturelens.site.cases import Cases, examine_cases
from fracturelens.site.choose import CannotCalibrateError, Needed
from fracturelens.site.evaluation import (
    SiteEvaluation,
    calibrate_site,
    evaluate_cases,
    write_site_evaluation,
)
from fracturelens.site.labels import LabelsError, read_labels
from fracturelens.site.options import add_network_arguments
from fracturelens.site.report import site_report
from fracturelens.site.worst import worst_pictures
from important_variables import models_folder
from prediction import load_engine

SEED = 20261126
"""Of the halves."""


class NothingJudgedError(RuntimeError):
    """No file could be judged; the text gives the first reason."""


class SiteNameError(ValueError):
    """The site's name cannot be shown; the text says what can."""


TOLD_ERRORS = (
    LabelsError,
    CorrectionsError,
    CannotCalibrateError,
    NothingJudgedError,
    SiteNameError,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens evaluate-site`."""
    needed = Needed()
    parser.add_argument("source", type=Path, metavar="FOLDER",
                        help="folder with fractured/ and normal/, or a CSV table with the columns "
                        "file, label and, where known, patient, or the corrections that the "
                        "dashboard saved (.json)")  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("site_evaluation"),
                        help="folder of the results (default: %(default)s)")  # fmt: skip
    parser.add_argument("--name", default="",
                        help="of the site, as shown (default: the folder's)")  # fmt: skip
    parser.add_argument("--by", default="", help="who runs this (default: the user's login)")
    parser.add_argument("--calibrate", action="store_true",
                        help="choose calibration and thresholds on half of the X-rays, measure "
                        "them on the other half, write site.json; needs "
                        f"{needed.fractured} fractured and {needed.normal} normal")  # fmt: skip
    parser.add_argument("--seed", type=int, default=SEED,
                        help="of the halves (default: %(default)s)")  # fmt: skip
    add_network_arguments(parser)
    parser.add_argument("--models", type=Path, default=models_folder(),
                        help="folder of the networks (default: %(default)s)")  # fmt: skip
    parser.epilog = (
        "Nothing leaves this machine. The report shows your X-rays and the names of their files: "
        "keep it where you keep those."
    )


def run(arguments: argparse.Namespace) -> int:
    """Writes report.html and evaluation.json and, where asked, site.json; prints the figures.

    Where there are too few X-rays to calibrate, the report is written all the same.
    """
    name = _site_name(arguments)
    labels = read_labels(arguments.source, arguments.out)
    engine = load_engine(arguments.precision, arguments.models, arguments.runtime)
    cases = examine_cases(labels.files, engine)
    cases.left_out |= labels.left_out
    if not cases.judged:
        raise NothingJudgedError(
            "None of the files could be judged. "
            + "; ".join(f"{file}: {reason}" for file, reason in list(cases.left_out.items())[:3])
        )
    bootstrap = Bootstrap()
    evaluation = evaluate_cases(cases, engine, name, _author(arguments.by), bootstrap)
    refusal = None
    if arguments.calibrate:
        try:
            evaluation = calibrate_site(evaluation, engine, arguments.seed, bootstrap)
        except CannotCalibrateError as error:
            refusal = error
    _write(evaluation, cases, arguments.out)
    sys.stdout.write(_told(evaluation, arguments.out))
    if refusal:
        raise refusal
    return 0


def _write(evaluation: SiteEvaluation, cases: Cases, out: Path) -> None:
    """The files of the results; a site.json of an earlier run stays where none is made."""
    out.mkdir(parents=True, exist_ok=True)
    write_site_evaluation(evaluation, out / "evaluation.json")
    report = site_report(evaluation, worst_pictures(evaluation, cases.judged))
    (out / "report.html").write_text(report, encoding="utf-8")
    if evaluation.calibrated:
        write_site(evaluation.calibrated.site, out / "site.json")


def _site_name(arguments: argparse.Namespace) -> str:
    name = arguments.name or arguments.source.resolve().stem[:LONGEST_NAME].strip()
    if not is_site_name(name):
        raise SiteNameError(
            f"The site's name must be one printable line of at most {LONGEST_NAME} characters; "
            f"received {name[:100]!r}. Give another with --name."
        )
    return name


def _author(given: str) -> str:
    """Who runs it; a machine may not know its user's name."""
    try:
        return given or getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _told(evaluation: SiteEvaluation, out: Path) -> str:
    """The figures that matter most, a line each."""
    accepted, left = evaluation.acceptance, len(evaluation.left_out)
    lines = [
        _figures_line("All X-rays, thresholds as shipped", evaluation.shipped),
        f"Screening: refused {with_interval(accepted['refused'])}, "
        f"cautioned {with_interval(accepted['cautioned'])}",
    ]
    if found := evaluation.calibrated:
        lines += [
            _figures_line("Held-out half, thresholds as shipped", found.before),
            _figures_line("Held-out half, calibrated here", found.site.held_out),
        ]
    lines += [f"{left} left out; the report says why"] if left else []
    return "\n".join([*lines, f"Results are in {out}"]) + "\n"


def _figures_line(title: str, figures: SiteFigures) -> str:
    points = figures.operating_points
    rates = "; ".join(
        f"{key} from {point.threshold:.3f}: sensitivity "
        f"{with_interval(point.metrics['sensitivity'])}, specificity "
        f"{with_interval(point.metrics['specificity'])}"
        for key, point in points.items()
    )
    return (
        f"{title} ({figures.images}, {figures.fractured} fractured): AUROC "
        f"{with_interval(figures.metrics['auroc'])}; {rates}"
    )
