"""Simulates X-rays of heads and jaws, of which no installed package has any."""

from collections.abc import Iterator

import cv2
import numpy as np

from training.screening.drawn import clouds
from training.screening.pictures import Picture, stretched

EACH = 30
"""Pictures of each sort; every view of one is drawn anew."""


def phantom_pictures() -> Iterator[Picture]:
    """Heads from the side and from the front, and panoramic views of the jaws."""
    sorts = {
        "head, lateral": ("head", draw_lateral_head),
        "head, frontal": ("head", draw_frontal_head),
        "jaws": ("teeth", draw_jaws),
    }
    for name, (kind, draw) in sorts.items():
        for number in range(EACH):
            yield Picture(kind, f"simulated {kind}", f"{name} {number}", draw, 0.85)


def draw_lateral_head(rng: np.random.Generator) -> np.ndarray:
    """A shell of bone, the denser base and face in front and below, the neck."""
    film = _Film(380, 420, rng)
    face = 1 if rng.random() < 0.5 else -1
    wide, high = rng.uniform(0.34, 0.42), rng.uniform(0.28, 0.34)
    film.shell((-0.05 * face, -0.12), (wide, high), rng.uniform(0.02, 0.05), 3.0)
    for _ in range(rng.integers(10, 18)):
        film.blob(
            (face * rng.uniform(-0.1, 0.36), rng.uniform(0.02, 0.3)),
            tuple(rng.uniform(0.02, 0.1, 2)),
            0.4,
        )
    for _ in range(rng.integers(3, 7)):
        air = tuple(rng.uniform(0.03, 0.07, 2))
        film.blob((face * rng.uniform(0.05, 0.32), rng.uniform(0.0, 0.25)), air, -0.5)
    film.teeth(np.linspace(0.18, 0.36, 6) * face, 0.28, 0.012, 0.05, 0.8)
    film.teeth(np.linspace(0.18, 0.36, 6) * face, 0.34, 0.012, 0.05, 0.8)
    film.blob((0.15 * face, 0.2), (0.25, 0.22), 0.8)
    film.bar((-0.12 * face, 0.24), (0.3 * face, 0.42), 0.035, 0.9)
    film.spine(-0.1 * face, 0.2, rng.uniform(-0.1, 0.1))
    return film.developed(rng)


def draw_frontal_head(rng: np.random.Generator) -> np.ndarray:
    """A shell of bone with eye sockets, the nose, two rows of teeth and the lower jaw."""
    film = _Film(440, 360, rng)
    wide, high = rng.uniform(0.28, 0.34), rng.uniform(0.33, 0.4)
    film.shell((0, -0.1), (wide, high), rng.uniform(0.02, 0.05), 3.0)
    for side in (-1, 1):
        film.blob((0.13 * side, -0.02), (0.08, 0.1), -0.8)
        film.blob((0.12 * side, 0.14), (0.06, 0.08), -0.6)
        film.blob((0.3 * side, 0.08), (0.03, 0.08), 0.8)
        film.bar((0.26 * side, 0.15), (0.1 * side, 0.42), 0.04, 0.9)
    film.blob((0, 0.1), (0.03, 0.06), -0.6)
    film.bar((-0.1, 0.42), (0.1, 0.42), 0.05, 0.9)
    film.blob((0, 0.2), (0.26, 0.26), 0.8)
    for row in (0.24, 0.31):
        film.teeth(np.linspace(-0.13, 0.13, 10), row, 0.011, 0.05, 0.9)
    film.spine(0, 0.25, 0)
    return film.developed(rng)


