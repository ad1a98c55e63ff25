"""The films of a request: read within bounds on their number, bytes and time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.types import Message, Receive

from api.problems import Problem
from api.settings import MEGABYTE, ApiSettings
from fracturelens.xray.archives.zipped import member_name

FIELD = "files"
BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": [FIELD],
                "properties": {
                    FIELD: {
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "string", "format": "binary"},
                        "description": "the films, each with a file name: PNG, JPEG, TIFF, BMP, "
                        "WebP, AVIF, HEIC, JPEG 2000 or DICOM, a gzip or ZIP of them",
                    }
                },
            }
        }
    },
}
"""What OpenAPI is told of the body."""


@asynccontextmanager
async def films_of(request: Request, settings: ApiSettings) -> AsyncIterator[list[UploadFile]]:
    """The files of a request, in its order, until the block ends; large ones lie on disk.

    Raises:
        Problem: the request is too large or too slow, holds no film, or the disk is full.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Problem(415, "Send the films as multipart/form-data, such as curl -F files=@film.png")
    _check_length(request.headers.get("content-length", "0"), settings)
    counted = Request(request.scope, _counted(request.receive, settings))
    try:
        async with asyncio.timeout(settings.upload_seconds):
            form = await counted.form(max_files=settings.most_films, max_fields=settings.most_films)
    except TimeoutError:
        raise Problem(
            408, f"The films did not arrive within {settings.upload_seconds:g} seconds."
        ) from None
    except OSError:
        raise Problem(507, "The server's disk takes no more films at the moment.") from None
    try:
        yield _files(form.getlist(FIELD))
    finally:
        await form.close()


def film_name(file: UploadFile) -> str:
    """Its name, cut to what may be shown; of a path the last part."""
    return member_name(file.filename or "").rpartition("/")[2]


def too_many(settings: ApiSettings) -> Problem:
    """The refusal of a request with more films than are taken at once."""
    return Problem(
        413, f"At most {settings.most_films} X-rays are taken in one request. Send several."
    )


def _files(parts: list[Any]) -> list[UploadFile]:
    files = [part for part in parts if isinstance(part, UploadFile)]
    if not files or len(files) < len(parts):
        raise Problem(422, f"Send at least one film in the field {FIELD!r}, each with a file name.")
    return files


def _check_length(length: str, settings: ApiSettings) -> None:
    if length.isdecimal() and int(length) > settings.most_bytes:
        raise _too_large(settings)


def _counted(receive: Receive, settings: ApiSettings) -> Receive:
    """As `receive`, with an end to bodies that are longer than they may be."""
    left = settings.most_bytes

    async def receive_counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise _too_large(settings)
        return message

    return receive_counted


def _too_large(settings: ApiSettings) -> Problem:
    most = settings.most_bytes // MEGABYTE
    return Problem(413, f"At most {most} MB are taken in one request. Send several.")
