"""`docs-check` names every document that is out of date, every bad link, every riddle."""

import argparse

import pytest

from important_variables import ROOT
from training.documents import check


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "dependencies.md").write_text("`numpy` and `ai-edge-litert`")
    (tmp_path / "requirements.txt").write_text("-c constraints.txt\n# why\nnumpy==2.4.6\n")
    return tmp_path


def test_every_requirement_has_to_be_explained(folder):
    assert check.unexplained_requirements(folder) == []
    (folder / "requirements-edge.txt").write_text("ai-edge-litert==2.3.0\nscikit-learn==1.9.1\n")
    assert check.unexplained_requirements(folder) == [
        "requirements-edge.txt asks for scikit-learn, which docs/dependencies.md does not explain"
    ]


def test_a_document_that_does_not_fit_is_named_with_its_command(monkeypatch):
    monkeypatch.setattr(check.readme, "documents", lambda folder: {ROOT / "README.md": "other"})
    assert "README.md is out of date: run `fracturelens readme`" in check.stale_documents()


@pytest.mark.parametrize(
    ("problems", "code", "said"), [([], 0, "in order"), (["a is broken"], 1, "a is broken")]
)
def test_the_exit_code_tells_whether_all_is_well(monkeypatch, capsys, problems, code, said):
    for name in ("broken_links", "unexplained_requirements"):
        monkeypatch.setattr(check, name, lambda root: [])
    monkeypatch.setattr(check, "stale_documents", lambda: problems)
    assert check.run(argparse.Namespace()) == code
    assert said in capsys.readouterr().out
