"""TIFF files of unusual depth, sign, order and photometric."""

import struct

import numpy as np
import pytest

from fracturelens.xray.read import UnreadableXrayError, decode_xray
from tests.helpers.bad_inputs import encode, gradient
from tests.helpers.films import deep, film

FILM = film()
FORMS = {"u": 1, "i": 2, "f": 3}
WHITE_IS_ZERO, BLACK_IS_ZERO = 0, 1


def tiff(pixels: np.ndarray, photometric: int = BLACK_IS_ZERO, big: bool = False, *more) -> bytes:
    """An uncompressed gray TIFF or BigTIFF of any dtype; `more` are further fields."""
    order = ">" if pixels.dtype.byteorder == ">" else "<"
    samples = pixels.shape[2] if pixels.ndim == 3 else 1
    start = 16 if big else 8
    fields = [
        (256, pixels.shape[1]), (257, pixels.shape[0]), (258, 8 * pixels.dtype.itemsize),
        (259, 1), (262, photometric), (273, start), (277, samples), (278, pixels.shape[0]),
        (279, pixels.nbytes), *more, (339, FORMS[pixels.dtype.kind]),
    ]  # fmt: skip
    layout, number = ("HHQQ", "Q") if big else ("HHII", "H")
    directory = struct.pack(order + number, len(fields))
    for tag, value in fields:
        kind, letter = (4, "I") if tag in (273, 279) else (3, "H")
        directory += struct.pack(f"{order}{layout[:3]}", tag, kind, 1)
        directory += struct.pack(order + letter, value).ljust(8 if big else 4, b"\0")
    directory += bytes(8 if big else 4)
    mark = b"II" if order == "<" else b"MM"
    after = start + pixels.nbytes
    if big:
        head = mark + struct.pack(f"{order}HHHQ", 43, 8, 0, after)
    else:
        head = mark + struct.pack(f"{order}HI", 42, after)
    return head + pixels.tobytes() + directory


@pytest.mark.parametrize("kind", ["<u2", ">u2", "<u4", ">u4", "<f4", ">f4", "<f8", "<f2"])
def test_all_depths_show_one_film(kind):
    white = {"u2": 65535, "u4": 2**32 - 1}.get(kind[1:], 1)
    found = decode_xray(tiff((FILM * (white / 255)).astype(kind)))
    assert np.abs(found.pixels.astype(int) - FILM).max() <= 1


def test_values_from_two_to_the_31_do_not_wrap():
    values = (gradient().astype(np.float64) * (2**32 - 1) / 255).astype(np.uint32)
    np.testing.assert_array_equal(decode_xray(tiff(values)).pixels, gradient())


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.uint32, np.float32, np.float16])
def test_white_is_zero_is_no_negative(kind):
    """TIFF 6.0, tag 262."""
    white = np.iinfo(kind).max if np.issubdtype(kind, np.integer) else 1
    negative = ((255 - FILM) * (white / 255)).astype(kind)
    found = decode_xray(tiff(negative, WHITE_IS_ZERO))
    assert np.abs(found.pixels.astype(int) - FILM).max() <= 1


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_big_tiff_is_read(kind):
    values = FILM if kind == np.uint8 else deep(FILM, 65535)
    np.testing.assert_array_equal(decode_xray(tiff(values, big=True)).pixels, FILM)


def test_premultiplied_gray_is_read():
    """Mode La: the extra sample is associated alpha."""
    both = np.stack([FILM, np.full_like(FILM, 255)], axis=-1)
    found = decode_xray(tiff(both, BLACK_IS_ZERO, False, (338, 1)))
    assert np.abs(found.pixels.astype(int) - FILM).max() <= 1


def test_color_of_sixteen_bits_keeps_its_depth():
    values = np.repeat(deep(FILM)[..., None], 3, axis=2)
    assert np.abs(decode_xray(tiff(values, 2)).pixels.astype(int) - FILM).max() <= 1


@pytest.mark.parametrize(
    ("pixels", "darkest", "brightest"),
    [
        (gradient().astype(np.float32) / np.float32(255), 0, 255),
        (gradient().astype(np.float32) * 40 - 1000, 0, 255),
        (gradient().astype(np.int32) - 100, 0, 255),
        (np.zeros((20, 20), np.float32), 0, 0),
        (np.full((20, 20), 7.0, np.float32), 0, 0),
        (gradient().astype(np.float64) * 1e300, 0, 255),
    ],
    ids=["unit", "hounsfield", "signed", "black", "constant", "huge"],
)
def test_real_and_signed_values_are_rescaled(pixels, darkest, brightest):
    found = decode_xray(tiff(pixels)).pixels
    assert (found.min(), found.max()) == (darkest, brightest)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_without_scale_are_refused(value):
    values = gradient().astype(np.float32)
    values[2, 3] = value
    with pytest.raises(UnreadableXrayError, match="1 of 6,144 pixel values"):
        decode_xray(tiff(values))


def test_a_preview_after_the_picture_is_no_page():
    from PIL import Image

    from fracturelens.xray.formats.tiff import page_starts

    first, second = Image.fromarray(FILM), Image.fromarray(FILM[::4, ::4])
    data = bytearray(encode(first, "TIFF", save_all=True, append_images=[second]))
    starts = page_starts(bytes(data))
    assert len(starts) == 2
    entry = data.index(struct.pack("<HHII", 259, 3, 1, 1), starts[1])  # compression: none
    data[entry : entry + 12] = struct.pack("<HHII", 254, 4, 1, 1)
    assert page_starts(bytes(data)) == starts[:1]
