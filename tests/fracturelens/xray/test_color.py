"""Color to gray: the same whatever the strips, and how colorful a picture was."""

import cv2
import numpy as np
import pytest

from fracturelens.xray.color import GRAIN, channel_differences, gray_of_color


def gray_and_colorfulness(colors):
    return gray_of_color(*colors.shape[:2], lambda top, bottom: colors[top:bottom])


@pytest.mark.parametrize("size", [(128, 64), (129, 66), (131, 67), (300, 41), (5, 3), (2, 200)])
def test_gray_is_luminance_and_colors_are_those_of_blocks(size):
    colors = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    colors[..., 2] //= 2
    gray, colorfulness = gray_and_colorfulness(colors)
    np.testing.assert_array_equal(gray, cv2.cvtColor(colors, cv2.COLOR_RGB2GRAY))
    if min(size) >= GRAIN:
        height, width = (side // GRAIN for side in size)
        blocks = colors[: height * GRAIN, : width * GRAIN]
        means = blocks.reshape(height, GRAIN, width, GRAIN, 3).mean(axis=(1, 3))
        pairs = ((0, 1), (1, 2), (0, 2))
        expected = max(np.abs(means[..., one] - means[..., two]).mean() for one, two in pairs)
        assert colorfulness == pytest.approx(expected, rel=0.05)


def test_gray_stored_as_color_has_no_color_at_all():
    gray = np.random.default_rng(0).integers(0, 256, (133, 70), np.uint8)
    colors = np.repeat(gray[..., None], 3, axis=2)
    found, colorfulness = gray_and_colorfulness(colors)
    assert colorfulness == 0 and channel_differences(colors).max() == 0
    np.testing.assert_array_equal(found, gray)
