"""Fits pictures of any shape into the networks' square, without squashing them."""

from dataclasses import dataclass

import cv2
import numpy as np

GRAYS = np.arange(256, dtype=np.float32) / np.float32(255)
"""What networks get for each gray level."""


@dataclass(frozen=True)
class Letterbox:
    """Where a picture of `height` x `width` pixels lies in a square of `size` pixels.

    The aspect is kept, the picture centered, the rest padding.
    """

    height: int
    width: int
    size: int

    @property
    def scale(self) -> float:
        """Pixels of the square for one pixel of the picture."""
        return self.size / max(self.height, self.width)

    @property
    def inner_height(self) -> int:
        """Rows of the square that the picture takes, at least 1."""
        return max(1, round(self.height * self.scale))

    @property
    def inner_width(self) -> int:
        """Columns of the square that the picture takes, at least 1."""
        return max(1, round(self.width * self.scale))

    @property
    def top(self) -> int:
        """Rows of padding above the picture."""
        return (self.size - self.inner_height) // 2

    @property
    def left(self) -> int:
        """Columns of padding left of the picture."""
        return (self.size - self.inner_width) // 2

    @property
    def inner(self) -> tuple[slice, slice]:
        """Index of the picture within the square: rows, columns."""
        return (
            slice(self.top, self.top + self.inner_height),
            slice(self.left, self.left + self.inner_width),
        )


def letterbox_image(image: np.ndarray, size: int, interpolation: int) -> np.ndarray:
    """Fit a picture into a square without squashing it.

    Args:
        image: uint8 or float32, (H, W) or (H, W, C).
        size: Side of the square in pixels.
        interpolation: OpenCV's constant, such as `cv2.INTER_AREA`.

    Returns:
        Same dtype, (size, size) or (size, size, C), zeros around the picture.
    """
    height, width = image.shape[:2]
    box = Letterbox(height, width, size)
    square = np.zeros((size, size, *image.shape[2:]), image.dtype)
    resized = cv2.resize(image, (box.inner_width, box.inner_height), interpolation=interpolation)
    square[box.inner] = resized.reshape(square[box.inner].shape)
    return square


def prepare_xray(pixels: np.ndarray, size: int) -> np.ndarray:
    """The one preprocessing, for training and inference alike.

    Args:
        pixels: uint8 (H, W), not altered.
        size: side of the network's square input in pixels.

    Returns:
        float32 (1, size, size, 3) in [0, 1], three equal channels, letterboxed with zeros.
    """
    return input_of(gray_square(pixels, size))


def gray_square(pixels: np.ndarray, size: int) -> np.ndarray:
    """A uint8 (H, W) picture letterboxed with zeros, uint8 (size, size)."""
    shrinks = max(pixels.shape) > size
    return letterbox_image(pixels, size, cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def input_of(square: np.ndarray, values: np.ndarray = GRAYS) -> np.ndarray:
    """A letterboxed picture as a network takes it.

    Args:
        square: uint8 (S, S).
        values: float32 (256,), what each gray level becomes.

    Returns:
        float32 (1, S, S, 3), channels equal.
    """
    channel = cv2.LUT(square, values)
    return cv2.merge((channel, channel, channel))[np.newaxis]
