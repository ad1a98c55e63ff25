"""Fitting pictures into the networks' square, and maps back into the picture."""

import cv2
import numpy as np
import pytest

from fracturelens.findings.restore import restore_probability
from fracturelens.xray.letterbox import Letterbox, letterbox_image, prepare_xray


def frozen(array: np.ndarray) -> np.ndarray:
    """Read-only, so that writing into it raises."""
    array.setflags(write=False)
    return array


@pytest.mark.parametrize(
    ("height", "width", "inner_height", "inner_width", "top", "left"),
    [
        (512, 512, 256, 256, 0, 0),
        (454, 373, 256, 210, 0, 23),
        (373, 454, 210, 256, 23, 0),
        (100, 50, 256, 128, 0, 64),
        (4000, 1, 256, 1, 0, 127),
    ],
)
def test_letterbox_keeps_the_aspect_and_centers(
    height, width, inner_height, inner_width, top, left
):
    box = Letterbox(height, width, 256)
    assert (box.inner_height, box.inner_width) == (inner_height, inner_width)
    assert (box.top, box.left) == (top, left)
    assert box.scale == 256 / max(height, width)


@pytest.mark.parametrize("channels", [(), (1,), (3,)])
def test_letterbox_image_keeps_dtype_and_channels(channels):
    image = frozen(np.ones((30, 60, *channels), np.float32))
    square = letterbox_image(image, 40, cv2.INTER_AREA)
    assert square.shape == (40, 40, *channels)
    assert square.dtype == np.float32
    assert square[10:30].min() == 1
    assert square[:10].max() == square[30:].max() == 0


def test_prepared_xray_meets_the_tensor_contract():
    image = frozen(np.full((454, 373), 255, np.uint8))
    tensor = prepare_xray(image, 256)
    assert tensor.shape == (1, 256, 256, 3)
    assert tensor.dtype == np.float32
    assert tensor[:, :, 23:233].min() == 1
    assert tensor[:, :, :23].max() == tensor[:, :, 233:].max() == 0


def test_shrinking_averages_instead_of_skipping():
    checks = (np.indices((512, 512)).sum(0) % 2 * 255).astype(np.uint8)
    tensor = prepare_xray(checks, 256)
    np.testing.assert_allclose(tensor, 0.5, atol=0.005)


@pytest.mark.parametrize(("height", "width"), [(454, 373), (373, 454), (60, 200), (256, 256)])
def test_a_probability_comes_back_where_the_picture_had_it(height, width):
    rows, columns = np.indices((height, width))
    spot = (np.hypot(rows - height * 0.3, columns - width * 0.7) < 12).astype(np.float32)
    letterboxed = frozen(letterbox_image(spot, 256, cv2.INTER_AREA))
    restored = restore_probability(letterboxed, height, width)
    assert restored.shape == (height, width)
    assert restored.dtype == np.float32
    assert 0 <= restored.min() and restored.max() <= 1
    found = np.argwhere(restored > 0.5).mean(axis=0)
    np.testing.assert_allclose(found, [height * 0.3, width * 0.7], atol=1.0)


def test_padding_never_leaks_into_the_restored_picture():
    letterboxed = np.ones((256, 256), np.float32)
    letterboxed[Letterbox(454, 373, 256).inner] = 0
    assert restore_probability(letterboxed, 454, 373).max() == 0
