"""What all routes that take films share: their options, their films one by one, and errors."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.datastructures import UploadFile

from api.desk import Desk
from api.problems import Problem, problem_answers
from api.uploads import film_name, too_many
from fracturelens.export.provenance import provenance_of
from fracturelens.export.records import Report
from fracturelens.results import Examination, FracturePrediction
from fracturelens.xray.pictures import Picture, read_pictures
from fracturelens.xray.radiograph import Radiograph
from prediction import Engine, examine_xray, shares_for

ERRORS = problem_answers(400, 408, 413, 415, 421, 422, 429, 507)
VERDICT = "FractureLens-Verdict"
"""Header of an answer about one film."""
AlwaysSegment = Annotated[
    bool, Query(description="run the segmenters and paint whatever the verdict")
]
AcceptAny = Annotated[
    bool, Query(description="judge pictures that do not look like an X-ray of a limb too")
]
Options = dict[str, bool]
"""Of `prediction.examine_xray`."""


def asked_options(always_segment: AlwaysSegment = False, accept_any: AcceptAny = False) -> Options:
    """What the query asks of every film."""
    return {"always_segment": always_segment, "accept_any": accept_any}


AskedOptions = Annotated[Options, Depends(asked_options)]


async def pictures_of(
    files: Sequence[UploadFile], request: Request, desk: Desk
) -> AsyncIterator[Picture]:
    """The X-rays of all files, one at a time; none any more once nobody waits for the answer."""
    number = 0
    for file in files:
        data = await file.read()
        for picture in await desk.work(read_pictures, data, film_name(file), desk.settings.limits):
            number += 1
            if number > desk.settings.most_films:
                raise too_many(desk.settings)
            if await request.is_disconnected():
                return
            yield picture


async def only_picture(files: Sequence[UploadFile], request: Request, desk: Desk) -> Picture:
    """The first X-ray of the only file.

    Raises:
        Problem: 422, there are several files, or none holds an X-ray.
    """
    if len(files) > 1:
        raise Problem(422, "Send one film at a time.")
    async for picture in pictures_of(files, request, desk):
        return picture
    raise Problem(422, "The file holds no X-ray.")


def report_on(picture: Picture, engine: Engine, options: Options) -> Report:
    """What became of one X-ray, ready to be written."""
    found = examine_xray(picture.data, engine, decode=lambda _: picture.decode(), **options)
    made = provenance_of(engine.networks, engine.precision, engine.screening)
    radiograph = found.radiograph
    read = (lambda: radiograph.pixels) if radiograph is not None else None
    shares = shares_for(found, engine)
    return Report(picture.name, found, shares, picture.digest, made=made, read=read)


def must_be_judged(found: Examination) -> tuple[Radiograph, FracturePrediction]:
    """What was read and predicted; a film without a verdict is turned away.

    Raises:
        Problem: 422, it cannot be read or is refused.
    """
    if found.radiograph is None:
        raise Problem(422, f"The film cannot be read: {found.error}")
    if found.prediction is None:
        refusal = found.refusal
        raise Problem(422, f"{refusal.seen} {refusal.remedy}" if refusal else "It was not judged.")
    return found.radiograph, found.prediction
