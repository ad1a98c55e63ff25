"""Opens DICOM files: parses the header, finds the pixel data, unpacks what is deflated."""

import struct
import zlib
from dataclasses import dataclass

from fracturelens.xray.dicom.header import Header, parsing
from fracturelens.xray.dicom.kinds import no_image_words
from fracturelens.xray.dicom.layout import Layout, layout_of
from fracturelens.xray.dicom.meta import PREAMBLE, Meta, read_meta
from fracturelens.xray.errors import UnreadableXrayError, missing_package
from fracturelens.xray.limits import CountedReader
from important_variables import UploadLimits

DEFLATED = "1.2.840.10008.1.2.1.99"
"""PS3.5 A.5: such a data set is deflated whole and may unpack to gigabytes."""
PLAIN_META = b"\x02\x00\x10\x00UI\x14\x001.2.840.10008.1.2.1\x00"
PIXEL_DATA = (0x7FE0, 0x0010)
UNDEFINED = 0xFFFFFFFF
HEADER_ROOM = 1 << 20
"""Bytes of a deflated data set in which its pixel data must start."""
MOST_UNPACKED = 128 << 20
"""Bytes to which a deflated data set may unpack: 50 megapixels of 16 bits and some."""


@dataclass(frozen=True, eq=False)
class DicomFile:
    """A parsed file.

    Attributes:
        header: all elements before the pixel data.
        meta: the File Meta Information.
        pixels: value of the pixel data; of encapsulated data the items after each other.
        encapsulated: whether it is.
        missing: bytes that the pixel data should have and the file lacks.
    """

    header: Header
    meta: Meta
    pixels: memoryview
    encapsulated: bool
    missing: int


def open_dicom(data: bytes, limits: UploadLimits) -> DicomFile:
    """Parses a file.

    Raises:
        UnreadableXrayError: pydicom is missing, or the file holds no picture.
    """
    meta = read_meta(data)
    _refuse_without_picture(meta.class_uid)
    if meta.syntax == DEFLATED:
        data = _inflated(data, meta, limits)
    header, place = _parse(data)
    _refuse_without_picture(header.uid("SOPClassUID"))
    return _with_pixels(data, header, meta, place)


def _refuse_without_picture(class_uid: str) -> None:
    if words := no_image_words(class_uid):
        raise UnreadableXrayError(f"the file is {words}, not an image; upload the X-ray itself.")


def _parse(data: bytes) -> tuple[Header, int]:
    """All elements before the pixel data, and the byte at which the parser stopped."""
    try:
        import pydicom  # optional, and takes 0.3 s
    except ImportError as error:
        raise missing_package("DICOM", "pydicom") from error
    reader = CountedReader(data)
    with parsing():
        dataset = pydicom.dcmread(reader, stop_before_pixels=True, force=True)
    return Header(dataset), reader.tell()


def _with_pixels(data: bytes, header: Header, meta: Meta, place: int) -> DicomFile:
    """Finds the value of the pixel data, without a copy."""
    order = header.order
    if len(data) < place + 8 or struct.unpack_from(f"{order}HH", data, place) != PIXEL_DATA:
        raise UnreadableXrayError(
            "the DICOM file holds no picture; upload the X-ray itself, or export it again."
        )
    explicit = not header.implicit
    (length,) = struct.unpack_from(f"{order}I", data, place + (8 if explicit else 4))
    start = place + (12 if explicit else 8)
    if length == UNDEFINED:
        return DicomFile(header, meta, memoryview(data)[start:], True, 0)
    pixels = memoryview(data)[start : start + length]
    return DicomFile(header, meta, pixels, False, length - len(pixels))


def _inflated(data: bytes, meta: Meta, limits: UploadLimits) -> bytes:
    """The same file without compression, unpacked as far as its own header accounts for."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    head = unpacker.decompress(data[meta.end :], HEADER_ROOM)
    start = bytes(PREAMBLE) + b"DICM" + PLAIN_META
    header, place = _parse(start + head)
    layout: Layout = layout_of(header, limits)
    needed = place - len(start) + layout.frames * layout.frame_bytes + HEADER_ROOM
    room = max(1, needed - len(head))
    rest = unpacker.decompress(unpacker.unconsumed_tail, room) if needed <= MOST_UNPACKED else b""
    if needed > MOST_UNPACKED or unpacker.unconsumed_tail:
        raise UnreadableXrayError(
            "the deflated DICOM file unpacks to more bytes than its picture needs; "
            "export it without compression."
        )
    return b"".join((start, head, rest))
