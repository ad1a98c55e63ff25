"""Films in, records and overlays out: the two POST routes."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import UploadFile

from api.desk import Desk, TheDesk
from api.problems import Problem, problem_answers
from api.schemas import PREDICTIONS, Predictions
from api.uploads import BODY, film_name, films_of, too_many
from fracturelens.batch.files import OPACITY
from fracturelens.export.png import notice_png
from fracturelens.export.provenance import provenance_of
from fracturelens.export.records import Report, whole_record
from fracturelens.findings.views import full_overlay
from fracturelens.results import Examination
from fracturelens.studies import STUDY, Studies, study_key, study_record
from fracturelens.xray.pictures import Picture, read_pictures
from important_variables import ATTRIBUTION, DISCLAIMER, segmenters
from prediction import Engine, examine_xray, shares_for

ERRORS = problem_answers(400, 408, 413, 415, 421, 422, 429, 507)
VERDICT = "FractureLens-Verdict"
"""Header of an overlay."""
OVERLAYS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The film in its own size with its marks: dotted rings where the verdict is "
        f"doubtful, none where nothing is marked. The header {VERDICT} holds the verdict.",
        "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
    }
}
Network = Annotated[
    str,
    Query(description="whose marks to draw", json_schema_extra={"enum": list(segmenters())}),
]
AlwaysSegment = Annotated[
    bool, Query(description="run the segmenters and paint whatever the verdict")
]
AcceptAny = Annotated[
    bool, Query(description="judge pictures that do not look like an X-ray of a limb too")
]


router = APIRouter(tags=["films"])


@router.post(
    "/predictions",
    summary="Verdict and findings of one or many films",
    response_model=Predictions,
    responses=PREDICTIONS | ERRORS,
    openapi_extra={"requestBody": BODY},
)
async def predictions(
    request: Request,
    desk: TheDesk,
    always_segment: AlwaysSegment = False,
    accept_any: AcceptAny = False,
) -> Response:
    """A record for each X-ray, in the order of the files, as `fracturelens predict` writes it.

    One film that cannot be read, or is refused, has a record that says so; the others are judged.
    """
    options = {"always_segment": always_segment, "accept_any": accept_any}
    async with desk.admitted(), films_of(request, desk.settings) as files:
        records = [
            await desk.work(_record, picture, desk.engine, options)
            async for picture in _pictures(files, request, desk)
        ]
    studies = Studies()
    for record in records:
        studies.add(record)
    return JSONResponse(
        {
            "notice": DISCLAIMER,
            "attribution": ATTRIBUTION,
            "results": records,
            "studies": [study_record(study) for study in studies.all()],
        }
    )


@router.post(
    "/overlays",
    summary="One film with what a network marks on it",
    response_class=Response,
    responses=OVERLAYS | ERRORS,
    openapi_extra={"requestBody": BODY},
)
async def overlays(
    request: Request,
    desk: TheDesk,
    network: Network,
    always_segment: AlwaysSegment = False,
    accept_any: AcceptAny = False,
) -> Response:
    """The overlay of the first X-ray in one file, as `fracturelens predict` draws it."""
    if network not in segmenters():
        raise Problem(422, f"`network` is one of {', '.join(segmenters())}.")
    options = {"always_segment": always_segment, "accept_any": accept_any}
    async with desk.admitted(), films_of(request, desk.settings) as files:
        if len(files) > 1:
            raise Problem(422, "Send one film at a time for an overlay.")
        async for picture in _pictures(files, request, desk):
            verdict, png = await desk.work(_overlay, picture, desk.engine, options, network)
            return Response(png, media_type="image/png", headers={VERDICT: verdict})
    raise Problem(422, "The file holds no X-ray.")


async def _pictures(
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


def _record(picture: Picture, engine: Engine, options: dict[str, bool]) -> dict[str, Any]:
    """The record of one X-ray; its arrays end with this call."""
    found = _examined(picture, engine, options)
    made = provenance_of(engine.networks, engine.precision, engine.screening)
    shares = shares_for(found, engine)
    record = whole_record(Report(picture.name, found, shares, picture.digest, made=made))
    source = found.radiograph.source if found.radiograph else None
    study = study_key(source, picture.name, by_folder=False)
    return record | ({STUDY: dict([study])} if study else {})


def _overlay(
    picture: Picture, engine: Engine, options: dict[str, bool], network: str
) -> tuple[str, bytes]:
    """Verdict and PNG of one X-ray.

    Raises:
        Problem: 422, it cannot be read or is refused.
    """
    found = _examined(picture, engine, options)
    if found.radiograph is None:
        raise Problem(422, f"The film cannot be read: {found.error}")
    if found.prediction is None:
        refusal = found.refusal
        raise Problem(422, f"{refusal.seen} {refusal.remedy}" if refusal else "It was not judged.")
    pixels, prediction = found.radiograph.pixels, found.prediction
    drawn = network in prediction.segmentations
    picture_of = full_overlay(pixels, prediction, network, OPACITY) if drawn else pixels
    return str(prediction.verdict), notice_png(picture_of)


def _examined(picture: Picture, engine: Engine, options: dict[str, bool]) -> Examination:
    return examine_xray(picture.data, engine, decode=lambda _: picture.decode(), **options)
