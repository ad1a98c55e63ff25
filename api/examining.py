"""Films in, records and overlays out."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

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
from api.problems import Problem
from api.schemas import PREDICTIONS, Predictions
from api.uploads import BODY, films_of
from fracturelens.batch.files import OPACITY
from fracturelens.export.png import notice_png
from fracturelens.export.records import whole_record
from fracturelens.findings.views import full_overlay
from fracturelens.studies import STUDY, Studies, study_key, study_record
from fracturelens.xray.pictures import Picture
from important_variables import ATTRIBUTION, DISCLAIMER, segmenters
from prediction import Engine

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
    options: AskedOptions,
) -> Response:
    """A record for each X-ray, in the order of the files, as `fracturelens predict` writes it.

    One film that cannot be read, or is refused, has a record that says so; the others are judged.
    """
    async with desk.admitted(), films_of(request, desk.settings) as files:
        records = [
            await desk.work(_record, picture, desk.engine, options)
            async for picture in pictures_of(files, request, desk)
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
    options: AskedOptions,
) -> Response:
    """The overlay of the first X-ray in one file, as `fracturelens predict` draws it."""
    if network not in segmenters():
        raise Problem(422, f"`network` is one of {', '.join(segmenters())}.")
    async with desk.admitted(), films_of(request, desk.settings) as files:
        picture = await only_picture(files, request, desk)
        verdict, png = await desk.work(_overlay, picture, desk.engine, options, network)
    return Response(png, media_type="image/png", headers={VERDICT: verdict})


def _record(picture: Picture, engine: Engine, options: Options) -> dict[str, Any]:
    """The record of one X-ray; its arrays end with this call."""
    report = report_on(picture, engine, options)
    radiograph = report.examination.radiograph
    study = study_key(radiograph.source if radiograph else None, picture.name, by_folder=False)
    return whole_record(report) | ({STUDY: dict([study])} if study else {})


def _overlay(picture: Picture, engine: Engine, options: Options, network: str) -> tuple[str, bytes]:
    """Verdict and PNG of one X-ray.

    Raises:
        Problem: 422, it cannot be read or is refused.
    """
    found = report_on(picture, engine, options).examination
    radiograph, prediction = must_be_judged(found)
    pixels = radiograph.pixels
    drawn = network in prediction.segmentations
    picture_of = full_overlay(pixels, prediction, network, OPACITY) if drawn else pixels
    return str(prediction.verdict), notice_png(picture_of)
