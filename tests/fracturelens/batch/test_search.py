"""What words on the command line mean: files, folders and globs."""

import os

import pytest

from fracturelens.batch.search import (
    FileListError,
    ResultsAmongXraysError,
    find_pictures,
    words_of,
)
from tests.helpers.bright_spots import write_picture


def test_finds_files_folders_and_globs_once_and_in_order(tmp_path):
    kept = [write_picture(tmp_path / name, bright=True) for name in ("a.png", "b.JPG", "sub/c.tif")]
    (tmp_path / "notes.txt").write_text("none")
    write_picture(tmp_path / "out" / "a_unet_overlay.png", bright=True)
    words = [str(tmp_path / "*.png"), str(tmp_path), str(tmp_path / "missing.png")]
    assert find_pictures(words, tmp_path / "out") == [*kept, tmp_path / "missing.png"]


def test_name_with_brackets_is_a_file(tmp_path):
    path = write_picture(tmp_path / "hand[1].png", bright=True)
    assert find_pictures([str(path)], tmp_path / "out") == [path]


def test_results_beside_the_films_do_not_hide_them(tmp_path):
    path = write_picture(tmp_path / "in" / "hand.png", bright=True)
    assert find_pictures([str(tmp_path / "in")], tmp_path) == [path]


def test_results_among_the_films_are_refused(tmp_path):
    write_picture(tmp_path / "hand.png", bright=True)
    with pytest.raises(ResultsAmongXraysError, match="another folder with --out"):
        find_pictures([str(tmp_path)], tmp_path / "." / "sub" / "..")


def test_a_folder_that_cannot_be_searched_is_told_of(tmp_path, monkeypatch):
    write_picture(tmp_path / "shut" / "hand.png", bright=True)
    kept = os.scandir

    def scan(folder):
        if str(folder).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(folder))
        return kept(folder)

    monkeypatch.setattr("os.scandir", scan)
    assert find_pictures([str(tmp_path)], tmp_path / "out") == [tmp_path / "shut"]


def test_what_no_folder_search_can_open_is_passed_on_by_name(tmp_path):
    words = [str(tmp_path / ("x" * 300)), str(tmp_path / "[x]*") + "y" * 300]
    assert [str(path) for path in find_pictures(words, tmp_path / "out")] == words


def test_pipes_in_a_folder_are_no_films(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    assert find_pictures([str(tmp_path)], tmp_path / "out") == []


def test_a_list_names_files(tmp_path):
    (tmp_path / "list.txt").write_bytes(b"a.png\n\n  s3://bucket/b c.png\r\ncaf\xe9\n")
    words = words_of([f"@{tmp_path / 'list.txt'}", "d.png"])
    assert words == ["a.png", "s3://bucket/b c.png", "caf\udce9", "d.png"]


def test_a_file_whose_name_begins_like_a_list_counts(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "@a.png").write_text("")
    assert words_of(["@a.png"]) == ["@a.png"]
    with pytest.raises(FileListError, match="a text file with a file, folder or address"):
        words_of(["@missing.txt"])
