"""Holds X-rays in memory and serves seeded, balanced batches and the fixed validation pictures."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import cv2
import numpy as np

from fracturelens.measured.annotations import draw_outlines
from fracturelens.networks.stretching import STRETCH, levels_of, stretched
from fracturelens.xray.letterbox import letterbox_image, prepare_xray
from training.data.dataset import Xray, load_image
from training.fit.augmentation import Augmentation, Example, draw_view
from training.synthetic.copy_paste import with_pasted_piece
from training.synthetic.exported import with_export_changes
from training.synthetic.simulated_fracture import with_simulated_fracture

LESION_MAP_STRIDE = 16


@dataclass(frozen=True)
class Sampling:
    """What one epoch of batches is made of.

    Attributes:
        views: views drawn, with replacement.
        batch_size: views in one batch.
        positive_share: fraction of views taken from fractured pictures, in [0, 1].
        frame: side to which a whole picture is letterboxed, pixels.
        crop: side of the window cut from it, pixels; None for the whole.
        copy_paste: share of views with a piece of another picture pasted in.
        simulated_fractures: share of views with a bone broken, or bent, by the computer.
        enlargement: largest factor by which the frame of a crop is enlarged, at least 1.
        exports: share of views changed as export, scanning and cropping do.
        stretch: whether each picture's contrast is stretched.
    """

    views: int
    batch_size: int
    positive_share: float
    frame: int
    crop: int | None = None
    copy_paste: float = 0.0
    simulated_fractures: float = 0.0
    enlargement: float = 1.0
    exports: float = 0.0
    stretch: bool = False

    def frame_of_view(self, random: np.random.Generator) -> float:
        """Side to which the picture of one view is letterboxed: every enlargement as often."""
        return self.frame * self.enlargement ** random.random() if self.crop else self.frame


def with_stretched_contrast(example: Example) -> Example:
    """The example as networks see it whose card asks for a stretch."""
    levels = levels_of(example.image, STRETCH)
    return replace(example, image=np.rint(stretched(example.image, levels) * 255).astype(np.uint8))


def load_examples(xrays: list[Xray]) -> list[Example]:
    """Reads pictures into memory as gray examples."""
    return [Example(load_image(xray), xray.polygons, xray.fractured) for xray in xrays]


def outlines_of(mask: np.ndarray) -> tuple[np.ndarray, ...]:
    """Outlines of a mask (H, W), as fractions of its width and height."""
    contours, _ = cv2.findContours(
        mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    size = np.array(mask.shape[::-1])
    return tuple((contour[:, 0] + 0.5) / size for contour in contours)


def draw_batches(
    examples: list[Example],
    sampling: Sampling,
    augmentation: Augmentation,
    seed: tuple[int, ...],
    teach: Callable[[np.ndarray], np.ndarray] | None = None,
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """One epoch of batches, the next one drawn while the present one is used.

    Args:
        examples: the training pictures.
        sampling: how many views of which pictures.
        augmentation: ranges of the random views.
        seed: the same seed gives the same batches, e.g. (seed, epoch).
        teach: what a teacher says of a view whose gray values are unchanged: pictures
            (N, S, S, 3) in, probabilities (N, 1) out.

    Yields:
        float32 pictures (N, S, S, 3), float32 lesion shares (N, S, S), float32 labels (N, 1);
        with a teacher (N, 2), its probabilities beside the labels.
    """
    random = np.random.default_rng(seed)
    picks = _pick(examples, sampling, random)
    batches = [
        picks[i : i + sampling.batch_size] for i in range(0, len(picks), sampling.batch_size)
    ]
    seeds = random.integers(2**63, size=len(batches))

    def draw(index):
        chance = np.random.default_rng(seeds[index])
        hosts = _draw_hosts(examples, batches[index], sampling, chance)
        return _draw_batch(hosts, sampling, augmentation, chance, teach)

    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(draw, 0)
        for index in range(1, len(batches) + 1):
            ready = coming
            if index < len(batches):
                coming = pool.submit(draw, index)
            yield ready.result()


def validation_arrays(examples: list[Example], size: int) -> tuple[np.ndarray, ...]:
    """All pictures as inference sees them: pictures, lesion masks (0 or 1) and labels.

    Returns:
        Arrays shaped as those of `draw_batches`, N being the number of examples.
    """
    images = np.concatenate([prepare_xray(e.image, size) for e in examples])
    drawn = (draw_outlines(e.outlines, *e.image.shape).astype(np.float32) for e in examples)
    masks = np.stack([letterbox_image(mask, size, cv2.INTER_AREA) for mask in drawn])
    masks = masks >= 0.5
    labels = np.array([[e.fractured] for e in examples], np.float32)
    return images, masks.astype(np.float32), labels


def segmenter_targets(masks: np.ndarray) -> np.ndarray:
    """Lesion shares (N, S, S) as two channels, background and fracture."""
    return np.stack([1 - masks, masks], axis=-1)


def gate_targets(masks: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
    """Labels (N, 1), and a coarse map (N, S/16, S/16, 1) of the cells that a lesion touches."""
    count, size = len(masks), masks.shape[1] // LESION_MAP_STRIDE
    cells = masks.reshape(count, size, LESION_MAP_STRIDE, size, LESION_MAP_STRIDE)
    return {"fracture": labels, "lesion_map": cells.max(axis=(2, 4))[..., None]}


def _pick(examples, sampling, random) -> np.ndarray:
    """Indices of the pictures to view: each class goes round before any picture comes twice."""
    fractured = np.array([example.fractured for example in examples])
    positives = round(sampling.views * sampling.positive_share)
    parts = [
        _rounds(np.flatnonzero(fractured), positives, random),
        _rounds(np.flatnonzero(~fractured), sampling.views - positives, random),
    ]
    return random.permutation(np.concatenate(parts))


def _rounds(indices, count, random) -> np.ndarray:
    """`count` indices: whole shuffled rounds, the last one cut short."""
    if not count:
        return np.array([], int)
    if not len(indices):
        raise ValueError("The training pictures lack one class: expected both, received one.")
    rounds = [random.permutation(indices) for _ in range(-(-count // len(indices)))]
    return np.concatenate(rounds)[:count]


def _draw_hosts(examples, picks, sampling, random) -> list[Example]:
    """The pictures of one batch, with what is pasted in and broken."""
    drawn = [with_pasted_piece(examples, examples[i], random, sampling.copy_paste) for i in picks]
    return [with_simulated_fracture(e, random, sampling.simulated_fractures) for e in drawn]


def _draw_batch(hosts, sampling, augmentation, random, teach) -> tuple[np.ndarray, ...]:
    labels = np.array([[host.fractured] for host in hosts], np.float32)
    seeds = random.integers(2**63, size=len(hosts))
    changed = [with_export_changes(host, random, sampling.exports) for host in hosts]
    if sampling.stretch:
        changed = [with_stretched_contrast(host) for host in changed]
    images, masks = _draw_views(changed, sampling, augmentation, seeds)
    if teach:  # of the same views, before their gray values were changed
        plain, _ = _draw_views(hosts, sampling, augmentation.moves, seeds)
        labels = np.hstack([labels, teach(plain)])
    return images, masks, labels


def _draw_views(examples, sampling, augmentation, seeds) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (N, S, S, 3) and lesion shares (N, S, S); a seed gives the same move again."""
    chances = [np.random.default_rng(seed) for seed in seeds]
    views = [
        draw_view(
            example,
            random,
            augmentation,
            frame=sampling.frame_of_view(random),
            crop=sampling.crop,
        )
        for example, random in zip(examples, chances, strict=True)
    ]
    images = np.stack([view for view, _ in views])
    masks = np.stack([mask for _, mask in views])
    return np.repeat(images[..., None], 3, axis=-1), masks
