"""Raw network outputs over a split, kept in work/scores so that measuring again is instant."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from fracturelens.networks.inference import Inference
from fracturelens.networks.inputs import NetworkInputs
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import Mode, run_network
from important_variables import FRACTURE_CHANNEL, WORK
from training.data.dataset import Xray, load_image
from training.evaluate.harmless import as_sent

SCORES = WORK / "scores"


@dataclass(frozen=True)
class SplitScores:
    """Outputs of one network, nothing thresholded or calibrated.

    Attributes:
        image_ids: the pictures, in order.
        sizes: height and width of each, int (N, 2).
        values: gate: float32 (N,); segmenter: float32 (N, S, S), letterboxed, S being the side of
            its input; in [0, 1].
    """

    image_ids: list[str]
    sizes: np.ndarray
    values: np.ndarray


def score_split(
    predictor: Predictor,
    xrays: list[Xray],
    split: str,
    mode: Mode = Mode.USUAL,
    folder: Path = SCORES,
    change: str = "",
) -> SplitScores:
    """Outputs of one network on the pictures, from the cache where the same file made them.

    Args:
        predictor: the loaded network.
        xrays: usable pictures of `split`, in order of their ids.
        split: names the cache file.
        mode: how the network is asked.
        folder: of the cache.
        change: a harmless change of every picture, a key of `harmless.CHANGES`; "" for none.
    """
    path = folder / _cache_name(predictor, split, mode, change)
    ids = [xray.image_id for xray in xrays]
    if path.is_file():
        with np.load(path) as kept:
            if kept["image_ids"].tolist() == ids:
                return SplitScores(ids, kept["sizes"], kept["values"])
    scores = _infer(predictor, xrays, mode, change)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(path, image_ids=np.array(ids), sizes=scores.sizes, values=scores.values)
    return scores


def score_picture(predictor: Predictor, pixels: np.ndarray, mode: Mode) -> np.ndarray:
    """Output for one picture, uint8 (H, W): gate () or fracture channel (S, S), float32, 0 to 1."""
    output = run_network(predictor, NetworkInputs(pixels), mode)
    return output[0] if output.ndim == 1 else output[..., FRACTURE_CHANNEL]


def _infer(predictor: Predictor, xrays: list[Xray], mode: Mode, change: str) -> SplitScores:
    sizes, values = [], []
    for xray in tqdm(xrays, desc=f"{predictor.name} {change}".strip(), unit="picture"):
        pixels = load_image(xray)
        if change:
            pixels = as_sent(pixels, change)
        sizes.append(pixels.shape)
        values.append(score_picture(predictor, pixels, mode))
    ids = [xray.image_id for xray in xrays]
    return SplitScores(ids, np.array(sizes, int), np.array(values, np.float32))


def _cache_name(predictor: Predictor, split: str, mode: Mode, change: str) -> str:
    asked = hashlib.sha256(repr(_asked(predictor.inference)).encode()).hexdigest()[:6]
    parts = (predictor.name, split, predictor.precision, mode, predictor.digest[:12], asked, change)
    return "_".join(filter(None, parts)) + ".npz"


def _asked(inference: Inference) -> tuple:
    """All of the contract that decides a raw output."""
    return inference.input, inference.tiling, inference.views, inference.flips
