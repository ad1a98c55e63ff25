"""The dashboard with stand-ins for the networks."""

import pytest

import app_pages.session
from tests.helpers.app_helpers import fake_load_model, write_cards
from tests.helpers.dashboard import open_dashboard


@pytest.fixture
def cards(folder, monkeypatch):
    """The folder of networks with a card for each, and stand-ins instead of their files."""
    write_cards(folder, doubtful=0.2, fracture=0.6)
    monkeypatch.setattr(app_pages.session, "load_model", fake_load_model)
    return folder


@pytest.fixture
def page(cards):
    """The empty dashboard."""
    return open_dashboard()
