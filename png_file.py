"""Writes PNG files strip by strip, so that no second copy of a large picture is held."""

import struct
import zlib
from collections.abc import Iterable, Iterator

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GRAY, COLOUR = 0, 2
ABOVE = 2  # filter type: differences to the pixel above; X-rays are smooth
STRIP = 64  # rows

Text = tuple[bytes, bytes]
"""Kind of a text chunk and its content, as Pillow's `PngInfo.chunks` holds them."""


def png_parts(image: np.ndarray, texts: Iterable[Text] = ()) -> Iterator[bytes]:
    """The parts of a PNG file, in order.

    Args:
        image: uint8 (H, W, 3) or (H, W), or a bool (H, W) mask, written as 0 and 255.
        texts: text fields.
    """
    height, width = image.shape[:2]
    colours = COLOUR if image.ndim == 3 else GRAY
    yield SIGNATURE
    yield _chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, colours, 0, 0, 0))
    yield from (_chunk(kind, content) for kind, content in texts)
    packer = zlib.compressobj(level=1, strategy=zlib.Z_RLE)  # the fastest; little is lost
    for strip in _filtered(image):
        if packed := packer.compress(strip):
            yield _chunk(b"IDAT", packed)
    yield _chunk(b"IDAT", packer.flush())
    yield _chunk(b"IEND", b"")


def _filtered(image: np.ndarray) -> Iterator[np.ndarray]:
    """Strips as PNG compresses them: uint8 (rows, 1 + row's bytes), the type of filter first."""
    above = np.uint8(0)  # what the standard has above the first row
    for top in range(0, len(image), STRIP):
        strip = image[top : top + STRIP]
        strip = strip * np.uint8(255) if strip.dtype == bool else strip
        rows = strip.reshape(len(strip), -1)
        filtered = np.empty((len(rows), rows.shape[1] + 1), np.uint8)
        filtered[:, 0] = ABOVE
        filtered[0, 1:] = rows[0] - above
        np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])  # modulo 256, as it should be
        above = rows[-1]
        yield filtered


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
