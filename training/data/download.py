"""Brings FracAtlas from figshare: resumes after a broken connection, checks size and MD5."""

import argparse
import hashlib
import http.client
import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tqdm import tqdm

from important_variables import HOME
from training.data.unpack import ArchiveError, UnpackLimits, require_space, unpack

FIGSHARE = "https://api.figshare.com/v2"
ARTICLE = 22363012
FOLDER_NAME = "FracAtlas"
CHUNK = 1 << 20
RETRY_STATUSES = {408, 429, 500, 502, 503, 504}


class DownloadError(RuntimeError):
    """FracAtlas could not be brought; the text says why and what to do."""


TOLD_ERRORS = (DownloadError, ArchiveError)


class ConnectionBrokenError(OSError):
    """The server closed the connection before the last byte, or asked to be tried later."""


@dataclass(frozen=True)
class Patience:
    """How a download meets trouble: seconds, and tries in a row that bring no byte."""

    timeout: float = 60.0
    fruitless_tries: int = 5
    first_pause: float = 1.0


@dataclass(frozen=True)
class RemoteFile:
    """One file of a figshare article: its size in bytes, and its MD5 in hexadecimal."""

    name: str
    url: str
    size: int
    md5: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens download`."""
    parser.add_argument(
        "--folder",
        type=Path,
        default=HOME / "fracture",
        help="FracAtlas/ is made in here (default: %(default)s)",
    )
    parser.add_argument("--base-url", default=FIGSHARE, help="figshare's API or a mirror of it")


def run(arguments: argparse.Namespace) -> int:
    """Downloads and unpacks; the next step is printed."""
    target = download_fracatlas(arguments.folder, arguments.base_url)
    sys.stdout.write(f"FracAtlas is in {target}\nCheck it: fracturelens audit {target}\n")
    return 0


def download_fracatlas(
    folder: Path,
    base_url: str = FIGSHARE,
    patience: Patience = Patience(),
    limits: UnpackLimits = UnpackLimits(),
) -> Path:
    """Brings FracAtlas into `folder`/FracAtlas; what is already there is not brought again.

    An interrupted download leaves `folder`/<name>.part, and the next call goes on from there.

    Returns:
        The unpacked folder, in the official layout.

    Raises:
        DownloadError: no answer, or a wrong size or checksum.
        ArchiveError: a full disk, or an archive that is unsafe or no FracAtlas.
    """
    target = Path(folder) / FOLDER_NAME
    if (target / "dataset.csv").is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    remote = find_archive(base_url, patience)
    archive = target.parent / remote.name
    if not (archive.is_file() and _md5(archive) == remote.md5):
        require_space(target.parent, 2 * remote.size, "the archive and its contents")
        fetch(remote, archive, patience)
    unpack(archive, target, limits)
    archive.unlink()
    return target


def find_archive(base_url: str = FIGSHARE, patience: Patience = Patience()) -> RemoteFile:
    """Asks figshare for the article and picks its one zip file."""
    url = f"{base_url.rstrip('/')}/articles/{ARTICLE}"
    try:
        with _open(url, patience.timeout) as answer:
            article = json.load(answer)
        files = [
            RemoteFile(file["name"], file["download_url"], int(file["size"]), file["computed_md5"])
            for file in article["files"]
            if file["name"].endswith(".zip")
        ]
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
        raise DownloadError(
            f"{url} gave no list of files ({error}). Check the connection, or download the "
            f"archive by hand from https://doi.org/10.6084/m9.figshare.{ARTICLE} and unpack it."
        ) from error
    if len(files) != 1 or "/" in files[0].name or "\\" in files[0].name:
        raise DownloadError(f"{url} should list one zip file, found {[f.name for f in files]}.")
    return files[0]


def fetch(remote: RemoteFile, path: Path, patience: Patience = Patience()) -> None:
    """Downloads into `path`.part, resuming after broken connections, then checks and renames.

    Raises:
        DownloadError: the server stays silent, refuses, or sends other bytes than announced.
    """
    part = path.with_name(path.name + ".part")
    size = {"total": remote.size, "unit": "B", "unit_scale": True}
    with tqdm(**size, desc=remote.name, disable=None) as bar:
        _fetch_all(remote, part, patience, bar)
    if _md5(part) != remote.md5:
        part.unlink()
        raise DownloadError(
            f"{remote.name} arrived with another checksum than figshare states ({remote.md5}). "
            "It was deleted; run the command again."
        )
    part.replace(path)


def _fetch_all(remote: RemoteFile, part: Path, patience: Patience, bar: tqdm) -> None:
    """Asks again from where the bytes end, until the size is reached or patience is."""
    fruitless = 0
    while (have := _size(part)) < remote.size:
        bar.n = have
        try:
            _fetch_rest(remote, part, have, patience.timeout, bar.update)
        except (OSError, http.client.HTTPException) as error:
            fruitless = fruitless + 1 if _size(part) <= have else 0
            if fruitless >= patience.fruitless_tries:
                raise DownloadError(
                    f"{remote.url} broke off at {_size(part):,} of {remote.size:,} bytes "
                    f"({error}). The same command goes on from there."
                ) from error
            time.sleep(patience.first_pause * 2**fruitless)
    if _size(part) > remote.size:
        part.unlink()
        raise DownloadError(f"{remote.name} is larger than the {remote.size:,} bytes announced.")
    bar.n = remote.size


def _fetch_rest(
    remote: RemoteFile, part: Path, have: int, timeout: float, report: Callable[[int], object]
) -> None:
    """Appends the bytes from `have` on; a server that ignores Range is read from the start.

    Raises:
        ConnectionBrokenError: the connection ended before the size was reached.
        DownloadError: the server refuses for good.
    """
    with _open(remote.url, timeout, {"Range": f"bytes={have}-"} if have else {}) as answer:
        resumed = answer.status == 206 and _range_start(answer) == have
        start = have if resumed else 0
        with part.open("ab" if resumed else "wb") as file:
            while start <= remote.size and (chunk := answer.read(CHUNK)):
                file.write(chunk)
                start += len(chunk)
                report(len(chunk))
    if start < remote.size:
        raise ConnectionBrokenError("the connection ended early")


def _open(url: str, timeout: float, headers: dict[str, str] | None = None):
    """Opens an HTTP address; 4xx answers are final, overload answers may be tried again.

    Raises:
        OSError: no connection, or an answer that a later try may better.
        DownloadError: another scheme than http(s), or an answer that no later try will better.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise DownloadError(f"{url} is no http or https address.")
    request = urllib.request.Request(url, headers=headers or {})
    try:
        return urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in RETRY_STATUSES:
            raise ConnectionBrokenError(f"HTTP status {error.code}") from error
        raise DownloadError(f"{url} answered with HTTP status {error.code}.") from error


def _range_start(answer: http.client.HTTPResponse) -> int:
    """First byte of "Content-Range: bytes first-last/all" (RFC 9110, 14.4), -1 if unreadable."""
    first = answer.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    return int(first) if first.isdecimal() else -1


def _md5(path: Path) -> str:
    """MD5 in hexadecimal, as figshare states it: against broken bytes, not against forgery."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
