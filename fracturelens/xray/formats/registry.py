"""The readers of picture files by kind: a new format is one module and one line here."""

from collections.abc import Callable
from dataclasses import dataclass

from fracturelens.xray.formats.bmp import read_bmp
from fracturelens.xray.formats.decoded import Decoded
from fracturelens.xray.formats.jpeg import read_jpeg
from fracturelens.xray.formats.modern import read_avif, read_heic, read_jpeg2000, read_webp
from fracturelens.xray.formats.png import read_png
from fracturelens.xray.formats.tiff import read_tiff
from important_variables import UploadLimits


@dataclass(frozen=True)
class Format:
    """How files of one kind are read.

    Attributes:
        title: for people.
        read: from the file and its limits to gray values; raises `UnreadableXrayError` or one of
            `DAMAGE`.
    """

    title: str
    read: Callable[[bytes, UploadLimits], Decoded]


FORMATS = {
    "png": Format("PNG", read_png),
    "jpeg": Format("JPEG", read_jpeg),
    "tiff": Format("TIFF", read_tiff),
    "bmp": Format("BMP", read_bmp),
    "webp": Format("WebP picture", read_webp),
    "jpeg2000": Format("JPEG 2000 picture", read_jpeg2000),
    "avif": Format("AVIF picture", read_avif),
    "heic": Format("HEIC photo", read_heic),
}
"""By the keys of `fracturelens.xray.content.kind_of`."""
