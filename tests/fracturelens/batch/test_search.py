"""What words on the command line mean: files, folders and globs."""

from fracturelens.batch.search import find_pictures
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
