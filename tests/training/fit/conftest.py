"""What the tests of training share: a few pictures, and networks that train in a second."""

import pytest

from tests.helpers.small_fracatlas import write_small_fracatlas
from tests.helpers.tiny_training import train_tiny_networks
from training.data.dataset import read_fracatlas


@pytest.fixture(scope="session")
def xrays(tmp_path_factory):
    """Six pictures in FracAtlas' layout."""
    return read_fracatlas(write_small_fracatlas(tmp_path_factory.mktemp("data") / "FracAtlas"))


@pytest.fixture
def tiny(monkeypatch):
    """Narrow networks in place of the real ones, run without compiling them first."""
    train_tiny_networks(monkeypatch)
