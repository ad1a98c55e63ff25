"""Errors as application/problem+json (RFC 9457), without anything of the request in them."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

CONTENT_TYPE = "application/problem+json"
LOG = logging.getLogger("fracturelens.api")
SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "always about:blank"},
        "title": {"type": "string", "description": "the status in words"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what is wrong and what to do"},
    },
}


class Problem(Exception):
    """A request cannot be answered; the detail says what is wrong and what to do."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None):
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, dict(headers or {})


def problem_answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI is told of errors with these statuses."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {CONTENT_TYPE: {"schema": SCHEMA}},
        }
        for status in statuses
    }


def add_problem_handlers(app: FastAPI) -> None:
    """Makes every error of the app a problem."""
    app.add_exception_handler(Problem, _of_ours)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(Exception, _of_a_mistake)


def _answer(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    title = HTTPStatus(status).phrase
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(content, status, dict(headers or {}), CONTENT_TYPE)


async def _of_ours(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, Problem):
        raise error
    return _answer(error.status, error.detail, error.headers)


async def _of_http(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    return _answer(error.status_code, str(error.detail), error.headers)


async def _of_validation(_: Request, error: Exception) -> JSONResponse:
    """Names the parameter and what it should be; its value may be somebody's name."""
    if not isinstance(error, RequestValidationError):
        raise error
    flaws = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return _answer(422, "; ".join(flaws))


async def _of_a_mistake(_: Request, error: Exception) -> JSONResponse:
    """An error that nobody foresaw: its kind and place go into the log, its text does not."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown"
    LOG.error("%s in %s", type(error).__name__, place)
    return _answer(500, "The server made a mistake; its log says where.")
