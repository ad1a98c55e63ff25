"""Gray values of any depth as 8 bits."""

import numpy as np
import pytest

from fracturelens.xray.depth import STRIP, DepthError, to_uint8

TALL = np.random.default_rng(4).integers(0, 4096, (2 * STRIP + 3, 5)).astype(np.uint16)


@pytest.mark.parametrize("kind", [np.uint16, ">u2", np.int32, np.float64])
def test_strips_are_scaled_alike(kind):
    pixels = TALL.astype(kind) - np.asarray(7 * (kind == np.float64), kind)
    low, high = (pixels.min(), pixels.max()) if kind == np.float64 else (0, 4095)
    np.testing.assert_array_equal(to_uint8(pixels), np.rint((pixels - low) * (255 / (high - low))))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_without_scale_are_refused(value):
    with pytest.raises(DepthError, match="1 of 4 pixel values"):
        to_uint8(np.array([[0, 1], [2, value]]))
