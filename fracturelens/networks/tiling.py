"""How a network looks at an X-ray: at the whole of it, closer in windows, or in a mirror too.

A lesion of FracAtlas is 13 pixels wide in a network's 256 (median), and small ones are missed for
their scale. So a segmenter that was trained on enlargements looks at four overlapping windows of
an enlarged copy instead of the whole.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import cache, partial
from itertools import product

import cv2
import numpy as np

from fracturelens.networks.predictor import Predictor
from fracturelens.xray.letterbox import RGB, gray_of, prepare_gray

ENLARGEMENT = 1.5
"""Side of the enlarged copy in sides of the network's input: below 2, so that windows overlap."""
WINDOWS = 4
LOOKED_AT = f"{WINDOWS} overlapping windows of a copy enlarged {ENLARGEMENT:g} times"
"""What a segmenter that was trained for it is asked about, in words."""

NetworkFunction = Predictor | Callable[[np.ndarray], np.ndarray]
NetworkInputs = Callable[[int], np.ndarray]
"""Size in pixels -> float32 (1, size, size, 3) in [0, 1], letterboxed."""


class Look(StrEnum):
    """How often a network is asked, and about what."""

    USUAL = "usual"  # the whole X-ray, or windows of it where the network was trained for them
    WHOLE = "whole"  # the whole X-ray, whatever it was trained for
    FLIPS = "flips"  # as usual, averaged over the X-ray and its left-right mirror image


def network_inputs(image: RGB) -> NetworkInputs:
    """What the networks are called with, by size, each made once: networks of one size share it.

    Args:
        image: uint8 (H, W, 3), not altered.

    Raises:
        ValueError: the picture has another type or shape.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(
            f"Expected a uint8 picture (H, W, 3), received {image.dtype} {image.shape}. "
            "Read files with fracturelens.xray.read.decode_xray."
        )
    return cache(partial(prepare_gray, gray_of(image)))


def run_network(
    network: NetworkFunction, inputs: NetworkInputs, look: Look = Look.USUAL
) -> np.ndarray:
    """One network on one picture.

    Args:
        network: called with float32 (N, S, S, 3) in [0, 1].
        inputs: of `network_inputs`.
        look: how it is asked.

    Returns:
        float32, (1,) for the gate and (S, S, 2) for a segmenter, in [0, 1].
    """
    closer = look is not Look.WHOLE and getattr(network, "looks_closer", False)
    ask = _look_closer if closer else _look_once
    output = ask(network, inputs)
    if look is not Look.FLIPS:
        return output
    mirrored = ask(network, lambda size: np.ascontiguousarray(inputs(size)[:, :, ::-1]))
    return (output + (mirrored[:, ::-1] if mirrored.ndim == 3 else mirrored)) / 2


def times_asked(closer: bool) -> int:
    """How often a network is asked for one X-ray, as usual."""
    return WINDOWS if closer else 1


def windows_of(picture: np.ndarray, size: int) -> np.ndarray:
    """The windows in the four corners of an enlarged copy.

    Args:
        picture: float32 (L, L, C), where size < L < 2 * size.
        size: side of a window, pixels.

    Returns:
        float32 (4, size, size, C): top left, top right, bottom left, bottom right.
    """
    starts = (0, len(picture) - size)
    return np.stack([picture[y : y + size, x : x + size] for y, x in product(starts, starts)])


def join_windows(windows: np.ndarray, side: int) -> np.ndarray:
    """The whole that `windows_of` was cut from; where windows overlap, one fades into the other.

    At its rim a window's answer lacks what lies beyond, so that it counts less there.

    Args:
        windows: float32 (4, size, size, C).
        side: of the whole, pixels.

    Returns:
        float32 (side, side, C).
    """
    size = windows.shape[1]
    first = np.clip((size - np.arange(side) - 0.5) / (2 * size - side), 0, 1)
    shares = np.stack([first, 1 - first]).astype(np.float32)
    starts = (0, side - size)
    whole = np.zeros((side, side, windows.shape[3]), np.float32)
    for window, (row, column) in zip(windows, product((0, 1), (0, 1)), strict=True):
        rows, columns = (slice(starts[i], starts[i] + size) for i in (row, column))
        share = np.outer(shares[row, rows], shares[column, columns])
        whole[rows, columns] += share[..., None] * window
    return whole


def _look_once(network: NetworkFunction, inputs: NetworkInputs) -> np.ndarray:
    return network(inputs(network.input_size))[0]


def _look_closer(network: NetworkFunction, inputs: NetworkInputs) -> np.ndarray:
    """What is said of the windows, joined and shrunk to the network's own size."""
    size = network.input_size
    side = round(ENLARGEMENT * size)
    joined = join_windows(network(windows_of(inputs(side)[0], size)), side)
    return cv2.resize(joined, (size, size), interpolation=cv2.INTER_AREA)
