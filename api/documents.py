"""Films in, documents out: the report as PDF, and results as DICOM."""

import json
import uuid
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from tempfile import SpooledTemporaryFile
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from api.desk import TheDesk
from api.films import (
    ERRORS,
    VERDICT,
    AskedOptions,
    Options,
    must_be_judged,
    only_picture,
    pictures_of,
    report_on,
)
from api.problems import Problem, problem_answers
from api.settings import MEGABYTE
from api.uploads import BODY, films_of
from fracturelens.export.dicom_results import DicomResult
from fracturelens.export.pdf import report_pdf
from fracturelens.pacs.judge import UNREADABLE, Judge, Judged, StudyReports
from fracturelens.xray.pictures import Picture
from important_variables import ATTRIBUTION, DISCLAIMER
from prediction import Engine

MULTIPART = "multipart/mixed"
IN_MEMORY = 16 * MEGABYTE
"""Of an answer; a longer one lies on disk until it is sent."""
CHUNK = 256 * 1024
FOR_PDF = ("reportlab", "matplotlib")
FOR_DICOM = (*FOR_PDF, "pydicom", "highdicom")
"""Packages that a small installation may lack."""
BINARY = {"schema": {"type": "string", "format": "binary"}}
REPORTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": f"The report, a page of A4. The header {VERDICT} holds the verdict.",
        "content": {"application/pdf": BINARY},
    }
}
OBJECTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The first part (application/json) tells what became of each film and "
        "names its objects; each further part (application/dicom) is one object.",
        "content": {MULTIPART: BINARY},
    }
}


router = APIRouter(tags=["films"])


@router.post(
    "/reports",
    summary="The report on one film as PDF",
    response_class=Response,
    responses=REPORTS | ERRORS | problem_answers(501),
    openapi_extra={"requestBody": BODY},
)
async def reports(
    request: Request,
    desk: TheDesk,
    options: AskedOptions,
) -> Response:
    """The report on the first X-ray in one file, with its pictures."""
    _check_installed(FOR_PDF, "requirements.txt")
    async with desk.admitted(), films_of(request, desk.settings) as files:
        picture = await only_picture(files, request, desk)
        verdict, pdf = await desk.work(_pdf, picture, desk.engine, options)
    return Response(pdf, media_type="application/pdf", headers={VERDICT: verdict})


@router.post(
    "/dicom-results",
    summary="Results of DICOM films as DICOM objects",
    response_class=Response,
    responses=OBJECTS | ERRORS | problem_answers(501),
    openapi_extra={"requestBody": BODY},
)
async def dicom_results(
    request: Request,
    desk: TheDesk,
    options: AskedOptions,
) -> Response:
    """Presentation state, report, masks, marked copy and PDF of each film, and of each study.

    They belong to the study of their film. A film that cannot be read, is refused, or is no DICOM
    film has an entry that says so; the others have their objects.
    """
    _check_installed(FOR_DICOM, "requirements-pacs.txt")
    answer = _Answer(Judge(desk.engine), options)
    async with desk.admitted(), films_of(request, desk.settings) as files:
        with ExitStack() as unless_done:
            unless_done.callback(answer.close)
            async for picture in pictures_of(files, request, desk):
                await desk.work(answer.add, picture)
            await desk.work(answer.add_studies)
            unless_done.pop_all()
    kind = f"{MULTIPART}; boundary={answer.boundary}"
    return StreamingResponse(answer.chunks(), media_type=kind)


class _Answer:
    """The parts of a multipart answer while they are made."""

    def __init__(self, judge: Judge, options: Options):
        self.boundary = uuid.uuid4().hex
        self._judge, self._options = judge, options
        self._studies = StudyReports(judge)
        self._films: list[dict[str, Any]] = []
        self._study_names: list[str] = []
        self._file = SpooledTemporaryFile(IN_MEMORY)

    def add(self, picture: Picture) -> None:
        """Examines one X-ray and keeps its objects.

        Raises:
            Problem: 507, the disk is full.
        """
        judged = self._judged(picture)
        self._studies.add(judged)
        number = len(self._films) + 1
        names = [self._keep(result, f"{number}_{result.kind}.dcm") for result in judged.results]
        entry = {"file": picture.name, "outcome": judged.outcome, "objects": names}
        self._films.append(entry | ({"reason": judged.reason} if judged.reason else {}))

    def add_studies(self) -> None:
        """Keeps the report on each study of several films; raises as `add`."""
        for number, result in enumerate(self._studies.results(), 1):
            self._study_names.append(self._keep(result, f"study_{number}.dcm"))

    def close(self) -> None:
        """Lets go of what was kept."""
        self._file.close()

    def chunks(self) -> Iterator[bytes]:
        """The whole body, piece by piece."""
        told = {
            "notice": DISCLAIMER, "attribution": ATTRIBUTION,
            "results": self._films, "studies": self._study_names,
        }  # fmt: skip
        with self._file:
            yield self._head("application/json") + json.dumps(told).encode() + b"\r\n"
            self._file.seek(0)
            while piece := self._file.read(CHUNK):
                yield piece
            yield f"--{self.boundary}--\r\n".encode()

    def _judged(self, picture: Picture) -> Judged:
        if picture.error:
            return Judged(UNREADABLE, [], picture.error)
        return self._judge.judge(picture.data, **self._options)

    def _keep(self, result: DicomResult, name: str) -> str:
        """Appends an object as a part; its name."""
        named = f'Content-Disposition: attachment; filename="{name}"'
        try:
            self._file.write(self._head("application/dicom", named) + result.data + b"\r\n")
        except OSError:
            raise Problem(507, "The server's disk takes no more results at the moment.") from None
        return name

    def _head(self, kind: str, *lines: str) -> bytes:
        return "\r\n".join((f"--{self.boundary}", f"Content-Type: {kind}", *lines, "", "")).encode()


def _check_installed(packages: Iterable[str], file: str) -> None:
    """Turns a request away that the installed packages cannot answer.

    Raises:
        Problem: 501.
    """
    if missing := [name for name in packages if find_spec(name) is None]:
        raise Problem(501, f"The server lacks {', '.join(missing)}: pip install -r {file}.")


def _pdf(picture: Picture, engine: Engine, options: Options) -> tuple[str, bytes]:
    """Verdict and PDF of one X-ray.

    Raises:
        Problem: 422, it cannot be read or is refused.
    """
    report = report_on(picture, engine, options)
    _, prediction = must_be_judged(report.examination)
    return str(prediction.verdict), report_pdf(report)