def draw_jaws(rng: np.random.Generator) -> np.ndarray:
    """A panoramic view: the lower jaw as a wide U, two rows of teeth, a bright middle."""
    film = _Film(300, int(rng.uniform(520, 640)), rng)
    bend = rng.uniform(-0.1, 0.1)
    across = np.linspace(-0.3, 0.3, int(rng.integers(13, 17)))
    film.blob((0, 0.05), (0.75, 0.5), rng.uniform(1.5, 3))
    film.bar((-0.3, 0.13), (0.3, 0.13), 0.14, 0.6)
    film.bar((-0.28, -0.08), (0.28, -0.08), 0.08, 0.5)
    for row in (-0.055, 0.075):
        film.teeth(across, row - bend * (across / 0.3) ** 2, 0.021, 0.15, 0.9)
    film.bar((-0.33, 0.24), (0.33, 0.24), 0.05, 0.6)
    for side in (-1, 1):
        film.bar((0.33 * side, 0.24), (0.43 * side, -0.1), 0.06, 0.5)
        film.bar((0.43 * side, -0.1), (0.44 * side, -0.25), 0.03, 0.7)
        film.blob((0.2 * side, -0.19), (0.14, 0.06), -0.5)
        film.blob((0.55 * side, 0.1), (0.1, 0.5), rng.uniform(0, 1))
        film.blob((0.3 * side, 0.02), (0.2, 0.02), -0.4)
    film.blob((0, 0.0), (0.08, 0.6), rng.uniform(0.2, 1.2))
    film.bar((-0.3, -0.17), (0.3, -0.17), 0.015, 0.5)
    return film.developed(rng)


class _Film:
    """A beam's path lengths, in units of which the whole head has about one.

    Places are x, y from the center in fractions of the longer side, y down.

    Args:
        height: of the film, pixels.
        width: likewise.
        rng: jitters every place and size a little.
    """

    def __init__(self, height: int, width: int, rng: np.random.Generator):
        self._unit = max(height, width)
        rows, columns = np.mgrid[:height, :width].astype(np.float32)
        self._x = (columns - width / 2) / self._unit
        self._y = (rows - height / 2) / self._unit
        self._rng = rng
        self._path = 0.25 * clouds(height, width, rng, 3)

    def shell(self, place, size, thickness: float, weight: float) -> None:
        """A hollow ellipsoid, filled with something softer."""
        outer = self._chord(place, size)
        inner = self._chord(place, [side - thickness for side in size])
        self._path += weight * (outer - inner) + 0.8 * outer

    def blob(self, place, size, weight: float) -> None:
        """An ellipsoid; a negative weight is air."""
        self._path += weight * self._chord(self._jittered(place), size)

    def bar(self, start, end, radius: float, weight: float) -> None:
        """A round bar from place to place."""
        start, end = np.array(self._jittered(start)), np.array(self._jittered(end))
        along = end - start
        share = (self._x - start[0]) * along[0] + (self._y - start[1]) * along[1]
        share = np.clip(share / (along @ along), 0, 1)
        far = np.hypot(self._x - start[0] - share * along[0], self._y - start[1] - share * along[1])
        self._path += weight * np.sqrt(np.clip(1 - (far / radius) ** 2, 0, 1))

    def teeth(self, across, rows, half: float, depth: float, weight: float) -> None:
        """A row of teeth, each a crown above or below a narrower root."""
        for x, y in np.broadcast(across, rows):
            if self._rng.random() < 0.93:
                self.blob((x, y), (half, depth / 2), weight)
                filled = self._rng.random() < 0.2
                self.blob((x, y), (half, depth / 4), weight * (1.5 if filled else 0.4))

    def spine(self, x: float, top: float, slope: float) -> None:
        """Blocks, one below the other, down to the rim."""
        for step in range(int(self._rng.integers(4, 7))):
            self.blob((x + slope * step * 0.3, top + 0.07 * step), (0.06, 0.028), 0.8)
        self.bar((x, top), (x + slope, top + 0.5), 0.13, 0.6)

    def developed(self, rng: np.random.Generator) -> np.ndarray:
        """The film, uint8 (H, W), bright where much lay in the beam."""
        soft = cv2.GaussianBlur(self._path, (0, 0), rng.uniform(0.6, 2))
        grain = clouds(*soft.shape, rng, 7) * rng.uniform(0.02, 0.08)
        shown = np.clip(soft + grain + rng.uniform(0, 0.15), 0, None) ** rng.uniform(0.5, 1)
        return stretched(shown)

    def _chord(self, place, size) -> np.ndarray:
        x, y = (self._x - place[0]) / size[0], (self._y - place[1]) / size[1]
        return np.sqrt(np.clip(1 - x**2 - y**2, 0, None))

    def _jittered(self, place) -> tuple[float, float]:
        x, y = self._rng.normal(0, 0.008, 2)
        return place[0] + x, place[1] + y
