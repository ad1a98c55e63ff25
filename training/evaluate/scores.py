"""Raw network outputs over a split, kept in work/scores so that measuring again is instant."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from fracturelens.networks.card import FILES
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import Look, network_inputs, run_network
from important_variables import FRACTURE_CHANNEL, WORK
from training.data.dataset import Xray, load_image

SCORES = WORK / "scores"


@dataclass(frozen=True)
class SplitScores:
    """Outputs of one network, nothing thresholded or calibrated.

    Attributes:
        image_ids: the pictures, in order.
        sizes: height and width of each, int (N, 2).
        values: gate: float32 (N,); segmenter: float32 (N, 256, 256), letterboxed; in [0, 1].
    """

    image_ids: list[str]
    sizes: np.ndarray
    values: np.ndarray


def score_split(
    predictor: Predictor,
    xrays: list[Xray],
    split: str,
    look: Look = Look.USUAL,
    folder: Path = SCORES,
) -> SplitScores:
    """Outputs of one network on the pictures, from the cache where the same file made them.

    Args:
        predictor: the loaded network.
        xrays: usable pictures of `split`, in order of their ids.
        split: names the cache file.
        look: how the network is asked.
        folder: of the cache.
    """
    path = folder / _cache_name(predictor, split, look)
    ids = [xray.image_id for xray in xrays]
    if path.is_file():
        with np.load(path) as kept:
            if kept["image_ids"].tolist() == ids:
                return SplitScores(ids, kept["sizes"], kept["values"])
    scores = _infer(predictor, xrays, look)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(path, image_ids=np.array(ids), sizes=scores.sizes, values=scores.values)
    return scores


def score_picture(predictor: Predictor, image: np.ndarray, look: Look) -> np.ndarray:
    """Output for one picture: gate () or fracture channel (256, 256), float32 in [0, 1]."""
    output = run_network(predictor, network_inputs(image), look)
    return output[0] if output.ndim == 1 else output[..., FRACTURE_CHANNEL]


def _infer(predictor: Predictor, xrays: list[Xray], look: Look) -> SplitScores:
    sizes, values = [], []
    for xray in tqdm(xrays, desc=predictor.card.name, unit="picture"):
        image = load_image(xray)
        sizes.append(image.shape[:2])
        values.append(score_picture(predictor, image, look))
    ids = [xray.image_id for xray in xrays]
    return SplitScores(ids, np.array(sizes, int), np.array(values, np.float32))


def _cache_name(predictor: Predictor, split: str, look: Look) -> str:
    digest = predictor.card.files[FILES[predictor.precision]][:12]
    return f"{predictor.card.name}_{split}_{predictor.precision}_{look}_{digest}.npz"
