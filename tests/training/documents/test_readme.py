"""The README's figures go between its marks, and nowhere else."""

import pytest

from training.documents import readme
from training.documents.main_figures import headline_table
from training.documents.readme import BEGIN, END, NOT_YET, ReadmeError, documents, with_figures

TEXT = f"a\n{BEGIN}\nold\n{END}\nb\n"


def test_figures_stand_between_the_marks(folder):
    assert with_figures(TEXT, folder) == f"a\n{BEGIN}\n\n{headline_table(folder)}\n\n{END}\nb\n"


def test_no_figures_are_said_so(tmp_path):
    assert with_figures(TEXT, tmp_path) == f"a\n{BEGIN}\n\n{NOT_YET}\n\n{END}\nb\n"


@pytest.mark.parametrize("text", ["", BEGIN, f"{BEGIN}{END}{END}"])
def test_missing_marks_are_told(tmp_path, text):
    with pytest.raises(ReadmeError, match=r"needs one line"):
        with_figures(text, tmp_path)


def test_an_installed_package_has_no_readme_to_write(monkeypatch, tmp_path):
    monkeypatch.setattr(readme, "README", tmp_path / "README.md")
    with pytest.raises(ReadmeError, match=r"README.md is missing.*in a clone"):
        documents(tmp_path)
