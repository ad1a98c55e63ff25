"""Draws the views that screening learns from: each picture as it is, and changed at random."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import numpy as np

from fracturelens.screening.network import stretched_square
from training.screening.pictures import Picture
from training.synthetic.changes import change_picture

WANTED = 400
"""Views of all pictures of one kind and source together, so that small sources count too."""
FEWEST, MOST = 4, 40
"""Views of one picture."""
THREADS = 4
AHEAD = 256
"""Views that are drawn at once."""


@dataclass(frozen=True)
class View:
    """One view to be drawn.

    Attributes:
        picture: of which.
        number: 0 for the picture as it is; from 1, changed at random.
        seed: of its chance, the same in every run.
    """

    picture: Picture
    number: int
    seed: tuple[int, ...]

    def draw(self, size: int) -> np.ndarray:
        """The view as the network gets it, uint8 (size, size)."""
        rng = np.random.default_rng(self.seed)
        gray = self.picture.draw(rng)
        if self.number:
            gray = change_picture(gray, rng, self.picture.smallest_crop)
        return np.rint(stretched_square(gray, size) * 255).astype(np.uint8)


def plan_views(pictures: Iterable[Picture], seed: int) -> list[View]:
    """The views of all pictures, in their order.

    Args:
        pictures: to learn from.
        seed: of all chance.
    """
    pictures = list(pictures)
    counts = Counter((picture.kind, picture.source) for picture in pictures)
    return [
        View(picture, number, (seed, place, number))
        for place, picture in enumerate(pictures)
        for number in range(views_of(counts[picture.kind, picture.source]))
    ]


def views_of(pictures: int) -> int:
    """Views of each picture where a kind and source has so many pictures."""
    return min(MOST, max(FEWEST, WANTED // pictures))


def draw_views(views: Iterable[View], size: int) -> Iterator[np.ndarray]:
    """The views in their order, each uint8 (size, size), drawn by several threads."""
    waiting = iter(views)
    with ThreadPoolExecutor(THREADS) as pool:
        while batch := list(islice(waiting, AHEAD)):
            yield from pool.map(lambda view: view.draw(size), batch)
