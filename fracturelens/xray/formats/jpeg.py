"""JPEG files, and the 8-bit JPEG pictures within DICOM files."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from PIL.JpegImagePlugin import JpegImageFile

from fracturelens.xray.cautions import Caution
from fracturelens.xray.color import GRAIN, channel_differences, gray_of_color
from fracturelens.xray.errors import UnreadableXrayError
from fracturelens.xray.formats.decoded import Decoded
from fracturelens.xray.formats.jpeg_header import JpegHeader, read_jpeg_header
from fracturelens.xray.formats.orientation import exif_orientation, upright
from fracturelens.xray.formats.pillow import gray_of_image
from fracturelens.xray.limits import CountedReader, check_size
from important_variables import UploadLimits

START_OF_SCAN = b"\xff\xda"
MOST_SCANS = 100
"""Encoders write 1 to 12; each costs a pass over all pixels."""
MOST_WORK = 1_000_000_000
"""Scans times pixels."""
LARGE = 20_000_000
"""Pixels; a progressive color picture beyond keeps 6 bytes for each, besides the colors."""
COLORS = {1: "GRAY", 3: "RGB"}
"""Components -> what the strict decoder is asked for; it has libjpeg-turbo as Pillow has."""


def read_jpeg(data: bytes, limits: UploadLimits) -> Decoded:
    """The gray values of a JPEG file; of several pictures in one (MPO) the first.

    Raises:
        UnreadableXrayError: it is too large or built to keep a decoder busy.
    """
    header = read_jpeg_header(data)
    decoded = gray_of_jpeg(data, header, limits)
    orientation = exif_orientation(header.exif)
    if orientation == 1:
        return decoded
    return replace(decoded, pixels=upright(decoded.pixels, orientation))


def gray_of_jpeg(data: bytes, header: JpegHeader, limits: UploadLimits) -> Decoded:
    """The gray values as they are stored; with a caution where the decoder had to guess.

    Args:
        data: the stream.
        header: of it.
        limits: largest picture.
    """
    check_size(header.width, header.height, limits)
    pixels = header.width * header.height
    if header.progressive or header.components > 1:  # other gray ends with its first scan
        _check_scans(data, pixels)
    if header.progressive and header.components > 3 and pixels > LARGE:
        raise MemoryError  # 12 bytes for each pixel
    colors = COLORS.get(header.components)
    try:
        import simplejpeg  # optional: Pillow reads as well, but keeps the decoder's warnings back
    except ImportError:
        colors = None
    if colors is None or header.bits != 8:
        return gray_of_image(JpegImageFile(CountedReader(data)))
    try:
        if colors == "RGB" and (pixels > LARGE or not header.progressive):
            return _apart(simplejpeg.decode_jpeg, data, header)
        decoded = simplejpeg.decode_jpeg(data, colors)
    except ValueError:  # corrupt: Pillow refuses what is cut off, and guesses at the rest
        guessed = gray_of_image(JpegImageFile(CountedReader(data)))
        return replace(guessed, cautions=(Caution("decoder_warning"),))
    return Decoded(decoded[..., 0]) if colors == "GRAY" else _gray(decoded)


def _check_scans(data: bytes, pixels: int) -> None:
    scans = data.count(START_OF_SCAN)
    if scans > MOST_SCANS or scans * pixels > MOST_WORK:
        raise UnreadableXrayError(
            f"the JPEG draws its picture in {scans:,} passes, which no X-ray does; "
            "save it as an ordinary JPEG or PNG."
        )


def _apart(decode: Callable[..., np.ndarray], data: bytes, header: JpegHeader) -> Decoded:
    """Luminance as it is stored, and beside it the colors at a quarter of either side.

    Together, at full size, they take twice the memory and time to be made gray again. To leave
    out most of a picture saves a decoder little: it reads all coefficients. So a progressive one,
    whose coefficients are most of its work, is decoded twice only where memory asks for it.
    """
    rows, columns = (-(-side // GRAIN) for side in (header.height, header.width))
    with ThreadPoolExecutor(1) as beside:
        small = beside.submit(
            decode, data, "RGB", min_height=rows, min_width=columns, min_factor=GRAIN
        )
        gray = decode(data, "GRAY")[..., 0]
        colors = small.result()
    return Decoded(gray, float(channel_differences(colors).max()))


def _gray(pixels: np.ndarray) -> Decoded:
    height, width = pixels.shape[:2]
    return Decoded(*gray_of_color(height, width, lambda top, bottom: pixels[top:bottom]))
