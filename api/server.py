"""Puts the interface together: routes, keys, guards, log and documentation."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Security
from fastapi.responses import HTMLResponse
from fastapi.security import APIKeyHeader

from api.desk import Desk
from api.documentation import documentation_page
from api.documents import router as documents_router
from api.examining import router as examining_router
from api.information import health_router, package_version
from api.information import router as information_router
from api.log import RequestLog
from api.problems import Problem, add_problem_handlers, problem_answers
from api.settings import ApiSettings
from fracturelens.serving.guards import API_POLICY, HostCheck, SecurityHeaders, own_names
from important_variables import DISCLAIMER
from prediction import Engine

PREFIX = "/v1"
KEY = APIKeyHeader(name="X-API-Key", auto_error=False)
DESCRIPTION = (
    "Finds bone fractures on X-rays of arms, legs, hips and shoulders. Nothing that is sent is "
    "kept. " + DISCLAIMER
)


def make_server(engine: Engine, settings: ApiSettings) -> FastAPI:
    """The interface on an engine, ready for an ASGI server.

    Args:
        engine: of `prediction.load_engine`.
        settings: bounds and keys.
    """
    desk = Desk(engine, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        desk.close()

    app = FastAPI(
        title="FractureLens REST interface",
        version=package_version(),
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,  # those pages load scripts from elsewhere
        redoc_url=None,
    )
    app.state.desk = desk
    locked = [Depends(_lock(settings))] if settings.key_digests else []
    answers = problem_answers(401) if locked else {}
    app.include_router(health_router, prefix=PREFIX)
    for routes in (information_router, examining_router, documents_router):
        app.include_router(routes, prefix=PREFIX, dependencies=locked, responses=answers)
    _add_documentation(app)
    add_problem_handlers(app)
    app.add_middleware(HostCheck, names=own_names())
    app.add_middleware(SecurityHeaders, policy=API_POLICY)
    app.add_middleware(RequestLog)
    return app


def _lock(settings: ApiSettings) -> Callable[..., Awaitable[None]]:
    """A dependency that lets only those pass who have a key."""

    async def check(key: Annotated[str | None, Security(KEY)]) -> None:
        if not settings.opens(key):
            raise Problem(
                401, "Send a key in the header X-API-Key.", {"WWW-Authenticate": "ApiKey"}
            )

    return check


def _add_documentation(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    async def documentation(request: Request) -> HTMLResponse:
        return HTMLResponse(documentation_page(app.openapi(), str(request.base_url)))
