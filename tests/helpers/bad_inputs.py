"""Files that users upload by mistake or malice, made in memory."""

import struct
import zlib
from io import BytesIO

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
    "pages.tif": (two_page_tiff, "2 pictures"),
    "nan.tif": (nan_tiff, "3 of 6,144 pixel values are NaN"),
    "tiny.png": (tiny_png, "1 x 1 pixels"),
    "pointer.png": (lfs_pointer, "Git LFS pointer"),
    "archive.png": (zip_archive, "a ZIP archive"),
}
"""File name -> (function that makes its bytes, words that the refusal must hold)."""

ACCEPTED = {
    "cmyk.jpg": cmyk_jpeg,
    "palette.png": palette_png_with_transparency,
}
"""File name -> function that makes its bytes: odd files that must be read nevertheless."""
