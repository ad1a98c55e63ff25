"""Links to files and headings that do not exist are found, all others are left alone."""

import pytest

from training.documents.links import broken_links, markdown_files

TEXT = "# Start here!\n\n```\n[no link](in/a/fence)\n# no heading\n```\n\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "more.md").write_text("# More\n\n## What's `new` in 2\n")
    (tmp_path / "picture.png").touch()
    return tmp_path


@pytest.mark.parametrize(
    "link",
    [
        "[a](docs/more.md)",
        "[a](docs/more.md#whats-new-in-2)",
        "[a](#start-here)",
        "![a](picture.png)",
        '<img src="picture.png">',
        "[a](https://example.org/x.md)",
        "[a](docs)",
    ],
)
def test_good_links_pass(folder, link):
    (folder / "README.md").write_text(TEXT + link)
    assert broken_links(folder) == []


@pytest.mark.parametrize(
    "target", ["absent.md", "docs/more.md#absent", "#no-heading", "docs/picture.png"]
)
def test_bad_links_are_told(folder, target):
    (folder / "README.md").write_text(f"{TEXT}[a]({target})")
    assert broken_links(folder) == [f"README.md links to {target}, which does not exist"]


def test_folders_that_git_does_not_hold_are_left_out(folder):
    for name in ("work", ".venv", "docs/node_modules"):
        (folder / name).mkdir()
        (folder / name / "x.md").write_text("[a](absent)")
    assert [path.name for path in markdown_files(folder)] == ["more.md"]
