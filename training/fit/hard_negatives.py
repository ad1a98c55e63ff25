"""Hard negatives: what a segmenter takes for a lesion and is none, to be looked at more often."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from fracturelens.xray.letterbox import Letterbox
from training.fit.augmentation import Example
from training.fit.batches import validation_arrays, with_stretched_contrast

MOST = 5
REACH = 16  # pixels around a lesion or a found place in which no further one is sought
LEAST_PROBABILITY = 0.3
BATCH = 16


def with_hard_negatives(
    network, examples: list[Example], size: int, kept: Path, stretch: bool = False
) -> list[Example]:
    """The examples, each with its hard negatives: at most five, the most convincing first.

    Args:
        network: keras segmenter, (N, size, size, 3) -> (N, size, size, 2).
        examples: the training pictures.
        size: side of the letterboxed picture, pixels.
        kept: .npz that keeps what was found, so that a run that goes on need not look again.
        stretch: whether the network gets pictures of stretched contrast.
    """
    if not kept.is_file():
        found = _find(network, examples, size, stretch)
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept, points=np.concatenate(found), ends=np.cumsum([len(f) for f in found]))
    with np.load(kept) as file:
        found = np.split(file["points"], file["ends"][:-1])
    return [replace(e, hard_negatives=places) for e, places in zip(examples, found, strict=True)]


def _find(network, examples, size, stretch) -> list[np.ndarray]:
    """The hard negatives of each example, float (k, 2)."""
    found = []
    for start in range(0, len(examples), BATCH):
        batch = examples[start : start + BATCH]
        seen = [with_stretched_contrast(example) for example in batch] if stretch else batch
        images, masks, _ = validation_arrays(seen, size)
        outputs = np.asarray(network.predict_on_batch(images), np.float32)[..., 1]
        for example, output, mask in zip(batch, outputs, masks, strict=True):
            found.append(_places(example, output, mask > 0))
    return found


def _places(example, probability, lesion) -> np.ndarray:
    """Centers as fractions of width and height, float (k, 2)."""
    box = Letterbox(*example.image.shape, probability.shape[0])
    open_to = np.zeros_like(probability)
    open_to[box.inner] = probability[box.inner]
    square = np.ones((2 * REACH + 1, 2 * REACH + 1), np.uint8)
    open_to[cv2.dilate(lesion.astype(np.uint8), square) > 0] = 0
    points = []
    while len(points) < MOST and open_to.max() >= LEAST_PROBABILITY:
        row, column = np.unravel_index(open_to.argmax(), open_to.shape)
        open_to[
            max(0, row - REACH) : row + REACH + 1, max(0, column - REACH) : column + REACH + 1
        ] = 0
        points.append((column + 0.5 - box.left, row + 0.5 - box.top))
    return np.array(points).reshape(-1, 2) / (box.inner_width, box.inner_height)
