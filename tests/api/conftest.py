"""The REST interface on stand-ins; where its packages are missing its tests are skipped."""

import importlib.util

import pytest

from tests.helpers.bright_spots import spotting_engine
from tests.helpers.missing import skip_unless_ci

PACKAGES = ("fastapi", "uvicorn", "httpx2")


def pytest_ignore_collect(collection_path, config):
    """Without the packages the tests cannot even be imported; one of them says so instead."""
    missing = not all(map(importlib.util.find_spec, PACKAGES))
    return (missing and collection_path.name not in ("api", "test_packages.py")) or None


@pytest.fixture(scope="session", autouse=True)
def packages():
    if not all(map(importlib.util.find_spec, PACKAGES)):
        skip_unless_ci(
            "the REST interface is tested by `make test-all` (requirements-test-all.txt)"
        )


@pytest.fixture
def serve():
    """Makes a client of an interface: its settings, and `engine`."""
    from starlette.testclient import TestClient

    from api.server import make_server
    from api.settings import ApiSettings

    def make(engine=None, **settings):
        app = make_server(engine or spotting_engine(), ApiSettings(**settings))
        return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)

    return make


@pytest.fixture
def client(serve):
    return serve()
