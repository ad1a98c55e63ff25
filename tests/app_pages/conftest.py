"""What the tests of the pages share: a folder of networks, and nothing cached."""

import pytest
import streamlit as st

import app_pages.session
from tests.helpers.app_helpers import fake_screening


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder that the pages read the networks from; screening takes all for limbs."""
    monkeypatch.setattr(app_pages.session, "load_screening", lambda *_: fake_screening("limb"))
    monkeypatch.setenv("FRACTURELENS_MODELS", str(tmp_path))
    st.cache_data.clear()
    st.cache_resource.clear()
    return tmp_path
