"""PNG files written strip by strip."""

from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from png_file import STRIP, png_parts

PIXELS = np.random.default_rng(6).integers(0, 256, (2 * STRIP + 3, 37, 3), np.uint8)


@pytest.mark.parametrize("height", [1, STRIP, STRIP + 1, 2 * STRIP + 3])
@pytest.mark.parametrize("channels", [(), (0,), (slice(None),)], ids=["mask", "gray", "colour"])
def test_every_reader_sees_the_same_pixels(height, channels):
    image = PIXELS[:height, :, *channels] if channels else PIXELS[:height, :, 0] > 127
    data = b"".join(png_parts(image))
    expected = image * np.uint8(255) if image.dtype == bool else image
    np.testing.assert_array_equal(np.asarray(Image.open(BytesIO(data))), expected)
    by_opencv = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(by_opencv if image.ndim == 2 else by_opencv[..., ::-1], expected)


def test_text_comes_before_the_pixels():
    parts = list(png_parts(PIXELS, [(b"tEXt", b"Title\0A hand")]))
    assert b"tEXt" in parts[2]
    assert Image.open(BytesIO(b"".join(parts))).info["Title"] == "A hand"
