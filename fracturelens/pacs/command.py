"""`pacs`: examines the films of studies in an archive and puts the results beside them."""

import argparse
import sys
from collections import Counter
from datetime import date

from fracturelens.export.dicom_results import DicomResult
from fracturelens.export.dicom_sr import report_uids
from fracturelens.export.dicom_study import study_report_uid
from fracturelens.pacs.archive import Archive, archive_of, days_ago
from fracturelens.pacs.destinations import NotTakenError, UnreachableError
from fracturelens.pacs.judge import Judge, Judged, StudyReports
from fracturelens.pacs.node import hush_libraries
from fracturelens.pacs.peers import SettingsError
from fracturelens.site.options import TOLD_ERRORS as ENGINE_ERRORS
from fracturelens.site.options import add_engine_arguments, engine_of
from important_variables import DISCLAIMER

TOLD_ERRORS = (*ENGINE_ERRORS, SettingsError, UnreachableError)
NOT_TAKEN, ANSWERED, UNREACHABLE = "not taken", "answered before", "unreachable"
EXIT_CODES = (
    "Exit code: 0 where every film got a verdict or was refused as no limb; 1 where one could not "
    "be read, fetched or answered. Films that have their report already are left out. User and "
    "password of the archive stand in the environment variables FRACTURELENS_PACS_USER and "
    f"FRACTURELENS_PACS_PASSWORD. {DISCLAIMER}"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens pacs`."""
    add = parser.add_argument
    add("--url", required=True, help="DICOMweb, such as http://localhost:8042/dicom-web")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--study", action="append", metavar="UID", help="repeat it for more")
    which.add_argument("--accession", metavar="NUMBER", help="studies with this number")
    which.add_argument("--since", metavar="SPAN", help="studies of the last 1d, 3d, 2w ...")
    add_engine_arguments(parser)
    parser.epilog = EXIT_CODES


def run(arguments: argparse.Namespace) -> int:
    """Goes through the studies, past films that give no results, and ends with a count.

    Returns:
        The exit code, see `EXIT_CODES`.
    """
    hush_libraries()
    archive = archive_of(arguments.url)
    studies = _studies(archive, arguments)
    judge = Judge(engine_of(arguments))
    outcomes: Counter[str] = Counter()
    for uid in studies:
        outcomes += examine_study(archive, uid, judge)
    count = ", ".join(f"{number} {words}" for words, number in sorted(outcomes.items()))
    sys.stdout.write(f"{len(studies)} studies: {count or 'no film'}.\n")
    return 1 if {"unreadable", "no_study", UNREACHABLE, NOT_TAKEN} & set(outcomes) else 0


def examine_study(archive: Archive, study_uid: str, judge: Judge) -> Counter[str]:
    """Examines the films of one study that have no report of these networks yet.

    Those that have one are judged again only where the report on the whole study is missing.

    Returns:
        How many films had which outcome; words, or the key of a verdict.
    """
    outcomes: Counter[str] = Counter()
    places, known = archive.places_in(study_uid)
    uids = [place.instance_uid for place in places]
    is_told = len(places) < 2 or study_report_uid(judge.author, uids) in known
    studies = StudyReports(judge)
    for place in places:
        answered = bool(known & report_uids(judge.author, place.instance_uid))
        if answered and is_told:
            outcomes[ANSWERED] += 1
            continue
        try:
            judged = judge.judge(archive.film(place))
            outcome = ANSWERED if answered else _sent(judged, archive)
        except UnreachableError as error:
            sys.stderr.write(f"{place.instance_uid}: {error}\n")
            outcome = UNREACHABLE
        else:
            studies.add(judged)
        outcomes[outcome] += 1
    if not is_told and UNREACHABLE not in outcomes:
        outcomes += _send_study(archive, studies)
    return outcomes


def _sent(judged: Judged, archive: Archive) -> str:
    """Sends the results of one film; its outcome."""
    if not judged.results and judged.reason:
        sys.stderr.write(f"{judged.outcome}: {judged.reason}\n")
    return judged.outcome if _is_taken(judged.results, archive) else NOT_TAKEN


def _send_study(archive: Archive, studies: StudyReports) -> Counter[str]:
    """Sends the report on a study; what went wrong counts as an outcome."""
    try:
        return Counter() if _is_taken(list(studies.results()), archive) else Counter([NOT_TAKEN])
    except UnreachableError as error:
        sys.stderr.write(f"{error}\n")
        return Counter([UNREACHABLE])


def _is_taken(results: list[DicomResult], archive: Archive) -> bool:
    if results:
        try:
            archive.store([result.data for result in results])
        except NotTakenError as error:
            sys.stderr.write(f"{error}\n")
            return False
    return True


def _studies(archive: Archive, arguments: argparse.Namespace) -> list[str]:
    if arguments.study:
        return arguments.study
    if arguments.accession:
        return archive.studies_of(AccessionNumber=arguments.accession)
    return archive.studies_since(days_ago(arguments.since, date.today()))
