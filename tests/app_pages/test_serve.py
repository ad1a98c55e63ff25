"""`app --site`: the file is checked at the start, and the app finds it whatever its folder."""

import os
import sys

import pytest

import command_line
from fracturelens.measured.site import write_site
from important_variables import site_file
from tests.helpers.small_site import small_site


@pytest.fixture
def started(monkeypatch):
    """Notes when Streamlit would be started, and restores the environment."""
    calls = []
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setattr("runpy.run_module", lambda name, **_: calls.append(name))
    monkeypatch.setenv("FRACTURELENS_SITE", "")
    return calls


def test_the_app_is_told_the_whole_path(started, tmp_path, monkeypatch):
    write_site(small_site(tmp_path / "films"), tmp_path / "site.json")
    monkeypatch.chdir(tmp_path)
    assert command_line.main(["app", "--site", "site.json"]) == 0
    assert os.environ["FRACTURELENS_SITE"] == str(tmp_path / "site.json")
    assert site_file() == tmp_path / "site.json" and started == ["streamlit"]


def test_a_file_that_cannot_be_used_stops_it(started, tmp_path, capsys):
    (tmp_path / "site.json").write_text("{}")
    assert command_line.main(["app", "--site", str(tmp_path / "site.json")]) == 1
    assert "no complete site.json" in capsys.readouterr().err
    assert started == [] and site_file() is None


def test_without_a_site_nothing_is_set(started):
    assert command_line.main(["app"]) == 0
    assert site_file() is None and started == ["streamlit"]
