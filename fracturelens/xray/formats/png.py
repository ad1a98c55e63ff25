"""PNG files."""

from PIL.PngImagePlugin import PngImageFile

from fracturelens.xray.errors import UnreadableXrayError
from fracturelens.xray.formats.decoded import Decoded
from fracturelens.xray.formats.deep import deep_gray
from fracturelens.xray.formats.orientation import exif_orientation, upright
from fracturelens.xray.formats.pillow import gray_of_image
from fracturelens.xray.limits import CountedReader, check_size
from important_variables import UploadLimits

BIT_DEPTH = 24
"""Byte of the file that holds the bits of a channel (PNG specification 11.2.2)."""


def read_png(data: bytes, limits: UploadLimits) -> Decoded:
    """The gray values of a PNG file.

    Raises:
        UnreadableXrayError: it is animated or too large.
    """
    image = PngImageFile(CountedReader(data))
    check_size(*image.size, limits)
    if getattr(image, "n_frames", 1) > 1:
        raise UnreadableXrayError(
            f"the PNG holds {image.n_frames} pictures and one is expected; "
            "save the one that you mean as a file of its own."
        )
    return _decode(image, data)


def _decode(image: PngImageFile, data: bytes) -> Decoded:
    several = image.mode not in ("I", "I;16", "I;16B")
    deep = data[BIT_DEPTH] == 16 and several
    decoded = deep_gray(data, image) if deep else gray_of_image(image)
    orientation = exif_orientation(image.info.get("exif", b""))
    return Decoded(upright(decoded.pixels, orientation), decoded.colorfulness)
