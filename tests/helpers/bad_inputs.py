"""Files that users upload by mistake or malice, made in memory."""

import gzip
import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
from PIL import Image


def gradient(height: int = 96, width: int = 64, dtype=np.uint8, top: int = 255) -> np.ndarray:
    """Gray (height, width) that rises from 0 at the left to `top` at the right."""
    row = np.linspace(0, top, width).astype(dtype)
    return np.tile(row, (height, 1))


def encode(pixels: np.ndarray | Image.Image, kind: str, **options) -> bytes:
    """File of a picture; `kind` is Pillow's name of the format."""
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    buffer = BytesIO()
    image.save(buffer, format=kind, **options)
    return buffer.getvalue()


def text_named_png() -> bytes:
    return b"Patient: Jane Doe\nFinding: none\n"


def empty_file() -> bytes:
    return b""


def truncated_jpeg() -> bytes:
    whole = encode(np.random.default_rng(0).integers(0, 256, (96, 64), np.uint8), "JPEG")
    return whole[: len(whole) // 2]


def truncated_png() -> bytes:
    whole = encode(np.random.default_rng(0).integers(0, 256, (96, 64), np.uint8), "PNG")
    return whole[: len(whole) // 2]


def pixel_bomb(side: int = 60_000) -> bytes:
    """A small, formally correct PNG of side x side pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(bytes(1_000_000))), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def noise(size: int = 20 * 1024 * 1024) -> bytes:
    return np.random.default_rng(0).bytes(size)


def noise_after_jpeg_header(size: int = 1024 * 1024) -> bytes:
    return encode(gradient(), "JPEG")[:180] + noise(size)


def animated_gif() -> bytes:
    frames = [Image.fromarray(gradient(top=top)) for top in (255, 128)]
    return encode(frames[0], "GIF", save_all=True, append_images=frames[1:])


def animated_png() -> bytes:
    frames = [Image.fromarray(gradient(top=top)) for top in (255, 128)]
    return encode(frames[0], "PNG", save_all=True, append_images=frames[1:])


def two_page_tiff() -> bytes:
    pages = [Image.fromarray(gradient(top=top)) for top in (255, 128)]
    return encode(pages[0], "TIFF", save_all=True, append_images=pages[1:])


def nan_tiff() -> bytes:
    pixels = gradient().astype(np.float32)
    pixels[3, 4:7] = np.nan
    return encode(pixels, "TIFF")


def tiny_png() -> bytes:
    return encode(gradient(1, 1), "PNG")


def lfs_pointer() -> bytes:
    return b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 9\n"


def zip_archive() -> bytes:
    return b"PK\x03\x04" + bytes(200)


def cmyk_jpeg() -> bytes:
    """Unusual but readable."""
    return encode(Image.fromarray(gradient()).convert("RGB").convert("CMYK"), "JPEG", quality=95)


def palette_png_with_transparency() -> bytes:
    """Unusual but readable: the right half is opaque, the left half transparent."""
    image = Image.fromarray((gradient() > 127).astype(np.uint8), mode="P")
    image.putpalette([255, 255, 255, 200, 200, 200])
    return encode(image, "PNG", transparency=0)


def truncated_webp() -> bytes:
    whole = encode(np.random.default_rng(0).integers(0, 256, (96, 64), np.uint8), "WEBP")
    return whole[: len(whole) // 2]


def animated_webp() -> bytes:
    frames = [Image.fromarray(gradient(top=top)) for top in (255, 128)]
    return encode(frames[0], "WEBP", save_all=True, append_images=frames[1:])


def jpeg_of_many_scans(scans: int = 2000) -> bytes:
    """A progressive JPEG that draws the same coefficients over and over."""
    whole = encode(gradient(), "JPEG", progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * scans + whole[-2:]


def jpeg_of_many_segments(segments: int = 1_000_000) -> bytes:
    whole = encode(gradient(), "JPEG")
    return whole[:2] + b"\xff\xe5\x00\x02" * segments + whole[2:]


def png_of_many_chunks(chunks: int = 300_000) -> bytes:
    whole = encode(gradient(), "PNG")
    text = struct.pack(">I", 0) + b"teXt" + struct.pack(">I", zlib.crc32(b"teXt"))
    return whole[:33] + text * chunks + whole[33:]


def small_tiff(*fields: tuple[int, int, int, int], pages: int = 1, after: bytes = b"") -> bytes:
    """A TIFF of 16 x 16 gray pixels that lie at its start; `fields` add to each page's."""
    plain = [(256, 4, 1, 16), (257, 4, 1, 16), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
             (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, 16), (279, 4, 1, 256)]  # fmt: skip
    named = {field[0] for field in fields}
    entries = sorted([*fields, *(field for field in plain if field[0] not in named)])
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    start, size = 8 + 256, 2 + len(body) + 4
    directories = b"".join(
        struct.pack("<H", len(entries))
        + body
        + struct.pack("<I", start + (page + 1) * size if page < pages - 1 else 0)
        for page in range(pages)
    )
    return b"II*\0" + struct.pack("<I", start) + bytes(range(256)) + directories + after


def tiff_of_many_pages(pages: int = 30_000) -> bytes:
    """Unusual but readable, and quickly: only the second page is looked for."""
    return small_tiff(pages=pages)


def tiff_of_overlapping_tags() -> bytes:
    """Thousands of fields that all point to the same megabyte."""
    return small_tiff(*((1000 + n, 7, 1_000_000, 8) for n in range(3000)), after=bytes(1_000_000))


def tiff_of_tiny_tiles() -> bytes:
    count = 250_000
    fields = [(322, 3, 1, 1), (323, 3, 1, 1), (324, 4, count, 8), (325, 4, count, 8)]
    return small_tiff(*fields, after=bytes(4 * count))


def gzip_bomb() -> bytes:
    return gzip.compress(bytes(60 * 1024 * 1024), 9)


def zip_file(**files: bytes) -> bytes:
    """A ZIP; the underscores of the names stand for dots."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return buffer.getvalue()


def zip_bomb() -> bytes:
    return zip_file(a_png=encode(gradient(), "PNG") + bytes(20_000_000))


def zip_of_texts() -> bytes:
    return zip_file(readme_txt=b"Nothing here.", viewer_exe=b"MZ" + bytes(99))


EXPLICIT = bytes(128) + b"DICM\x02\x00\x10\x00UI\x14\x001.2.840.10008.1.2.1\x00"


def dicom_of_many_elements(elements: int = 500_000) -> bytes:
    return EXPLICIT + struct.pack("<HH2sH", 8, 0x60, b"CS", 0) * elements


def dicom_of_nested_sequences(depth: int = 50_000) -> bytes:
    sequence = struct.pack("<HH2sHI", 8, 0x1140, b"SQ", 0, 0xFFFFFFFF)
    return EXPLICIT + (sequence + struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)) * depth


REFUSED = {
    "text.png": (text_named_png, "no picture"),
    "empty.png": (empty_file, "empty"),
    "truncated.jpg": (truncated_jpeg, "JPEG is damaged or incomplete"),
    "truncated.png": (truncated_png, "PNG is damaged or incomplete"),
    "bomb.png": (pixel_bomb, "60,000 x 60,000 pixels"),
    "noise.png": (noise, "no picture"),
    "noise.jpg": (noise_after_jpeg_header, "JPEG"),
    "animated.gif": (animated_gif, "a GIF"),
    "animated.png": (animated_png, "2 pictures"),
    "nan.tif": (nan_tiff, "3 of 6,144 pixel values are NaN"),
    "tiny.png": (tiny_png, "1 x 1 pixels"),
    "pointer.png": (lfs_pointer, "Git LFS pointer"),
    "archive.png": (zip_archive, "ZIP is damaged"),
    "cut.webp": (truncated_webp, "WebP picture is damaged"),
    "moving.webp": (animated_webp, "several pictures"),
    "scans.jpg": (jpeg_of_many_scans, "passes, which no X-ray does"),
    "chunks.png": (png_of_many_chunks, "PNG is damaged"),
    "segments.jpg": (jpeg_of_many_segments, "JPEG is damaged"),
    "tags.tif": (tiff_of_overlapping_tags, "TIFF is damaged"),
    "tiles.tif": (tiff_of_tiny_tiles, "TIFF is damaged"),
    "bomb.gz": (gzip_bomb, "gzip holds more than"),
    "bomb.zip": (zip_bomb, "unpacks to too many bytes"),
    "notes.zip": (zip_of_texts, "ZIP holds no X-ray"),
    "elements.dcm": (dicom_of_many_elements, "DICOM file is damaged"),
    "nested.dcm": (dicom_of_nested_sequences, "DICOM file is damaged"),
}
"""File name -> (function that makes its bytes, words that the refusal must hold)."""

ACCEPTED = {
    "cmyk.jpg": cmyk_jpeg,
    "palette.png": palette_png_with_transparency,
    "pages.tif": two_page_tiff,
    "thousands.tif": tiff_of_many_pages,
}
"""File name -> function that makes its bytes: odd files that must be read nevertheless."""
