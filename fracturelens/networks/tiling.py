"""Asks a network about an X-ray: about the whole of it, or tile by tile, as its card says.

A lesion of FracAtlas is 13 pixels wide in a network's 256 (median), and small ones are missed for
their scale. So a segmenter that was trained on enlargements is asked about overlapping tiles of
an enlarged copy instead of the whole.
"""

from enum import StrEnum
from functools import cache, partial
from itertools import pairwise, product

import cv2
import numpy as np

from fracturelens.networks.averaging import SquareOf, mean_probability, views_of
from fracturelens.networks.inference import InputContract, Tiling
from fracturelens.networks.inputs import NetworkInputs
from fracturelens.networks.predictor import Predictor


class Mode(StrEnum):
    """How a network is asked."""

    USUAL = "usual"  # as its card says
    WHOLE = "whole"  # about the whole X-ray at once, whatever the card says
    FLIPS = "flips"  # as the card says, averaged over the X-ray and its mirror image


def run_network(network: Predictor, inputs: NetworkInputs, mode: Mode = Mode.USUAL) -> np.ndarray:
    """One network on one picture.

    Args:
        network: loaded, with its card.
        inputs: of the picture.
        mode: how it is asked.

    Returns:
        float32, (1,) for the gate and (S, S, 2) for a segmenter, in [0, 1].
    """
    tiling = None if mode is Mode.WHOLE else network.inference.tiling
    output = _ask(network, partial(inputs, contract=network.inference.input), tiling)
    if mode is not Mode.FLIPS and not network.inference.flips:
        return output
    mirrored = _ask(network, partial(_mirrored, inputs, network.inference.input), tiling)
    return (output + (mirrored[:, ::-1] if mirrored.ndim == 3 else mirrored)) / 2


def cut_tiles(picture: np.ndarray, size: int, per_side: int) -> np.ndarray:
    """Overlapping tiles of a square picture, row by row.

    Args:
        picture: float32 (L, L, C), size < L <= per_side * size.
        size: side of a tile, pixels.
        per_side: tiles along each side.

    Returns:
        float32 (per_side ** 2, size, size, C).
    """
    starts = _starts(len(picture), size, per_side)
    return np.stack([picture[y : y + size, x : x + size] for y, x in product(starts, starts)])


def join_tiles(tiles: np.ndarray, side: int, per_side: int) -> np.ndarray:
    """The whole that `cut_tiles` was made from; where tiles overlap, one fades into the next.

    At its rim a tile's answer lacks what lies beyond, so that it counts less there.

    Args:
        tiles: float32 (per_side ** 2, size, size, C).
        side: of the whole, pixels.
        per_side: tiles along each side.

    Returns:
        float32 (side, side, C).
    """
    size = tiles.shape[1]
    starts, shares = _starts(side, size, per_side), _shares(side, size, per_side)
    whole = np.zeros((side, side, tiles.shape[3]), np.float32)
    for tile, (row, column) in zip(tiles, product(range(per_side), repeat=2), strict=True):
        rows, columns = (slice(starts[i], starts[i] + size) for i in (row, column))
        share = np.outer(shares[row, rows], shares[column, columns])
        whole[rows, columns] += share[..., None] * tile
    return whole


def _starts(side: int, size: int, per_side: int) -> list[int]:
    """First pixel of each tile along one side; the last tile ends with the picture."""
    return [round(place * (side - size) / (per_side - 1)) for place in range(per_side)]


@cache
def _shares(side: int, size: int, per_side: int) -> np.ndarray:
    """How much each tile counts at each pixel along one side, float32 (per_side, side), sum 1."""
    starts = _starts(side, size, per_side)
    places, shares = np.arange(side), np.zeros((per_side, side), np.float32)
    left = np.ones(side)
    for place, (start, following) in enumerate(pairwise(starts)):
        end = start + size
        fades = np.clip((end - places - 0.5) / (end - following), 0, 1)
        shares[place], left = left * fades, left * (1 - fades)
    shares[-1] = left
    return shares


def _mirrored(inputs: NetworkInputs, contract: InputContract, side: int) -> np.ndarray:
    return np.ascontiguousarray(inputs(side, contract)[:, :, ::-1])


def _ask(network: Predictor, square_of: SquareOf, tiling: Tiling | None) -> np.ndarray:
    """The answer about the whole, over views, or over tiles, joined and shrunk."""
    size, views = network.inference.input.size, network.inference.views
    if views:
        return mean_probability(network(views_of(square_of, size, views)))
    if tiling is None:
        return network(square_of(size))[0]
    side = round(tiling.enlargement * size)
    tiles = cut_tiles(square_of(side)[0], size, tiling.per_side)
    joined = join_tiles(network(tiles), side, tiling.per_side)
    return cv2.resize(joined, (size, size), interpolation=cv2.INTER_AREA)
