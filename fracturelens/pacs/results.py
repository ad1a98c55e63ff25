"""`dicom-results`: writes the DICOM results of X-ray files into a folder."""

import argparse
import sys
from collections import Counter
from dataclasses import fields
from pathlib import Path

from fracturelens.batch.search import find_pictures
from fracturelens.export.dicom_film import StudyFields, film_of_picture
from fracturelens.export.dicom_source import NO_STUDY, NoStudyError
from fracturelens.export.names import download_name
from fracturelens.pacs.judge import Judge, Judged, StudyReports
from fracturelens.pacs.node import hush_libraries
from fracturelens.pacs.peers import SettingsError
from fracturelens.site.options import TOLD_ERRORS as ENGINE_ERRORS
from fracturelens.site.options import add_engine_arguments, engine_of
from fracturelens.xray.content import kind_of
from fracturelens.xray.errors import UnreadableXrayError
from fracturelens.xray.pictures import Picture, read_pictures
from important_variables import DISCLAIMER

TOLD_ERRORS = (*ENGINE_ERRORS, SettingsError, NoStudyError)
KEYS = tuple(field.name for field in fields(StudyFields))
EXIT_CODES = (
    "Exit code: 0 where every X-ray got results; 1 where one could not be read, was refused, or "
    f"has no study. {DISCLAIMER}"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens dicom-results`."""
    add = parser.add_argument
    add("images", nargs="+", metavar="IMAGE", help="a file, folder or glob")
    add("--out", type=Path, default=Path("dicom_results"),
        help="folder of the results (default: %(default)s)")  # fmt: skip
    add("--study", nargs="+", default=[], metavar="KEY=VALUE",
        help="patient and study of pictures that are no DICOM files; keys are "
        f"{', '.join(KEYS)}. Without them such pictures have no study to attach to")  # fmt: skip
    add_engine_arguments(parser)
    parser.epilog = EXIT_CODES


def run(arguments: argparse.Namespace) -> int:
    """Writes results X-ray by X-ray, goes on past those that give none, and ends with a count.

    Returns:
        The exit code, see `EXIT_CODES`.
    """
    hush_libraries()
    study = study_fields(arguments.study)
    paths = find_pictures(arguments.images, arguments.out)
    judge = Judge(engine_of(arguments))
    arguments.out.mkdir(parents=True, exist_ok=True)
    stems: Counter[str] = Counter()
    outcomes: Counter[bool] = Counter()
    studies = StudyReports(judge)
    for path in paths:
        for picture in _pictures_of(path):
            judged = _write_results(picture, judge, study, arguments.out, stems)
            outcomes[bool(judged and judged.results)] += 1
            if judged:
                studies.add(judged)
    for place, report in enumerate(studies.results(), 1):
        (arguments.out / f"study_{place}.dcm").write_bytes(report.data)
    sys.stdout.write(
        f"{outcomes[True]} X-rays with results, {outcomes[False]} without. They are in "
        f"{arguments.out}\n"
    )
    return 0 if outcomes[True] and not outcomes[False] else 1


def study_fields(words: list[str]) -> StudyFields | None:
    """Patient and study as they are written, such as patient_id=P7 sex=F; None where nothing is.

    Raises:
        SettingsError: a word is no KEY=VALUE, or the key is not known.
    """
    given = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or key not in KEYS:
            raise SettingsError(f"{word!r} is no KEY=VALUE with a key of {', '.join(KEYS)}.")
        given[key] = value
    return StudyFields(**({"patient_id": ""} | given)) if given else None


def _pictures_of(path: Path) -> list[Picture]:
    try:
        return read_pictures(path.read_bytes(), str(path))
    except OSError as error:
        return [Picture(str(path), error=f"the file cannot be opened ({error.strerror}).")]


def _write_results(
    picture: Picture, judge: Judge, study: StudyFields | None, out: Path, stems: Counter[str]
) -> Judged | None:
    """Writes the objects of one X-ray, or says why there are none; None where it has no study."""
    stem = download_name(picture.name, "")
    stems[stem] += 1
    name = stem if stems[stem] == 1 else f"{stem}-{stems[stem]}"
    try:
        film, is_new = _film_of(picture, study)
    except (NoStudyError, UnreadableXrayError) as error:
        sys.stderr.write(f"{picture.name}: {error}\n")
        return None
    judged = judge.judge(film)
    if not judged.results:
        sys.stderr.write(f"{picture.name}: {judged.outcome}, {judged.reason}\n")
        return judged
    if is_new:
        (out / f"{name}_film.dcm").write_bytes(film)
    for result in judged.results:
        (out / f"{name}_{result.kind}.dcm").write_bytes(result.data)
    return judged


def _film_of(picture: Picture, study: StudyFields | None) -> tuple[bytes, bool]:
    """The X-ray as a DICOM file, and whether it was made here.

    Raises:
        NoStudyError: it is no DICOM file and no study was given.
        UnreadableXrayError: it cannot be read.
    """
    if kind_of(picture.data) == "dicom" and not picture.error:
        return picture.data, False
    radiograph = picture.decode()
    if study is None:
        raise NoStudyError(NO_STUDY.format("the file is no DICOM film"))
    return film_of_picture(radiograph.pixels, study), True
