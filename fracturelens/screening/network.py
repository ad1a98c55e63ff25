"""The network that tells what a picture shows: loaded, asked and answered."""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np

from fracturelens.networks.card import FILES, CardError, check_file, read_card
from fracturelens.networks.inference import Stretch
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.runtimes import load_file
from fracturelens.networks.stretching import STRETCH, levels_of, stretched
from fracturelens.xray.letterbox import Letterbox, letterbox_image
from important_variables import SAVED_MODELS

SCREENING = "screening"
"""Its folder in saved_model/."""
KNOWN = ("limb", "girdle")
"""Its classes that the other networks judge."""
NEGATIVE = "negative"
"""Its class of such films with black and white exchanged."""
REMEDY = (
    "`fracturelens fit-screening` makes the network anew. Without it, pictures that are no X-rays "
    "of limbs would be judged."
)


class ScreeningError(RuntimeError):
    """The screening network is missing or damaged; the text says what to do."""


def load_screening(folder: Path = SAVED_MODELS, runtime: str | None = "litert") -> Predictor:
    """The screening network.

    Args:
        folder: where the networks lie.
        runtime: of `RUNTIMES`; None for `wanted_runtime`.

    Raises:
        ScreeningError: its file or card is missing, damaged or not the other's.
    """
    path = Path(folder) / SCREENING / FILES["int8"]
    try:
        card = read_card(SCREENING, folder)
        card.thresholds_at("int8")
        check_file(path, card)
        run, used = load_file(path, card, folder, runtime)
        return Predictor(run, card, "int8", used)
    except CardError as error:
        raise ScreeningError(f"{error} {REMEDY}") from error
    except (OSError, ValueError, RuntimeError) as error:
        raise ScreeningError(f"{path} cannot be loaded ({error}). {REMEDY}") from error


def ask_screening(pixels: np.ndarray, network: Predictor) -> dict[str, float]:
    """The probability of each class, their sum 1.

    Args:
        pixels: uint8 (H, W).
        network: of `load_screening`.
    """
    contract = network.inference.input
    square = stretched_square(pixels, contract.size, contract.stretch or STRETCH)
    logits = network(np.repeat(square[np.newaxis, ..., np.newaxis], 3, axis=3))[0]
    powers = np.exp(logits - logits.max())
    shares = powers / powers.sum()
    return {name: float(s) for name, s in zip(network.inference.classes, shares, strict=True)}


def known_probability(probabilities: Mapping[str, float]) -> float:
    """That the picture is a film of a limb, hip or shoulder, in [0, 1]."""
    return min(1.0, sum(probabilities[name] for name in KNOWN))


def stretched_square(pixels: np.ndarray, size: int, stretch: Stretch = STRETCH) -> np.ndarray:
    """The picture letterboxed, then its contrast stretched, the padding black.

    Args:
        pixels: uint8 (H, W).
        size: side of the square, pixels.
        stretch: percentiles, of the letterboxed picture without its padding, that become black
            and white.

    Returns:
        float32 (size, size) in [0, 1].
    """
    shrinks = max(pixels.shape) > size
    square = letterbox_image(pixels, size, cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    height, width = pixels.shape
    rows, columns = Letterbox(height, width, size).inner
    return stretched(square, levels_of(square[rows, columns], stretch))
