"""From the bytes of a file to a gray picture and what the file says of it."""

import struct
import zlib
from io import BytesIO

import cv2
import numpy as np
from PIL import Image, ImageOps
from PIL.BmpImagePlugin import BmpImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from fracturelens.xray.depth import DepthError, to_uint8
from fracturelens.xray.dicom import DicomError, decode_dicom, is_dicom
from fracturelens.xray.radiograph import Radiograph
from important_variables import UploadLimits

MIN_SIDE = 16
MEGABYTE = 1024 * 1024
STRIP = 128  # rows
GRAIN = 4
"""Side in pixels of the blocks over which color is averaged: the noise of JPEG is no color."""

# The readers are called directly, not through Image.open: they read the header alone, so that
# our own pixel limit (and not Pillow's warning) judges the size before anything is decoded.
READERS: dict[bytes, type[PngImageFile | JpegImageFile | TiffImageFile | BmpImageFile]] = {
    b"\x89PNG\r\n\x1a\n": PngImageFile,
    b"\xff\xd8\xff": JpegImageFile,
    b"II*\x00": TiffImageFile,
    b"MM\x00*": TiffImageFile,
    b"BM": BmpImageFile,
}
FOREIGN = {
    b"GIF8": "a GIF",
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive",
    b"RIFF": "a WebP picture or a film",
    b"version https://git-lfs": "a Git LFS pointer",
}
# What Pillow and its codecs raise on damaged files (found by fuzzing: its tests).
DAMAGE = (
    OSError, SyntaxError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError,
    NotImplementedError, RuntimeError, EOFError, struct.error, zlib.error,
)  # fmt: skip


class UnreadableXrayError(ValueError):
    """The bytes are no X-ray that we can read; the text says why and what to do.

    The text is one sentence that starts in lower case: callers put the file's name before it.
    """


def decode_xray(data: bytes, limits: UploadLimits = UploadLimits()) -> Radiograph:
    """Read a PNG, JPEG, TIFF, BMP or DICOM file.

    EXIF orientation is applied, transparency laid on black, color made gray. Pictures of more
    than 8 bits are rescaled by the bits in use (`to_uint8`), DICOM files by their own window.

    Args:
        data: The whole file.
        limits: Largest file in bytes and largest picture in pixels; judged before decoding.

    Returns:
        The picture in gray, with what a DICOM header says of it.

    Raises:
        UnreadableXrayError: The file is no single, whole, finite picture within the limits.
    """
    if not data:
        raise UnreadableXrayError("the file is empty (0 bytes); export the X-ray again.")
    if len(data) > limits.max_bytes:
        raise UnreadableXrayError(
            f"the file has {len(data) / MEGABYTE:.1f} MB and at most "
            f"{limits.max_bytes / MEGABYTE:.1f} MB are accepted; export the X-ray smaller."
        )
    if is_dicom(data):
        return _decode_dicom(data, limits)
    image = _open(data)
    _check_size(*image.size, limits)
    try:
        _check_single(image)
        ImageOps.exif_transpose(image, in_place=True)
        return _decode_picture(image)
    except UnreadableXrayError:
        raise
    except DAMAGE as error:
        raise _damaged(image.format, error) from error


def _decode_dicom(data: bytes, limits: UploadLimits) -> Radiograph:
    try:
        shown, source = decode_dicom(data, lambda width, height: _check_size(width, height, limits))
    except DicomError as error:
        raise UnreadableXrayError(str(error)) from error
    return Radiograph(_to_uint8(shown), source)


def _open(data: bytes) -> Image.Image:
    """Choose the reader by the first bytes and read the header."""
    for signature, reader in READERS.items():
        if data.startswith(signature):
            try:
                return reader(BytesIO(data))
            except DAMAGE as error:
                raise _damaged(reader.format, error) from error
    kind = next((name for start, name in FOREIGN.items() if data.startswith(start)), None)
    kind = kind or f"no picture (it starts with the bytes {data[:4].hex(' ')})"
    raise UnreadableXrayError(
        f"the file is {kind}; save the X-ray as PNG, JPEG, TIFF, BMP or DICOM, one per file."
    )


def _check_single(image: Image.Image) -> None:
    frames = getattr(image, "n_frames", 1)
    if frames > 1:
        raise UnreadableXrayError(
            f"the {image.format} holds {frames} pictures and one is expected; "
            "save the one that you mean as a file of its own."
        )


def _check_size(width: int, height: int, limits: UploadLimits) -> None:
    """Refuse pictures (pixels) that are too large or too small to be an X-ray.

    Raises:
        UnreadableXrayError: More than `limits.max_pixels`, or a side below `MIN_SIDE`.
    """
    if width * height > limits.max_pixels:
        raise UnreadableXrayError(
            f"the picture has {width:,} x {height:,} pixels and at most "
            f"{limits.max_pixels / 1e6:,.1f} megapixels are accepted; export it smaller."
        )
    if min(width, height) < MIN_SIDE:
        raise UnreadableXrayError(
            f"the picture has {width} x {height} pixels and at least {MIN_SIDE} x {MIN_SIDE} "
            "are needed; upload the X-ray in full size."
        )


def _damaged(kind: str | None, error: BaseException) -> UnreadableXrayError:
    detail = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    return UnreadableXrayError(
        f"the {kind} is damaged or incomplete ({detail[:120]}); export or download it again."
    )


def _decode_picture(image: Image.Image) -> Radiograph:
    if image.mode == "F" or image.mode.startswith("I"):
        return Radiograph(_to_uint8(np.asarray(image)))
    if image.has_transparency_data:
        layers = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layers.size, "black"), layers)
    if image.mode == "L":
        return Radiograph(np.asarray(image))
    return _gray_of_color(image)


def _gray_of_color(image: Image.Image) -> Radiograph:
    """Luminance, strip by strip: a whole RGB copy of a large X-ray would take three times it."""
    pixels = np.empty((image.height, image.width), np.uint8)
    differences = np.zeros(3)
    for top in range(0, image.height, STRIP):
        bottom = min(top + STRIP, image.height)
        strip = np.asarray(image.crop((0, top, image.width, bottom)).convert("RGB"))
        cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY, dst=pixels[top:bottom])
        differences += (bottom - top) * _channel_differences(strip)
    return Radiograph(pixels, colorfulness=float(differences.max() / image.height))


def _channel_differences(strip: np.ndarray) -> np.ndarray:
    """Mean difference in gray levels of each pair of channels, noise averaged out, float64 (3,)."""
    size = (max(1, strip.shape[1] // GRAIN), max(1, strip.shape[0] // GRAIN))
    red, green, blue = cv2.split(cv2.resize(strip, size, interpolation=cv2.INTER_AREA))
    pairs = ((red, green), (green, blue), (red, blue))
    return np.array([cv2.absdiff(first, second).mean() for first, second in pairs])


def _to_uint8(pixels: np.ndarray) -> np.ndarray:
    try:
        return to_uint8(pixels)
    except DepthError as error:
        raise UnreadableXrayError(str(error)) from error
