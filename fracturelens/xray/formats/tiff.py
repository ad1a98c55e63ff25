"""TIFF and BigTIFF files; of several pages one."""

import struct
from dataclasses import replace

import numpy as np
from PIL.TiffImagePlugin import TiffImageFile

from fracturelens.xray.cautions import Caution
from fracturelens.xray.errors import DAMAGE
from fracturelens.xray.formats.decoded import Decoded
from fracturelens.xray.formats.deep import deep_gray, deep_values
from fracturelens.xray.formats.orientation import ORIENTATION, upright
from fracturelens.xray.formats.pillow import gray_of_image
from fracturelens.xray.formats.tiff_tags import (
    BITS,
    HEIGHT,
    NEW_SUBFILE,
    PHOTOMETRIC,
    SAMPLE_FORMAT,
    SAMPLES,
    WIDTH,
    Directory,
    read_directory,
)
from fracturelens.xray.limits import CountedReader, check_size
from important_variables import UploadLimits

WHITE_IS_ZERO = 0
UNSIGNED, REAL = 1, 3
THUMBNAIL = 1
MOST_PAGES = 100
SEVERAL = Caution("several_frames", "several")


def read_tiff(data: bytes, limits: UploadLimits) -> Decoded:
    """The gray values of a TIFF file's first page, with a caution where others follow."""
    page = read_directory(data)
    check_size(page.first(WIDTH), page.first(HEIGHT), limits)
    decoded = _decode(_as_stored(data, page), page, limits)
    pages = len(page_starts(data, 2))
    return replace(
        decoded,
        pixels=upright(decoded.pixels, page.orientation),
        cautions=(SEVERAL,) if pages > 1 else (),
    )


def page_starts(data: bytes, most: int = MOST_PAGES) -> list[int]:
    """Bytes at which the directories of a TIFF's pages start, `most` of them at most.

    Previews are left out, and what cannot be read ends the list.
    """
    found: list[int] = []
    try:
        place = struct.unpack_from(*_first_offset(data))[0]
        for _ in range(most + 1):
            page = read_directory(data, place)
            if not found or not page.first(NEW_SUBFILE) & THUMBNAIL:
                found.append(place)
            place = page.following
            if not place or place in found or len(found) == most:
                break
    except DAMAGE:
        return found
    return found


def page_as_file(data: bytes, start: int) -> bytes:
    """The same file with the directory at a byte as its first and only one."""
    layout, _, place = _first_offset(data)
    size = struct.calcsize(layout)
    return data[:place] + struct.pack(layout, start) + data[place + size :]


def _first_offset(data: bytes) -> tuple[str, bytes, int]:
    """Layout and place of the first directory's offset, as `struct.unpack_from` takes them."""
    order = "<" if data[:2] == b"II" else ">"
    return (f"{order}Q", data, 8) if data[2:4] in (b"+\x00", b"\x00+") else (f"{order}I", data, 4)


def _decode(data: bytes, page: Directory, limits: UploadLimits) -> Decoded:
    """Pillow reads what is gray with up to 16 bits, OpenCV most of what is deeper."""
    bits, samples = page.first(BITS, 1), page.first(SAMPLES, 1)
    form = page.first(SAMPLE_FORMAT, UNSIGNED)
    inverted = page.first(PHOTOMETRIC) == WHITE_IS_ZERO and bits > 8 and samples == 1
    if bits == 16 and form == REAL and samples == 1:
        # Declared as integers they are refused by no library.
        declared = _with_value(data, page, SAMPLE_FORMAT, UNSIGNED)
        words = gray_of_image(_opened(declared, limits)).pixels
        return Decoded(words.astype(np.uint16).view(np.float16), white_is_zero=inverted)
    if bits > 8 and samples > 1:
        return deep_gray(data, _opened(data, limits))
    if bits > 32 or (bits == 32 and form == UNSIGNED):
        values = deep_values(data, page.first(WIDTH), page.first(HEIGHT), bits)
        return Decoded(values, white_is_zero=inverted)
    decoded = gray_of_image(_opened(data, limits))
    return Decoded(decoded.pixels, decoded.colorfulness, white_is_zero=inverted)


def _as_stored(data: bytes, page: Directory) -> bytes:
    """The file without its orientation, which one of the libraries applies and the other not."""
    return data if page.orientation == 1 else _with_value(data, page, ORIENTATION, 1)


def _with_value(data: bytes, page: Directory, tag: int, value: int) -> bytes:
    """The file with another value in a field of one SHORT."""
    place = page.entries[tag].place
    return data[:place] + struct.pack(f"{page.order}H", value) + data[place + 2 :]


def _opened(data: bytes, limits: UploadLimits) -> TiffImageFile:
    image = TiffImageFile(CountedReader(data))
    check_size(*image.size, limits)
    return image
