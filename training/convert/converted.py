"""Both LiteRT files of a PyTorch network, and how near they come to it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from fracturelens.networks.card import FILES, FLOAT_LITERT
from fracturelens.networks.inference import Inference
from fracturelens.networks.litert import LitertPredictor
from important_variables import FRACTURE_CHANNEL
from training.convert.channels_last import AsAsked
from training.convert.errors import ConversionError
from training.convert.to_litert import to_litert
from training.quantize.litert_export import export_int8
from training.quantize.pixel_shuffle import shuffle_pixels

LARGEST_DIFFERENCE = 1e-4
"""Between PyTorch's probabilities and those of the float LiteRT file."""
COMPARED = 16
"""Pictures on which the files are compared with PyTorch."""


@dataclass(frozen=True)
class Parity:
    """How far a file's probabilities are from PyTorch's, on some views of films.

    Attributes:
        views: pictures that were compared.
        largest: difference of a probability.
        mean: likewise.
        mask_dice: of a segmenter's masks at its threshold, over all views; None where neither
            paints, and for a gate.
    """

    views: int
    largest: float
    mean: float
    mask_dice: float | None = None


def write_files(
    network: AsAsked, inference: Inference, views: list[np.ndarray], folder: Path
) -> dict[str, Parity]:
    """Writes the float and the INT8 file of a network.

    Args:
        network: in our contract.
        inference: how it is asked.
        views: float32 (1, S, S, 3) in [0, 1], what it is asked about films: they set the ranges.
        folder: receives both files.

    Returns:
        By precision, how near each file comes to PyTorch.

    Raises:
        ConversionError: the network cannot be converted or quantized, or the float file answers
            otherwise than PyTorch.
    """
    plain = to_litert(network, inference.input.size)
    (folder / FLOAT_LITERT).write_bytes(shuffle_pixels(plain))
    compared = views[:: max(1, len(views) // COMPARED)][:COMPARED]
    exact = _torch_answers(network, compared)
    threshold = inference.thresholds["float32"].get("mask") if exact.ndim == 4 else None
    found = {"float32": parity(exact, LitertPredictor(folder / FLOAT_LITERT), compared, threshold)}
    if found["float32"].largest > LARGEST_DIFFERENCE:
        raise ConversionError(
            f"The float LiteRT file differs from PyTorch by up to {found['float32'].largest:.2g}, "
            f"more than {LARGEST_DIFFERENCE:g}: an operation was converted to another one. Compare "
            "parts of the network to find it."
        )
    (folder / FILES["int8"]).write_bytes(_quantized(plain, views))
    rounded = LitertPredictor(folder / FILES["int8"])
    return found | {"int8": parity(exact, rounded, compared, threshold)}


def parity(
    exact: np.ndarray, predictor: LitertPredictor, views: list[np.ndarray], threshold: float | None
) -> Parity:
    """Compares a file's answers with PyTorch's.

    Args:
        exact: PyTorch's, float32 (N, ...).
        predictor: of the file.
        views: N pictures, float32 (1, S, S, 3).
        threshold: from which a segmenter paints; None for a gate.
    """
    given = predictor(np.concatenate(views))
    difference = np.abs(given - exact)
    dice = None if threshold is None else _dice(exact, given, threshold)
    return Parity(len(views), float(difference.max()), float(difference.mean()), dice)


def _torch_answers(network: AsAsked, views: list[np.ndarray]) -> np.ndarray:
    with torch.no_grad():
        return np.concatenate([network(torch.from_numpy(view)).numpy() for view in views])


def _quantized(plain: bytes, views: list[np.ndarray]) -> bytes:
    try:
        return export_int8(plain, views)
    except (RuntimeError, ValueError, LookupError, TypeError, NotImplementedError) as error:
        raise ConversionError(
            f"litert-quantizer cannot make the INT8 file ({error}). Replace the operation that it "
            "names by another one."
        ) from error


def _dice(exact: np.ndarray, given: np.ndarray, threshold: float) -> float | None:
    masks = [answers[..., FRACTURE_CHANNEL] >= threshold for answers in (exact, given)]
    painted = sum(int(mask.sum()) for mask in masks)
    return 2 * int((masks[0] & masks[1]).sum()) / painted if painted else None
