"""Draws pages, charts, scenes and clouds: pictures that are no scans at all."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from important_variables import ROOT
from training.screening.pictures import Picture, stretched

WORDS = (
    "patient seen for pain after a fall no acute abnormality report findings date name hospital "
    "department order results normal comparison none technique two views impression table figure"
).split()
SCREENSHOTS = ROOT / "assets" / "screenshots"
EACH = 40
"""Pictures of each sort; every view of one is drawn anew."""


def drawn_pictures() -> Iterator[Picture]:
    """Pages, charts, scenes, clouds, and the screenshots of the app."""
    sorts = {
        "page": ("page", draw_page),
        "chart": ("page", draw_chart),
        "scene": ("drawing", draw_scene),
        "cloud": ("texture", draw_clouds),
    }
    for name, (kind, draw) in sorts.items():
        for number in range(EACH):
            yield Picture(kind, f"drawn {name}s", f"{name} {number}", draw)
    for path in sorted(SCREENSHOTS.glob("*.png")):
        yield Picture("page", "screenshots", path.name, lambda _, path=path: _read_gray(path))


def draw_page(rng: np.random.Generator) -> np.ndarray:
    """Lines of text with a table or a curve now and then, dark on light or the reverse."""
    height, width = (700, 500) if rng.random() < 0.7 else (500, 700)
    page = np.full((height, width), int(rng.uniform(215, 256)), np.uint8)
    ink, scale = int(rng.uniform(0, 80)), rng.uniform(0.3, 0.8)
    font, top = int(rng.integers(0, 5)), int(rng.integers(20, 60))
    while top < height - 20:
        if rng.random() < 0.12:
            depth = int(rng.integers(60, 160))
            (_draw_table if rng.random() < 0.4 else _draw_curve)(page, top, depth, ink, rng)
            top += depth + 30
            continue
        text = " ".join(rng.choice(WORDS, rng.integers(3, 12)))
        if rng.random() < 0.85:
            cv2.putText(page, text, (35, top), font, scale, ink, 1, cv2.LINE_AA)
        top += int(38 * scale)
    return 255 - page if rng.random() < 0.3 else page


def draw_chart(rng: np.random.Generator) -> np.ndarray:
    """One to nine plots of matplotlib's."""
    from matplotlib import style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with style.context("dark_background" if rng.random() < 0.4 else "default"):
        figure = Figure(figsize=tuple(rng.uniform(4, 8, 2)))
        canvas = FigureCanvasAgg(figure)
        for axes in figure.subplots(*rng.integers(1, 4, 2), squeeze=False).flat:
            _plot(axes, rng)
        canvas.draw()
        return cv2.cvtColor(np.asarray(canvas.buffer_rgba()), cv2.COLOR_RGBA2GRAY)


def draw_scene(rng: np.random.Generator) -> np.ndarray:
    """Circles, polygons, boxes and lines before an uneven ground."""
    height, width = (int(side) for side in rng.integers(300, 600, 2))
    ground = np.linspace(*rng.uniform(0, 255, 2), height)[:, None] * np.ones((1, width))
    scene = (ground + clouds(height, width, rng) * rng.uniform(0, 25)).astype(np.float32)
    for _ in range(rng.integers(2, 30)):
        _draw_shape(scene, rng)
    scene += clouds(height, width, rng) * rng.uniform(0, 20)
    scene = cv2.GaussianBlur(scene, (0, 0), rng.uniform(0.3, 2))
    return np.clip(scene, 0, 255).astype(np.uint8)


def draw_clouds(rng: np.random.Generator) -> np.ndarray:
    """Noise of several sizes."""
    height, width = (int(side) for side in rng.integers(250, 500, 2))
    return stretched(clouds(height, width, rng, int(rng.integers(3, 9))))


def clouds(height: int, width: int, rng: np.random.Generator, octaves: int = 5) -> np.ndarray:
    """Sum of smooth noises, each of half the size of the one before, float32 (H, W)."""
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        knots = rng.standard_normal((2 ** (octave + 1) + 1,) * 2).astype(np.float32)
        smooth = cv2.resize(knots, (width, height), interpolation=cv2.INTER_CUBIC)
        total += smooth * np.float32(rng.uniform(0.3, 0.7) ** octave)
    return total


def _draw_table(page: np.ndarray, top: int, depth: int, ink: int, rng: np.random.Generator) -> None:
    right = page.shape[1] - 40
    for line in range(int(rng.integers(3, 7))):
        row = top + line * depth // 6
        cv2.line(page, (40, row), (right, row), ink, 1)
    cv2.rectangle(page, (40, top), (right, top + depth), ink, 1)


def _draw_curve(page: np.ndarray, top: int, depth: int, ink: int, rng: np.random.Generator) -> None:
    right, middle = page.shape[1] - 50, top + depth / 2
    heights = middle + np.cumsum(rng.standard_normal(60)) * 8
    points = np.stack([np.linspace(50, right, 60), heights], 1).astype(np.int32)
    cv2.polylines(page, [points], False, ink, 2, cv2.LINE_AA)
    cv2.line(page, (50, top), (50, top + depth), ink, 1)
    cv2.line(page, (50, top + depth), (right, top + depth), ink, 1)


def _plot(axes, rng: np.random.Generator) -> None:
    kind = rng.integers(5)
    if kind == 0:
        axes.plot(np.cumsum(rng.standard_normal((80, int(rng.integers(1, 5)))), 0))
    elif kind == 1:
        axes.bar(range(8), rng.random(8))
    elif kind == 2:
        axes.scatter(*rng.standard_normal((2, 100)))
    elif kind == 3:
        axes.hist(rng.standard_normal(300))
    else:
        axes.imshow(clouds(40, 40, rng), cmap="gray" if rng.random() < 0.7 else None)
    if rng.random() < 0.5:
        axes.set_title(" ".join(rng.choice(WORDS, 3)))
    axes.grid(bool(rng.random() < 0.3))


def _draw_shape(scene: np.ndarray, rng: np.random.Generator) -> None:
    height, width = scene.shape
    center = rng.uniform(0, 1, 2) * (width, height)
    place = [int(value) for value in center]
    gray, size = float(rng.uniform(0, 255)), rng.uniform(0.03, 0.35) * min(height, width)
    kind = rng.integers(4)
    if kind == 0:
        cv2.circle(scene, place, int(size), gray, -1 if rng.random() < 0.7 else 3, cv2.LINE_AA)
    elif kind == 1:
        corners = center + rng.standard_normal((int(rng.integers(3, 8)), 2)) * size
        cv2.fillPoly(scene, [corners.astype(np.int32)], gray, cv2.LINE_AA)
    elif kind == 2:
        end = [int(value) for value in center + size * np.array([1, rng.uniform(0.3, 2)])]
        cv2.rectangle(scene, place, end, gray, -1)
    else:
        end = [int(value) for value in rng.uniform(0, 1, 2) * (width, height)]
        cv2.line(scene, place, end, gray, int(rng.integers(1, 9)), cv2.LINE_AA)


def _read_gray(path: Path) -> np.ndarray:
    return cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
