"""From the bytes of a file to a gray picture and what the file says of it."""

from collections.abc import Iterator
from dataclasses import replace

from fracturelens.xray.archives.gzipped import unpack_gzip
from fracturelens.xray.archives.zipped import Member, unpack_zip
from fracturelens.xray.content import foreign_words, is_picture, kind_of
from fracturelens.xray.dicom.read import frame_count, read_dicom
from fracturelens.xray.errors import (
    DAMAGE,
    UnreadableXrayError,
    damaged,
    too_large_for_memory,
)
from fracturelens.xray.formats.decoded import radiograph_of
from fracturelens.xray.formats.registry import FORMATS
from fracturelens.xray.formats.tiff import SEVERAL, page_as_file, page_starts, read_tiff
from fracturelens.xray.limits import check_bytes
from fracturelens.xray.radiograph import Radiograph
from important_variables import UploadLimits


def decode_xray(data: bytes, limits: UploadLimits = UploadLimits()) -> Radiograph:
    """Read one X-ray: of a file with several pictures the first, with a caution.

    PNG, JPEG, TIFF, BMP, WebP, JPEG 2000, AVIF, HEIC and DICOM files, told by their content; a
    gzip or ZIP that holds them. EXIF orientation is applied, transparency laid on black, color
    made gray. Pictures of 8 bits are shown as they are, DICOM files by their own window, other
    deeper ones by the range of their values.

    Args:
        data: The whole file.
        limits: Largest file in bytes and largest picture in pixels; judged before decoding.

    Returns:
        The picture in gray, with what a DICOM header says of it and what is unusual.

    Raises:
        UnreadableXrayError: The file holds no whole, finite picture within the limits. Nothing
            else is raised, whatever the bytes are.
    """
    return decode_frame(data, 0, limits)


def decode_frame(data: bytes, frame: int, limits: UploadLimits = UploadLimits()) -> Radiograph:
    """Read one frame of a DICOM file or one page of a TIFF, from 0; otherwise as `decode_xray`."""
    data = unwrap(data, limits)
    kind = kind_of(data)
    if kind == "zip":
        return _first_of_zip(data, limits)
    if kind != "dicom" and kind not in FORMATS:
        raise UnreadableXrayError(
            f"the file is {foreign_words(data)}; save the X-ray as PNG, JPEG, TIFF or DICOM."
        )
    title = "DICOM file" if kind == "dicom" else FORMATS[kind].title
    try:
        if kind == "dicom":
            return read_dicom(data, limits, frame)
        if kind == "tiff" and frame:
            page = page_as_file(data, page_starts(data)[frame])
            return radiograph_of(read_tiff(page, limits)).with_cautions(SEVERAL)
        return radiograph_of(FORMATS[kind].read(data, limits))
    except UnreadableXrayError:
        raise
    except MemoryError as error:
        raise too_large_for_memory(title) from error
    except DAMAGE as error:
        raise damaged(title) from error


def number_of_pictures(data: bytes, limits: UploadLimits) -> int:
    """Frames of a DICOM file, pages of a TIFF; 1 for other files and damaged ones."""
    kind = kind_of(data)
    try:
        if kind == "dicom":
            return frame_count(data, limits)
        return max(1, len(page_starts(data))) if kind == "tiff" else 1
    except DAMAGE:
        return 1


def unwrap(data: bytes, limits: UploadLimits) -> bytes:
    """The file in a gzip, or the file itself.

    Raises:
        UnreadableXrayError: it is empty, too large or damaged.
    """
    check_bytes(data, limits)
    if kind_of(data) != "gzip":
        return data
    try:
        return unpack_gzip(data, limits)
    except UnreadableXrayError:
        raise
    except DAMAGE as error:
        raise damaged("gzip") from error


def members_of_zip(data: bytes, limits: UploadLimits) -> Iterator[Member]:
    """The files of a ZIP, those in gzip unpacked; archives within it stay shut."""
    for member in unpack_zip(data, limits):
        if kind_of(member.data) == "gzip":
            try:
                member = replace(member, data=unwrap(member.data, limits))
            except UnreadableXrayError as error:
                member = replace(member, data=b"", error=str(error))
            if not member.error and kind_of(member.data) in ("", "zip", "gzip"):
                continue
        yield member


def no_xray_in_zip() -> UnreadableXrayError:
    """The refusal of a ZIP without any picture."""
    return UnreadableXrayError(
        "the ZIP holds no X-ray; pack PNG, JPEG, TIFF or DICOM files into it."
    )


def _first_of_zip(data: bytes, limits: UploadLimits) -> Radiograph:
    """The first picture of a ZIP, with a caution where it holds others."""
    refused, members = None, members_of_zip(data, limits)
    for first in members:
        if is_picture(first.data):
            break
        refused = refused or first.error
    else:
        raise UnreadableXrayError(refused) if refused else no_xray_in_zip()
    radiograph = decode_frame(first.data, 0, limits)
    others = any(is_picture(other.data) for other in members)
    return radiograph.with_cautions(SEVERAL) if others else radiograph
