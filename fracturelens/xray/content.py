"""What kind of file it is, told from its first bytes and never from its name."""

import re

from fracturelens.xray.dicom.kinds import no_image_words
from fracturelens.xray.dicom.meta import is_dicom, read_meta

HEAD = 4096
"""Bytes of a file that suffice to tell its kind."""

SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
    b"II*\x00": "tiff",
    b"MM\x00*": "tiff",
    b"II+\x00": "tiff",
    b"MM\x00+": "tiff",
    b"\x00\x00\x00\x0cjP  \r\n\x87\n": "jpeg2000",
    b"\xff\x4f\xff\x51": "jpeg2000",
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
}
BRANDS = {
    b"avif": "avif", b"avis": "avif",
    b"heic": "heic", b"heix": "heic", b"heim": "heic", b"heis": "heic", b"hevc": "heic",
    b"hevx": "heic", b"mif1": "heic", b"msf1": "heic",
}  # fmt: skip
"""Major brands of ISO 14496-12 files."""
BMP_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)
"""Bytes."""
PICTURES = frozenset(
    {"png", "jpeg", "tiff", "bmp", "webp", "jpeg2000", "avif", "heic", "dicom"}
)  # fmt: skip

FOREIGN = {
    b"GIF8": "a GIF",
    b"%PDF": "a PDF",
    b"version https://git-lfs": "a Git LFS pointer",
    b"RIFF": "a film or a sound",
    b"MZ": "a Windows program",
    b"\x7fELF": "a program",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"BZh": "a bzip2 archive",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"8BPS": "a Photoshop file",
    b"\x00\x00\x00\x0cJXL ": "a JPEG XL picture",
    b"\xff\x0a": "a JPEG XL picture",
    b"SQLite format 3": "a database",
}


def kind_of(head: bytes) -> str:
    """The key of a file's kind: one of `PICTURES`, "zip", "gzip", or "" for all others.

    Args:
        head: the file, or its first `HEAD` bytes.
    """
    if is_dicom(head):
        return "dicom"
    for signature, kind in SIGNATURES.items():
        if head.startswith(signature):
            return kind
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], "")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return "bmp" if _is_bmp(head) else ""


def is_picture(head: bytes) -> bool:
    """Whether a file may hold an X-ray, for searching folders of files without endings.

    Args:
        head: the file, or its first `HEAD` bytes.

    Returns:
        False for DICOM files without a picture too: `no_picture_words` says what they are.
    """
    return kind_of(head) in PICTURES and not no_picture_words(head)


def no_picture_words(head: bytes) -> str:
    """What a DICOM file is that holds no picture, such as "a structured report"; else ""."""
    if kind_of(head) != "dicom":
        return ""
    return no_image_words(read_meta(head).class_uid)


def foreign_words(data: bytes) -> str:
    """What a file is that is no picture, for people: a noun with its article."""
    for signature, words in FOREIGN.items():
        if data.startswith(signature):
            return words
    head = data[:HEAD]
    if re.match(rb"\s*(<!DOCTYPE html|<html)", head, re.IGNORECASE):
        return "a web page"
    if data[4:8] == b"ftyp":
        return "a film"
    if head and not re.search(rb"[^\t\n\r\f -~\x80-\xff]", head):
        return "a text and no picture"
    return "no picture that we know"


def _is_bmp(head: bytes) -> bool:
    """BM, and a bitmap header of a size that exists."""
    return head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in BMP_HEADERS
