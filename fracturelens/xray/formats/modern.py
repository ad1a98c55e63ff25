"""JPEG 2000, AVIF, HEIC and WebP files: decoded apart from the app, all but WebP."""

import cv2
import numpy as np

from fracturelens.xray.cautions import Caution
from fracturelens.xray.color import gray_of_color
from fracturelens.xray.errors import UnreadableXrayError
from fracturelens.xray.formats.decoded import Decoded
from fracturelens.xray.formats.jpeg2000 import read_codestream
from fracturelens.xray.formats.orientation import exif_orientation, upright
from fracturelens.xray.isolated.run import run_isolated
from fracturelens.xray.limits import check_size
from important_variables import UploadLimits

ANIMATED = 0x02
"""Flag of VP8X (WebP container specification)."""
MOST_CHUNKS = 100


def read_jpeg2000(data: bytes, limits: UploadLimits) -> Decoded:
    """The gray values of a JP2 file or a bare codestream; large ones at half their size."""
    header = read_codestream(data)
    check_size(header.width, header.height, limits)
    options = {"kind": "jpeg2000", "reduce": header.reduce}
    cautions = (Caution("reduced"),) if header.reduce else ()
    return _isolated(data, "JPEG 2000 picture", limits, options, cautions)


def read_avif(data: bytes, limits: UploadLimits) -> Decoded:
    """The gray values of an AVIF file; of an animation the first picture."""
    return _isolated(data, "AVIF picture", limits, {"kind": "avif", "reduce": 0})


def read_heic(data: bytes, limits: UploadLimits) -> Decoded:
    """The gray values of a HEIC file, with the caution that it is a photo."""
    options = {"kind": "heic", "reduce": 0}
    title = "photo from an iPhone (HEIC)"
    return _isolated(data, title, limits, options, (Caution("photo"),))


def read_webp(data: bytes, limits: UploadLimits) -> Decoded:
    """The gray values of a WebP file.

    Raises:
        UnreadableXrayError: it is animated or too large.
    """
    chunks = _chunks(data)
    if chunks.get(b"VP8X", b"\0")[0] & ANIMATED:
        raise UnreadableXrayError(
            "the WebP holds several pictures and one is expected; "
            "save the one that you mean as a file of its own."
        )
    check_size(*_webp_size(chunks), limits)
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None:
        raise ValueError("OpenCV cannot decode the WebP")
    height, width = pixels.shape[:2]
    gray, colorfulness = gray_of_color(height, width, lambda a, b: _rgb(pixels[a:b]))
    return Decoded(upright(gray, exif_orientation(chunks.get(b"EXIF", b""))), colorfulness)


def _isolated(
    data: bytes, title: str, limits: UploadLimits, options: dict, cautions: tuple[Caution, ...] = ()
) -> Decoded:
    options |= {"most_pixels": limits.max_pixels, "upright": True}
    answer, values = run_isolated("picture", data, title, **options)
    check_size(answer["width"], answer["height"], limits)
    pixels = np.frombuffer(values, answer["dtype"]).reshape(answer["shape"])
    return Decoded(pixels, answer["colorfulness"], cautions)


def _rgb(rows: np.ndarray) -> np.ndarray:
    """Rows of OpenCV's channels as RGB, transparency laid on black."""
    if rows.shape[2] == 3:
        return rows[..., ::-1]
    opacity = rows[..., 3:].astype(np.float32) / 255
    return np.rint(rows[..., 2::-1] * opacity).astype(np.uint8)


def _chunks(data: bytes) -> dict[bytes, bytes]:
    """The chunks of a WebP by name, each cut to its first 64 kB."""
    found: dict[bytes, bytes] = {}
    place = 12
    for _ in range(MOST_CHUNKS):
        if place + 8 > len(data):
            break
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        found.setdefault(data[place : place + 4], data[place + 8 : place + 8 + min(size, 65536)])
        place += 8 + size + size % 2
    return found


def _webp_size(chunks: dict[bytes, bytes]) -> tuple[int, int]:
    """Width and height in pixels (RFC 9649, sections 2.5 to 2.7)."""
    if b"VP8X" in chunks:
        body = chunks[b"VP8X"]
        width, height = (int.from_bytes(body[place : place + 3], "little") for place in (4, 7))
        return width + 1, height + 1
    if b"VP8L" in chunks:
        bits = int.from_bytes(chunks[b"VP8L"][1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    body = chunks[b"VP8 "]
    width, height = (int.from_bytes(body[place : place + 2], "little") for place in (6, 8))
    return width & 0x3FFF, height & 0x3FFF
