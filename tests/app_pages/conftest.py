"""What the tests of the pages share: a folder of networks, and nothing cached."""

import pytest
import streamlit as st


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder that the pages read the networks from."""
    monkeypatch.setenv("FRACTURELENS_MODELS", str(tmp_path))
    st.cache_data.clear()
    st.cache_resource.clear()
    return tmp_path
