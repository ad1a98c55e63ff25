"""The first image file directory of a TIFF, read with limits (TIFF 6.0, section 2; BigTIFF)."""

import struct
from dataclasses import dataclass

from fracturelens.xray.formats.orientation import ORIENTATION

WIDTH, HEIGHT, BITS, PHOTOMETRIC = 256, 257, 258, 262
SAMPLES, SAMPLE_FORMAT = 277, 339
NEW_SUBFILE = 254
STRIP_OFFSETS, TILE_OFFSETS = 273, 324
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
         16: 8, 17: 8, 18: 8}  # fmt: skip
"""Bytes of a value of each field type."""
LETTERS = {1: "B", 3: "H", 4: "I", 16: "Q"}
MOST_PARTS = 200_000
"""Strips or tiles; rows are at most some 50,000."""


class DirectoryError(ValueError):
    """A directory that no picture has."""


@dataclass(frozen=True)
class Entry:
    """One field: its type, how many values it has and the byte at which they start."""

    kind: int
    count: int
    place: int


@dataclass(frozen=True)
class Directory:
    """What the fields of a page say.

    Attributes:
        data: the file.
        order: "<" or ">".
        entries: by tag.
        following: byte of the next page's directory; 0 after the last.
    """

    data: bytes
    order: str
    entries: dict[int, Entry]
    following: int

    def first(self, tag: int, default: int = 0) -> int:
        """The first value of a field of unsigned integers."""
        entry = self.entries.get(tag)
        if entry is None or entry.kind not in LETTERS or entry.count < 1:
            return default
        return struct.unpack_from(self.order + LETTERS[entry.kind], self.data, entry.place)[0]

    @property
    def orientation(self) -> int:
        """How the camera was held, 1 to 8."""
        stated = self.first(ORIENTATION, 1)
        return stated if 1 <= stated <= 8 else 1


def read_directory(data: bytes, place: int | None = None) -> Directory:
    """A page's directory: the first one, or the one at a byte.

    Raises:
        DirectoryError: its fields hold more than the file, or the picture is cut into too many
            parts.
        struct.error: the file ends too early.
    """
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\x00", b"\x00+")
    offset, number, entry_size = ("Q", "Q", 20) if big else ("I", "H", 12)
    if place is None:
        (place,) = struct.unpack_from(order + offset, data, 8 if big else 4)
    (fields,) = struct.unpack_from(order + number, data, place)
    if fields > 4096:
        raise DirectoryError(f"{fields:,} fields")
    start = place + struct.calcsize(order + number)
    entries = {}
    for first in range(start, start + fields * entry_size, entry_size):
        tag, entry = _entry(data, first, order, offset)
        entries[tag] = entry
    (following,) = struct.unpack_from(order + offset, data, start + fields * entry_size)
    directory = Directory(data, order, entries, following)
    _check(directory)
    return directory


def _entry(data: bytes, place: int, order: str, offset: str) -> tuple[int, Entry]:
    tag, kind, count = struct.unpack_from(f"{order}HH{offset}", data, place)
    begin = place + struct.calcsize(f"{order}HH{offset}")
    room = struct.calcsize(order + offset)
    if SIZES.get(kind, 1) * count > room:
        (begin,) = struct.unpack_from(order + offset, data, begin)
    return tag, Entry(kind, count, begin)


def _check(directory: Directory) -> None:
    """Libraries copy every field: thousands that point to the same megabytes fill the memory."""
    size = sum(SIZES.get(entry.kind, 1) * entry.count for entry in directory.entries.values())
    if size > len(directory.data):
        raise DirectoryError("fields of more bytes than the file")
    for tag in (STRIP_OFFSETS, TILE_OFFSETS):
        if tag in directory.entries and directory.entries[tag].count > MOST_PARTS:
            raise DirectoryError("too many strips or tiles")
