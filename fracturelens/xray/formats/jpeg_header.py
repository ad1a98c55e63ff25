"""The header of a JPEG or JPEG-LS stream: its size and depth, before anything is decoded.

ITU-T T.81 B.2 and T.87 C.
"""

from dataclasses import dataclass

FRAMES = frozenset({0xF7, *range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Start of frame: of all processes of JPEG, and of JPEG-LS (0xF7)."""
PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
WITHOUT_LENGTH = frozenset({0x00, 0x01, 0xFF, *range(0xD0, 0xD9)})
APPLICATION_1 = 0xE1
EXIF = b"Exif\x00\x00"
MOST_SEGMENTS = 1000


@dataclass(frozen=True)
class JpegHeader:
    """What a stream says before its first scan.

    Attributes:
        width: pixels.
        height: likewise.
        components: channels.
        bits: of a sample.
        progressive: drawn in several scans.
        exif: the EXIF block, b"" where there is none.
    """

    width: int
    height: int
    components: int
    bits: int
    progressive: bool
    exif: bytes


def read_jpeg_header(data: bytes) -> JpegHeader:
    """The header of a stream.

    Raises:
        ValueError: it has no start of frame among its first segments.
        IndexError: it ends too early.
    """
    place, exif = 2, b""
    for _ in range(MOST_SEGMENTS):
        place = data.index(b"\xff", place) + 1
        kind = data[place]
        if kind in WITHOUT_LENGTH:
            place += kind != 0xFF
            continue
        body = place + 3
        if kind in FRAMES:
            height, width = (int.from_bytes(data[body + n : body + n + 2]) for n in (1, 3))
            return JpegHeader(width, height, data[body + 5], data[body], kind in PROGRESSIVE, exif)
        length = int.from_bytes(data[place + 1 : body])
        if kind == APPLICATION_1 and data.startswith(EXIF, body):
            exif = exif or data[body : body + length - 2]
        place += 1 + length
    raise ValueError("no start of frame")
