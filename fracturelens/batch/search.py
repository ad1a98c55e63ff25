"""Finds the picture files that words on the command line mean: files, folders and globs."""

from collections.abc import Sequence
from glob import glob, has_magic
from pathlib import Path

from fracturelens.xray.content import HEAD, is_picture, no_picture_words


def find_pictures(words: Sequence[str], out: Path) -> list[Path]:
    """The pictures that the words mean, each once, in order.

    Args:
        words: files (taken as they are, even when they do not exist), folders (searched for
            pictures by their content, whatever their names; subfolders too) and globs.
        out: where results go; a folder's search leaves it out.
    """
    found: dict[Path, None] = {}
    for word in words:
        matches = sorted(glob(word, recursive=True)) if has_magic(word) else [word]  # noqa: PTH207
        if not matches or Path(word).exists():  # a name may hold brackets
            matches = [word]
        for match in map(Path, matches):
            found |= dict.fromkeys(_pictures_in(match, out) if match.is_dir() else [match])
    return list(found)


def _pictures_in(folder: Path, out: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and out.resolve() not in path.resolve().parents and _is_picture(path)
    )


def _is_picture(path: Path) -> bool:
    """Files on hospital CDs have no endings (PS3.10 8.5).

    What cannot be opened, and a DICOM file without a picture such as an index, is told of later.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return True
    return is_picture(head) or bool(no_picture_words(head))
