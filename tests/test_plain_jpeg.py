"""The short way for common JPEGs: Pillow's pixels, and Pillow's word on everything else."""

from io import BytesIO

import bad_inputs
import cv2
import numpy as np
import pytest
from bad_inputs import encode
from PIL import Image
from PIL.ExifTags import Base
from PIL.JpegImagePlugin import JpegImageFile

from plain_jpeg import FRAME, SCAN, decode_plain_jpeg

COLOUR = cv2.resize(
    np.random.default_rng(3).integers(0, 256, (9, 7, 3), np.uint8), (101, 75)
)  # smooth, and no whole number of blocks


def decode(data: bytes) -> np.ndarray | None:
    return decode_plain_jpeg(data, JpegImageFile(BytesIO(data)))


def by_pillow(data: bytes) -> np.ndarray | None:
    """None where Pillow refuses the file."""
    try:
        return np.asarray(Image.open(BytesIO(data)).convert("RGB"))
    except (OSError, SyntaxError):
        return None


def turned() -> bytes:
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    return encode(COLOUR, "JPEG", exif=exif)


def with_marker_in_scan() -> bytes:
    """Everything after the marker is lost."""
    data = encode(COLOUR, "JPEG")
    middle = (data.index(SCAN) + len(data)) // 2
    return data[:middle] + b"\xff\x43" + data[middle + 2 :]


def with_two_frames() -> bytes:
    """Its frames are of different sizes: whose size was judged?"""
    data = encode(COLOUR, "JPEG")
    at = data.index(FRAME)
    frame = data[at : at + 2 + int.from_bytes(data[at + 2 : at + 4])]
    return data[:at] + frame[:5] + b"\xf0\x00\xf0\x00" + frame[9:] + data[at:]


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0", "4:1:1", "keep"])
@pytest.mark.parametrize("restarts", [0, 2])
def test_pixels_equal_pillows(subsampling, restarts):
    how = {"keep_rgb": True} if subsampling == "keep" else {"subsampling": subsampling}
    data = encode(COLOUR, "JPEG", quality=90, restart_marker_blocks=restarts, **how)
    image = decode(data)
    assert image.dtype == np.uint8
    assert image.flags.writeable
    np.testing.assert_array_equal(image, by_pillow(data))


def test_gray_becomes_three_equal_channels():
    data = encode(COLOUR[..., 0], "JPEG", comment=b"anything \xff\xd9", dpi=(72, 72))
    np.testing.assert_array_equal(decode(data), by_pillow(data))


@pytest.mark.parametrize(
    "data",
    [
        encode(COLOUR, "JPEG", progressive=True),
        turned(),
        bad_inputs.cmyk_jpeg(),
        bad_inputs.truncated_jpeg(),
        encode(COLOUR, "JPEG")[:-2],
        with_marker_in_scan(),
        with_two_frames(),
    ],
    ids=["progressive", "turned", "cmyk", "truncated", "endless", "marker", "frames"],
)
def test_what_is_out_of_the_common_is_left_to_pillow(data):
    assert decode(data) is None


def test_opencv_alone_would_read_what_pillow_refuses():
    data = with_marker_in_scan()
    assert cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB) is not None
    assert by_pillow(data) is None


@pytest.mark.filterwarnings("ignore")
def test_no_damage_is_read_that_pillow_refuses():
    whole = np.frombuffer(encode(COLOUR, "JPEG"), np.uint8)
    rng = np.random.default_rng(8)
    read = 0
    for _ in range(300):
        data = whole.copy()
        data[rng.integers(20, len(data), 3)] = rng.integers(0, 256, 3)
        try:
            image = decode(data.tobytes())
        except (OSError, SyntaxError):  # Pillow's word on the header
            continue
        if image is not None:
            read += 1
            np.testing.assert_array_equal(image, by_pillow(data.tobytes()))
    assert read > 50
