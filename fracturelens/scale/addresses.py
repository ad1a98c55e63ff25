"""Opens addresses such as s3://bucket/films: whatever pyarrow or fsspec can reach."""

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import SplitResult, quote, urlsplit

from pyarrow.fs import FileSystem, FSSpecHandler, LocalFileSystem, PyFileSystem

from fracturelens.scale.errors import AddressError

SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
REMEDY = (
    "Check its spelling; for what pyarrow cannot reach by itself, such as https:// and sftp://, "
    "install the package that fsspec names for it."
)


def is_address(word: str) -> bool:
    """Whether a word is an address and not a path of this machine."""
    return bool(SCHEME.match(word))


def absolute(word: str) -> str:
    """An address as it is, and a path as it is meant wherever the current folder is another."""
    return word if is_address(word) else str(Path(word).absolute())


@lru_cache(64)
def open_address(word: str) -> tuple[FileSystem, str]:
    """The file system of an address or a local path, and the path within it.

    Raises:
        AddressError: nothing is known that reaches it.
    """
    if not is_address(word):
        return LocalFileSystem(), absolute(word)
    try:
        return FileSystem.from_uri(_quoted(word))
    except (ValueError, OSError):  # no scheme of pyarrow's own
        return _by_fsspec(word)


def told(word: str) -> str:
    """An address as tables may tell it: without a password, and without settings behind a "?"."""
    if not is_address(word):
        return word
    parts = _split(word)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def folder_and_name(word: str) -> tuple[str, str]:
    """The address of the folder that a file lies in, settings kept, and the file's own name."""
    parts = _split(word)
    head, _, name = parts.path.rpartition("/")
    return _joined(parts, head), name


def _split(word: str) -> SplitResult:
    return urlsplit(word, allow_fragments=False)  # a "#" is a sign like any other in a key


def _quoted(word: str) -> str:
    """The address as pyarrow reads it; people write names as they are, with spaces and signs."""
    parts = _split(word)
    return _joined(parts, quote(parts.path))


def _joined(parts: SplitResult, path: str) -> str:
    settings = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}{path}{settings}"


def _by_fsspec(word: str) -> tuple[FileSystem, str]:
    import fsspec  # comes with Ray

    try:
        files, path = fsspec.core.url_to_fs(word)
    except (ImportError, OSError, ValueError) as error:
        raise AddressError(f"{told(word)} cannot be reached ({error}). {REMEDY}") from error
    return PyFileSystem(FSSpecHandler(files)), path
