"""Unpacks a zip archive with care: nothing leaves its folder, nothing grows without bound."""

import shutil
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tqdm import tqdm

CHUNK = 1 << 20


class ArchiveError(RuntimeError):
    """An archive cannot be unpacked, or there is no room; the text says what to do."""


@dataclass(frozen=True)
class UnpackLimits:
    """What an archive may hold: bytes in all, and members. FracAtlas has 0.4 GB in 21,000."""

    max_bytes: int = 4 * 1024**3
    max_members: int = 100_000


def unpack(archive: Path, target: Path, limits: UnpackLimits = UnpackLimits()) -> None:
    """Unpacks FracAtlas into `target`, which appears only when everything is there.

    Every member is checked before the first byte is written: no absolute path, no "..", no
    link, no name twice, no more than `limits` allow.

    Raises:
        ArchiveError: the archive is damaged, unsafe, too big, or no FracAtlas.
    """
    staging = target.with_name(target.name + ".unpacking")
    shutil.rmtree(staging, ignore_errors=True)
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _checked_members(opened, limits)
            root = _official_root(members)
            require_space(target.parent, sum(m.file_size for m in members), "its contents")
            for member in tqdm(members, desc="unpack", unit="file", disable=None):
                _extract(opened, member, staging)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        shutil.rmtree(staging, ignore_errors=True)
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError(f"{archive} is damaged ({error}). Delete it and try again.") from error
    (staging / root).replace(target)
    shutil.rmtree(staging, ignore_errors=True)


def require_space(folder: Path, needed: int, what: str) -> None:
    """Raises ArchiveError where the disk of `folder` has fewer than `needed` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ArchiveError(
            f"{folder} has {free:,} bytes free; {what} need {needed:,}. Make room, or choose "
            "another place with --folder."
        )


def _checked_members(opened: zipfile.ZipFile, limits: UnpackLimits) -> list[zipfile.ZipInfo]:
    """The files of the archive, none of which leaves its folder."""
    members = [m for m in opened.infolist() if not m.is_dir() and "__MACOSX" not in m.filename]
    total = sum(member.file_size for member in members)
    if len(members) > limits.max_members or total > limits.max_bytes:
        raise ArchiveError(f"The archive is too big: {len(members):,} files, {total:,} bytes.")
    if len({member.filename.casefold() for member in members}) < len(members):
        raise ArchiveError("The archive holds the same path twice. Nothing was unpacked.")
    for member in members:
        path = PurePosixPath(member.filename)
        kind = stat.S_IFMT(member.external_attr >> 16)
        unsafe = (
            path.is_absolute() or ".." in path.parts or set("\\:\0") & set(member.orig_filename)
        )
        if unsafe or kind not in (0, stat.S_IFREG):
            raise ArchiveError(
                f"The archive holds {member.filename!r}, which leads outside its folder or is a "
                "link. Nothing was unpacked; do not trust this archive."
            )
    return members


def _official_root(members: list[zipfile.ZipInfo]) -> PurePosixPath:
    """Folder in the archive that holds dataset.csv, the shallowest."""
    paths = [PurePosixPath(member.filename) for member in members]
    roots = [path.parent for path in paths if path.name == "dataset.csv"]
    if not roots:
        raise ArchiveError("The archive holds no dataset.csv: it is not FracAtlas.")
    return min(roots, key=lambda root: len(root.parts))


def _extract(opened: zipfile.ZipFile, member: zipfile.ZipInfo, staging: Path) -> None:
    path = staging / member.filename
    path.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(member) as source, path.open("xb") as sink:
        shutil.copyfileobj(source, sink, CHUNK)
