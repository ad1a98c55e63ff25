"""The first bytes of a DICOM file: is it one, and what does its File Meta Information say?

PS3.10 7.1. This is the one place that reads the transfer syntax before the data set is parsed: a
deflated data set may unpack to gigabytes.
"""

import re
import struct
from dataclasses import dataclass

PREAMBLE = 128
LONG_VRS = (
    b"OB",
    b"OD",
    b"OF",
    b"OL",
    b"OV",
    b"OW",
    b"SQ",
    b"SV",
    b"UC",
    b"UN",
    b"UR",
    b"UT",
    b"UV",
)
"""Value representations with a length of four bytes (PS3.5 7.1.2)."""
MOST_ELEMENTS = 64
LONGEST_GROUP = 1 << 20
"""Bytes; real groups take a few hundred."""


@dataclass(frozen=True)
class Meta:
    """What the File Meta Information says.

    Attributes:
        syntax: transfer syntax UID; "" where it is not stated.
        class_uid: Media Storage SOP Class UID; likewise.
        start: byte at which the group starts; the data set where there is no group.
        end: byte at which the data set starts.
    """

    syntax: str
    class_uid: str
    start: int
    end: int


def is_dicom(head: bytes) -> bool:
    """Whether a file is a DICOM file: by its prefix, or by how its first element looks."""
    return head[128:132] == b"DICM" or _starts_with_element(head)


def read_meta(data: bytes) -> Meta:
    """The File Meta Information of a file for which `is_dicom` holds, or of its first bytes."""
    start = PREAMBLE + 4 if data[128:132] == b"DICM" else 0
    place = start
    values: dict[int, bytes] = {}
    while len(values) < MOST_ELEMENTS and place - start < LONGEST_GROUP:
        element = _element(data, place)
        if element is None:
            break
        number, value, place = element
        values[number] = value
    return Meta(_uid(values.get(0x0010)), _uid(values.get(0x0002)), start, place)


def _element(data: bytes, place: int) -> tuple[int, bytes, int] | None:
    """Number, value and end of an element of group 2 in explicit VR little endian."""
    if data[place : place + 2] != b"\x02\x00" or len(data) < place + 12:
        return None
    number, vr, length = struct.unpack_from("<2xH2sH", data, place)
    begin = place + 8
    if vr in LONG_VRS:
        (length,) = struct.unpack_from("<I", data, place + 8)
        begin = place + 12
    return number, data[begin : begin + length], begin + length


def _uid(value: bytes | None) -> str:
    return "".join(re.findall("[0-9.]", (value or b"")[:64].decode("latin-1")))


def _starts_with_element(head: bytes) -> bool:
    """Whether the bytes start as a data set without preamble does: with group 2 or 8."""
    if len(head) < 16:
        return False
    for order in "<>":
        group, element = struct.unpack_from(f"{order}HH", head)
        if group not in (2, 8) or element > 0x0070 or (order == ">" and group == 2):
            continue
        if re.match(rb"(UL|CS|UI|SH|OB|DA|LO|PN)", head[4:6]):
            return True
        (length,) = struct.unpack_from(f"{order}I", head, 4)
        if group == 8 and order == "<" and length <= 64 and length % 2 == 0:
            return _is_implicit_element(head, 8 + length)
    return False


def _is_implicit_element(head: bytes, place: int) -> bool:
    """Whether another element of a low group in implicit VR little endian starts here."""
    if len(head) < place + 8:
        return False
    group, _, length = struct.unpack_from("<HHI", head, place)
    return group == 8 and (length <= 1024 or length == 0xFFFFFFFF)
