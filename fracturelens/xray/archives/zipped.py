"""The files in a ZIP, within limits on their number, size and ratio; names are cleaned."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from fracturelens.xray.content import HEAD, kind_of
from fracturelens.xray.errors import DAMAGE, UnreadableXrayError, damaged
from fracturelens.xray.limits import MEGABYTE
from important_variables import UploadLimits

ENTRY = b"PK\x01\x02"
"""Signature of an entry of the table of contents."""
LONGEST_NAME = 120
LOCKED = 1
"""Flag of an entry that needs a password."""
OTHER_ENDINGS = (".exe", ".dll", ".jar", ".htm", ".html", ".txt", ".pdf", ".xml", ".ini", ".inf",
                 ".css", ".js", ".zip")  # fmt: skip


@dataclass(frozen=True)
class ZipLimits:
    """What is taken out of a ZIP.

    Attributes:
        most_files: entries, X-rays or not.
        most_bytes: of all files together that may be X-rays, unpacked.
        most_ratio: of unpacked to packed bytes of a file; X-rays reach 30, bombs 1,000.
    """

    most_files: int = 5000
    most_bytes: int = 256 * MEGABYTE
    most_ratio: int = 200


ZIP_LIMITS = ZipLimits()


@dataclass(frozen=True)
class Member:
    """A file of a ZIP that may be an X-ray: its name, its bytes, or why they are not here."""

    name: str
    data: bytes = b""
    error: str = ""


def unpack_zip(
    data: bytes, limits: UploadLimits, zip_limits: ZipLimits = ZIP_LIMITS
) -> Iterator[Member]:
    """The files of a ZIP that may be X-rays, one after the other.

    One that is bad does not keep the others back; programs and texts are passed over.

    Raises:
        UnreadableXrayError: the ZIP is damaged or holds too many files.
    """
    if data.count(ENTRY) > zip_limits.most_files:
        raise UnreadableXrayError(
            f"the ZIP holds more than {zip_limits.most_files:,} files; "
            "send the X-rays in several smaller ones."
        )
    try:
        archive = ZipFile(BytesIO(data))
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (*DAMAGE, BadZipFile, LargeZipFile) as error:
        raise damaged("ZIP") from error
    room = zip_limits.most_bytes
    for entry in entries:
        member = _unpacked(archive, entry, min(limits.max_bytes, room), zip_limits.most_ratio)
        if member is not None:
            room -= len(member.data)
            yield member


def member_name(stored: str) -> str:
    """The path within a ZIP, cut to what may be shown and cannot lead out of a folder."""
    parts = re.split(r"[/\\]+", stored)
    kept = [re.sub(r"[^\w .()+-]", "_", part).strip() for part in parts]
    return "/".join(part for part in kept if part.strip(". "))[-LONGEST_NAME:] or "unnamed"


def _unpacked(archive: ZipFile, entry: ZipInfo, room: int, most_ratio: int) -> Member | None:
    """A file, of which the first bytes are looked at before the rest is unpacked."""
    name = member_name(entry.filename)
    if entry.flag_bits & LOCKED or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return _refused(name, "the file is locked or packed in a rare way; unpack it first.")
    try:
        with archive.open(entry) as packed:
            head = packed.read(HEAD)
            kind = kind_of(head)
            if not kind or kind == "zip":
                return None
            if entry.file_size > min(room, most_ratio * max(entry.compress_size, 1024)):
                return Member(name, error="the file unpacks to too many bytes; send it by itself.")
            return Member(name, head + packed.read(max(0, entry.file_size - len(head))))
    except (*DAMAGE, BadZipFile):
        return _refused(name, "the file is damaged within the ZIP; pack it again.")


def _refused(name: str, error: str) -> Member | None:
    """A file that cannot be looked at; None where its name says that it is no X-ray."""
    return None if PurePath(name).suffix.lower() in OTHER_ENDINGS else Member(name, error=error)
