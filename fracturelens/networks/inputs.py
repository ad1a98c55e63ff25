"""Makes what networks are called with from one X-ray, each size once."""

import numpy as np

from fracturelens.networks.inference import InputContract, Stretch
from fracturelens.networks.stretching import levels_of, stretched
from fracturelens.xray.letterbox import GRAYS, Letterbox, gray_square, input_of


class NetworkInputs:
    """One X-ray, letterboxed to the sizes that networks ask for; networks of one size share it.

    Args:
        pixels: uint8 (H, W), not altered.

    Raises:
        ValueError: the picture has another type or shape.
    """

    def __init__(self, pixels: np.ndarray):
        """Keeps the picture; nothing is resized yet."""
        if pixels.dtype != np.uint8 or pixels.ndim != 2:
            raise ValueError(
                f"Expected a gray uint8 picture (H, W), received {pixels.dtype} {pixels.shape}. "
                "Read files with fracturelens.xray.read.decode_xray."
            )
        self._pixels = pixels
        self._squares: dict[int, np.ndarray] = {}
        self._made: dict[tuple[int, int, Stretch | None], np.ndarray] = {}
        self._levels: dict[tuple[int, Stretch], tuple[float, float]] = {}

    def __call__(self, side: int, contract: InputContract) -> np.ndarray:
        """The picture as a network takes it.

        Args:
            side: of the letterbox, pixels; the network's own, or that of an enlarged copy.
            contract: of the network. Its stretch is that of the picture at the network's own size.

        Returns:
            float32 (1, side, side, 3) in [0, 1]; not to be altered, others are given it too.
        """
        key = (side, contract.size if contract.stretch else 0, contract.stretch)
        if key not in self._made:
            grays = GRAYS
            if contract.stretch is not None:
                levels = self._levels_of(contract.size, contract.stretch)
                grays = stretched(GRAYS * np.float32(255), levels)
            self._made[key] = input_of(self._square(side), grays)
        return self._made[key]

    def _square(self, side: int) -> np.ndarray:
        if side not in self._squares:
            self._squares[side] = gray_square(self._pixels, side)
        return self._squares[side]

    def _levels_of(self, size: int, stretch: Stretch) -> tuple[float, float]:
        key = (size, stretch)
        if key not in self._levels:
            height, width = self._pixels.shape
            rows, columns = Letterbox(height, width, size).inner
            inner = self._square(size)[rows, columns].astype(np.float32)
            self._levels[key] = levels_of(inner, stretch)
        return self._levels[key]
