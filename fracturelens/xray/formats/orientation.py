"""How a camera was held: the orientation tag of EXIF and TIFF (TIFF 6.0, tag 274)."""

import struct

import numpy as np

ORIENTATION = 274
SHORT = 3
EXIF_START = b"Exif\x00\x00"


def exif_orientation(exif: bytes) -> int:
    """The orientation that an EXIF block states, 1 to 8; 1 where it states none.

    Only the one tag is read: libraries copy every entry, and a hostile block has thousands of
    entries that all point to the same megabytes.
    """
    exif = exif.removeprefix(EXIF_START)
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None or len(exif) < 8:
        return 1
    (start,) = struct.unpack_from(f"{order}I", exif, 4)
    if len(exif) < start + 2:
        return 1
    (entries,) = struct.unpack_from(f"{order}H", exif, start)
    for place in range(start + 2, min(start + 2 + 12 * entries, len(exif) - 11), 12):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", exif, place)
        if tag == ORIENTATION and kind == SHORT:
            return value if 1 <= value <= 8 else 1
    return 1


def upright(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """The picture as it should be seen, (H, W) or (W, H), contiguous.

    Args:
        pixels: (H, W) as stored.
        orientation: 1 to 8; 1 leaves the picture as it is.
    """
    if orientation in (5, 6, 7, 8):
        pixels = pixels.T
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)
