"""Decodes the common kind of JPEG with fewer copies than Pillow."""

import re

import cv2
import numpy as np
from PIL.ExifTags import Base
from PIL.JpegImagePlugin import JpegImageFile

FRAME, SCAN, END = b"\xff\xc0", b"\xff\xda", b"\xff\xd9"
HEADER = {FRAME, b"\xff\xc4", b"\xff\xdb", b"\xff\xdd", b"\xff\xfe"} | {
    bytes((0xFF, 0xE0 + number)) for number in range(16)
}
"""What may stand before the scan: frame, tables, restarts, comment, applications' own."""

MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]")
"""Ends a scan; a stuffed 0xFF and a restart do not."""

FLAGS = {
    1: cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION,
    3: cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION,
}
"""By number of components."""


def decode_plain_jpeg(data: bytes, opened: JpegImageFile) -> np.ndarray | None:
    """Pixels of a whole baseline JPEG that lies upright; they equal Pillow's bit for bit.

    OpenCV is more lenient than Pillow: it reads some files that Pillow refuses as damaged. So it
    gets only those whose structure shows that they end where they should.

    Args:
        data: the whole file.
        opened: the same file, its header read by Pillow and its size judged.

    Returns:
        uint8 (H, W, 3) RGB, or None where Pillow has to read or to refuse the file.
    """
    if opened.getexif().get(Base.Orientation, 1) != 1 or not _is_plain(data, opened):
        return None
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), FLAGS[opened.layers])
    if pixels is None or pixels.ndim == 3:
        return pixels
    return cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB)


def _is_plain(data: bytes, opened: JpegImageFile) -> bool:
    """One baseline frame of the size that Pillow saw, one scan, and the end right after it."""
    frames, at = [], 2
    while (marker := data[at : at + 2]) in HEADER:
        length = int.from_bytes(data[at + 2 : at + 4])
        if marker == FRAME:
            frames.append(data[at + 4 : at + 2 + length])
        at += 2 + length
    sides = opened.height.to_bytes(2) + opened.width.to_bytes(2)
    if marker != SCAN or [frame[:5] for frame in frames] != [b"\x08" + sides]:
        return False
    end = MARKER.search(data, at + 2 + int.from_bytes(data[at + 2 : at + 4]))
    return opened.layers in FLAGS and end is not None and end.group() == END
