"""Finds the picture files that words on the command line mean: files, folders and globs."""

import os
from collections.abc import Sequence
from glob import glob, has_magic
from pathlib import Path

from fracturelens.xray.content import HEAD, is_picture, no_picture_words


class ResultsAmongXraysError(RuntimeError):
    """The results would lie in the folder that is searched; the text says what to do."""


class FileListError(RuntimeError):
    """A list of files cannot be read; the text says why and what to do."""


def words_of(words: Sequence[str]) -> list[str]:
    """The words, with the lines of FILE in place of each @FILE; a file of that very name counts.

    Raises:
        FileListError: a list is missing, or is no text.
    """
    return [line for word in words for line in _lines_of(word)]


def find_pictures(words: Sequence[str], out: Path) -> list[Path]:
    """The pictures that the words mean, each once, in order.

    Args:
        words: files (taken as they are, even when they do not exist), folders (searched for
            pictures by their content, whatever their names; subfolders too) and globs.
        out: where results go; a folder's search leaves it out.

    Raises:
        ResultsAmongXraysError: `out` is a folder that is to be searched.
    """
    found: dict[Path, None] = {}
    for word in words:
        matches = sorted(glob(word, recursive=True)) if has_magic(word) else [word]  # noqa: PTH207
        if not matches or os.path.exists(word):  # noqa: PTH110 - a name may hold brackets
            matches = [word]
        for match in matches:
            folder = os.path.isdir(match)  # noqa: PTH112 - never raises, as Path.is_dir does
            paths = _pictures_in(Path(match), out) if folder else [Path(match)]
            found |= dict.fromkeys(paths)
    return list(found)


def _lines_of(word: str) -> list[str]:
    if not word.startswith("@") or os.path.lexists(word):
        return [word]
    try:
        lines = Path(word[1:]).read_text(encoding="utf-8", errors="surrogateescape").split("\n")
    except OSError as error:
        raise FileListError(
            f"{word[1:]} cannot be read ({error.strerror}). {word} asks for a text file with a "
            "file, folder or address on each line."
        ) from error
    return [line for line in map(str.strip, lines) if line]


def _pictures_in(folder: Path, out: Path) -> list[Path]:
    """The pictures below a folder; what cannot be searched is among them, to be told of later."""
    shut: list[Path] = []
    found: list[Path] = []
    results = out.resolve()
    if folder.resolve() == results:
        raise ResultsAmongXraysError(
            f"The results would lie among the X-rays in {folder}. Choose another folder with --out."
        )
    for root, folders, names in os.walk(folder, onerror=lambda e: shut.append(Path(e.filename))):
        folders[:] = [name for name in folders if Path(root, name).resolve() != results]
        paths = (Path(root, name) for name in names)
        found += [path for path in paths if path.is_file() and _is_picture(path)]
    return sorted(found + shut)


def _is_picture(path: Path) -> bool:
    """Files on hospital CDs have no endings (PS3.10 8.5); what cannot be opened is told later."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return True
    return is_wanted(head)


def is_wanted(head: bytes) -> bool:
    """Whether a file that nobody named is to be examined, told from its first `HEAD` bytes.

    A DICOM file without a picture, such as an index, is told of later.
    """
    return is_picture(head) or bool(no_picture_words(head))
