"""The header of a JPEG 2000 codestream: its size and depth, before anything is decoded.

ITU-T T.800 A.5.1 (SIZ) and A.6.1 (COD); boxes of JP2 files in annex I.
"""

import struct
from dataclasses import dataclass

START = b"\xff\x4f\xff\x51"
"""Start of codestream, and SIZ, which must follow it."""
CODING_STYLE = 0xFF52
SIGNED = 0x80
MOST_MARKERS = 100
LARGE = 16_000_000
"""Samples; decoding takes 0.1 s for a million, so that larger pictures are read at half size."""


@dataclass(frozen=True)
class Codestream:
    """What the header of a codestream says.

    Attributes:
        width: pixels.
        height: likewise.
        components: channels.
        bits: of a sample, of the first component.
        signed: whether its samples are.
        halvings: how often the picture can be halved without decoding it whole.
    """

    width: int
    height: int
    components: int
    bits: int
    signed: bool
    halvings: int

    @property
    def reduce(self) -> int:
        """How often to halve either side, so that decoding stays quick."""
        too_large = self.width * self.height * self.components > LARGE
        return 1 if too_large and self.halvings else 0


def read_codestream(data: bytes) -> Codestream:
    """The header of the first codestream in a JP2 file, or of a bare one.

    Raises:
        ValueError: there is none.
        struct.error: the file ends too early.
    """
    start = data.find(START)
    if start < 0:
        raise ValueError("no JPEG 2000 codestream")
    right, bottom, left, top = struct.unpack_from(">4I", data, start + 8)
    components, precision = struct.unpack_from(">HB", data, start + 40)
    return Codestream(
        right - left,
        bottom - top,
        components,
        (precision & ~SIGNED) + 1,
        bool(precision & SIGNED),
        _halvings(data, start + 4),
    )


def _halvings(data: bytes, place: int) -> int:
    """Decomposition levels of the coding style that counts for the whole picture."""
    place += struct.unpack_from(">H", data, place)[0]
    for _ in range(MOST_MARKERS):
        marker, length = struct.unpack_from(">HH", data, place)
        if marker == CODING_STYLE:
            return data[place + 9]
        place += 2 + length
    return 0
