"""The files that a run on many machines is to examine: found once, read where they are examined."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyarrow.fs import FileSelector, FileType

from fracturelens.batch.names import printable
from fracturelens.batch.opening import MISSING, REMEDY, SPELLING, read_file
from fracturelens.batch.search import ResultsAmongXraysError, find_pictures, is_wanted
from fracturelens.scale.addresses import folder_and_name, is_address, open_address, told
from fracturelens.scale.errors import AddressError
from fracturelens.xray.content import HEAD
from fracturelens.xray.errors import UnreadableXrayError
from fracturelens.xray.limits import check_byte_count
from important_variables import UploadLimits

LONGEST_REASON = 200
"""Signs of what a file system says of a fault."""


@dataclass(frozen=True)
class Source:
    """One file.

    Attributes:
        name: as records tell it.
        folder: address of the folder that it lies in; "" on this machine, or one that all share.
        path: within that folder; absolute on this machine.
        searched: whether nobody named it: then it counts only where its first bytes are a
            picture's.
    """

    name: str
    folder: str
    path: str
    searched: bool = False


def find_sources(words: Sequence[str], out: str) -> list[Source]:
    """The files that the words mean, each once, in order.

    Args:
        words: as `find_pictures` takes them, and addresses of files and folders.
        out: where results go; the search of a folder leaves it out.

    Raises:
        AddressError: an address cannot be reached.
        ResultsAmongXraysError: `out` is a folder that is to be searched.
    """
    found: dict[str, Source] = {}
    for word in words:
        sources = _of_address(word, out) if is_address(word) else _of_path(word, out)
        found |= {source.name: source for source in sources}
    return list(found.values())


def read_source(source: Source, limits: UploadLimits = UploadLimits()) -> bytes:
    """The bytes of a file, of which no more are read than an X-ray may have.

    Raises:
        UnreadableXrayError: it is missing, no file, too large or cannot be opened.
    """
    if not source.folder:
        return read_file(source.path, limits)
    return _read(source, limits.max_bytes, limits)


def is_xray_like(source: Source) -> bool:
    """Whether a file is to be examined: it was named, or begins as a picture does.

    What cannot be opened is told of later.
    """
    if not source.searched:
        return True
    try:
        return is_wanted(_read(source, HEAD))
    except UnreadableXrayError:
        return True


def _of_path(word: str, out: str) -> Iterator[Source]:
    for path in find_pictures([word], Path(out)):
        yield Source(str(path), "", str(path.absolute()))


def _of_address(word: str, out: str) -> Iterable[Source]:
    files, root = open_address(word)
    try:
        info = files.get_file_info(root)
        if info.type != FileType.Directory:
            return [Source(told(word), *folder_and_name(word))]
        listed = files.get_file_info(FileSelector(root, recursive=True))
    except OSError as error:
        raise AddressError(
            f"{told(word)} cannot be searched ({_reason(error)}). Check its spelling, the network "
            "and your access rights."
        ) from error
    start = told(word).rstrip("/")
    results = told(out).rstrip("/")
    if start == results:
        raise ResultsAmongXraysError(
            f"The results would lie among the X-rays in {start}. Choose another folder with --out."
        )
    paths = sorted(each.path for each in listed if each.type == FileType.File)
    inner = (path[len(root.rstrip("/")) + 1 :] for path in paths)
    return [
        Source(f"{start}/{path}", word, path, searched=True)
        for path in inner
        if not f"{start}/{path}".startswith(f"{results}/")
    ]


def _read(source: Source, most: int, limits: UploadLimits = UploadLimits()) -> bytes:
    """The first `most` bytes of a file that lies at an address, and one more where there is one."""
    files, root = open_address(source.folder)
    path = f"{root.rstrip('/')}/{source.path}"
    try:
        info = files.get_file_info(path)
        if info.type == FileType.NotFound:
            raise UnreadableXrayError(f"{MISSING}; {SPELLING}")
        check_byte_count(info.size or 0, limits)
        with files.open_input_stream(path) as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise UnreadableXrayError(
            f"the file cannot be opened ({_reason(error)}); {REMEDY}"
        ) from error


def _reason(error: OSError) -> str:
    """What a file system says, on one line: servers write what they like."""
    return printable(str(error.strerror or error))[:LONGEST_REASON]
