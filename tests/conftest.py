"""Fixtures that several test files share."""

import os

import pytest

# Before any test imports TensorFlow or matplotlib: no start-up chatter, no screen.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("MPLBACKEND", "Agg")

from important_variables import NETWORKS, fracatlas_folder
from tests.helpers.missing import skip_unless_ci


@pytest.fixture(scope="session")
def fracatlas():
    """Folder of FracAtlas; where it is absent the test is skipped, in CI it fails."""
    folder = fracatlas_folder()
    if not (folder / "dataset.csv").is_file():
        skip_unless_ci(f"FracAtlas is not in {folder}: set FRACATLAS or `fracturelens download`")
    return folder


@pytest.fixture
def networks():
    """`NETWORKS`, to be changed by a test; afterwards it is what it was, in the same order."""
    kept = dict(NETWORKS)
    yield NETWORKS
    NETWORKS.clear()
    NETWORKS.update(kept)
