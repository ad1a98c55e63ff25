"""The films that set the ranges of an INT8 file, and that parity is checked on."""

from pathlib import Path

import numpy as np

from fracturelens.batch.search import find_pictures
from fracturelens.networks.predictor import Predictor
from fracturelens.xray.read import UnreadableXrayError, decode_xray
from training.convert.errors import ConversionError
from training.data.dataset import FracAtlasError, load_image, read_fracatlas, usable
from training.quantize.calibration_pictures import asked_about, balanced

MOST = 32
"""Films that are looked at."""
SEED = 1


def calibration_views(network: Predictor, films: Path | None, data: Path) -> list[np.ndarray]:
    """What a network is asked about some dozen films.

    Args:
        network: with its card; it need not run.
        films: a folder of X-rays of any format; None for FracAtlas' training split.
        data: folder of FracAtlas.

    Returns:
        float32 (1, S, S, 3) in [0, 1] each.

    Raises:
        ConversionError: there is no film.
    """
    pictures = _own(films) if films else _fracatlas(data)
    return [view for pixels in pictures for view in asked_about(network, pixels)]


def _own(folder: Path) -> list[np.ndarray]:
    """At most `MOST` films of a folder, spread evenly over it; what cannot be read is left out."""
    paths = find_pictures([str(folder)], folder / "none")
    step = max(1, len(paths) // MOST)
    found = []
    for path in paths[::step][:MOST]:
        try:
            found.append(decode_xray(path.read_bytes()).network_pixels)
        except (OSError, UnreadableXrayError):
            continue
    if not found:
        raise ConversionError(
            f"{folder} holds no X-ray that can be read. Name another with --films."
        )
    return found


def _fracatlas(data: Path) -> list[np.ndarray]:
    try:
        xrays = usable(read_fracatlas(data), "train")
    except FracAtlasError as error:
        raise ConversionError(
            f"INT8 needs films like those it will see. Name a folder with --films. ({error})"
        ) from error
    return [load_image(xray) for xray in balanced(xrays, MOST, SEED)]
